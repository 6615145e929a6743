import Features
import Foundation
import Geometry
import Testing

@Suite struct ChannelStatisticsTests {
    /// Mean and population variance of every channel over all tokens at once, two passes.
    private func reference(_ maps: [TokenMap]) -> (means: [Double], variances: [Double]) {
        let channels = maps[0].channels
        var (means, variances) = ([Double](), [Double]())
        for channel in 0..<channels {
            let values: [Double] = maps.flatMap { map in
                stride(from: channel, to: map.values.count, by: channels).map { Double(map.values[$0]) }
            }
            let mean = values.reduce(0, +) / Double(values.count)
            means.append(mean)
            variances.append(values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count))
        }
        return (means, variances)
    }

    @Test func agreeWithTwoPassesOverAllTokens() throws {
        var random = SplitMix64(seed: 11)
        // Frames of different size.
        var maps = [(3, 4), (1, 1), (5, 2)].map {
            TokenMap.random(rows: $0.0, columns: $0.1, channels: 6, using: &random)
        }
        // Channel 2 has a mean a thousand times its spread, which the sum of squares in Float would lose.
        for map in maps.indices {
            for index in stride(from: 2, to: maps[map].values.count, by: 6) { maps[map].values[index] += 1000 }
        }
        var statistics = ChannelStatistics(channels: 6)
        for map in maps { try statistics.add(map) }
        let expected = reference(maps)
        #expect(statistics.count == 23)
        for channel in 0..<6 {
            #expect(abs(statistics.means[channel] - expected.means[channel]) < 1e-10)
            #expect(abs(statistics.variances[channel] / expected.variances[channel] - 1) < 1e-10)
        }
    }

    @Test func noTokensHaveNoVariance() throws {
        var statistics = ChannelStatistics(channels: 2)
        #expect(statistics.variances == [0, 0])
        try statistics.add(TokenMap(rows: 0, columns: 0, channels: 2))
        #expect(statistics.count == 0)
    }

    @Test func anotherModelsMapIsRefused() {
        var statistics = ChannelStatistics(channels: 2)
        #expect(throws: FeatureError.statisticsChannels(found: 2, expected: 3)) {
            try statistics.add(TokenMap(rows: 1, columns: 1, channels: 3))
        }
    }

    @Test func savedStatisticsComeBack() throws {
        let statistics = try ChannelStatistics(count: 4, means: [1, 2], variances: [0.25, 0], source: "file")
        #expect(statistics.count == 4)
        #expect(statistics.means == [1, 2])
        #expect(statistics.variances == [0.25, 0])
    }

    // Count, means, variances that a file may hold and that must not be used.
    @Test(
        arguments: [
            (0, [1.0], [1.0]), (-3, [1], [1]), (2, [], []), (2, [1, 2], [1]), (2, [.nan], [1]), (2, [1], [.infinity]),
            (2, [1], [-1e-9]),
        ] as [(Int, [Double], [Double])])
    func damagedStatisticsAreRefused(_ count: Int, _ means: [Double], _ variances: [Double]) {
        let error = #expect(throws: FeatureError.self) {
            try ChannelStatistics(count: count, means: means, variances: variances, source: "stats.safetensors")
        }
        #expect(error?.description.hasPrefix("stats.safetensors: ") == true)
        #expect(error?.category == .badData)
    }

    private func withTemporaryFile(_ body: (String) throws -> Void) rethrows {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "statistics-\(UUID().uuidString).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test func filesComeBackAndTransformsWithThemAreTheSame() throws {
        var random = SplitMix64(seed: 4)
        var statistics = ChannelStatistics(channels: 5)
        try statistics.add(TokenMap.random(rows: 7, columns: 9, channels: 5, using: &random))
        try withTemporaryFile { path in
            try statistics.write(to: path)
            let restored = try ChannelStatistics(contentsOf: path)
            #expect(restored.count == 63)
            #expect(restored.means.map(Float.init) == statistics.means.map(Float.init))
            func transform(_ statistics: ChannelStatistics) throws -> FeatureTransform {
                try FeatureTransform(
                    dropVariance: 2, standardize: true, statistics: statistics, channels: 5, pooling: .grid(2))
            }
            #expect(try transform(restored) == transform(statistics))
        }
    }

    @Test func filesThatAreNoStatisticsAreRefused() throws {
        let missing = #expect(throws: FeatureError.self) {
            try ChannelStatistics(contentsOf: "/nowhere/statistics.safetensors")
        }
        #expect(missing?.category == .noInput)
        let unwritable = #expect(throws: FeatureError.self) {
            try ChannelStatistics(count: 1, means: [1], variances: [1], source: "test")
                .write(to: "/nowhere/statistics.safetensors")
        }
        #expect(unwritable?.category == .cannotCreate)
        try withTemporaryFile { path in
            // A file that has counts and no means.
            let damaged = "{\"count\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,16]}}"
            var bytes: [UInt8] = [UInt8(damaged.utf8.count), 0, 0, 0, 0, 0, 0, 0]
            bytes += Array(damaged.utf8) + [UInt8](repeating: 0, count: 16)
            try Data(bytes).write(to: URL(filePath: path))
            let error = #expect(throws: FeatureError.self) { try ChannelStatistics(contentsOf: path) }
            #expect(error?.description.contains("means") == true)
            #expect(error?.category == .badData)
        }
    }
}

import Features
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
        var random = SeededGenerator(seed: 11)
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
}

import Features
import Geometry
import Testing

@Suite struct FeatureTransformTests {
    private let statistics = try! ChannelStatistics(
        count: 10, means: [1, 2, 3, 4], variances: [4, 9, 0, 9], source: "test")

    @Test func withoutAnythingVectorsGetLengthOne() throws {
        let transform = try FeatureTransform(channels: 2, pooling: .mean)
        let vectors = FeatureVectors(count: 3, dimension: 2, values: [3, 4, 0, 0, -1e30, 0])
        #expect(transform.apply(vectors).values == [0.6, 0.8, 0, 0, -1, 0])
    }

    @Test func channelsOfHighestVarianceGoLowerIndexFirst() throws {
        // Variances 4, 9, 0, 9: channel 1 goes first, then 3, then 0.
        for (drop, kept) in [(0, [0, 1, 2, 3]), (1, [0, 2, 3]), (2, [0, 2]), (3, [2])] {
            let transform = try FeatureTransform(
                dropVariance: drop, statistics: statistics, channels: 4, pooling: .mean)
            #expect(transform.keptChannels == kept)
            #expect(transform.dimension == kept.count)
        }
    }

    @Test func droppingComesBeforeTheLength() throws {
        let transform = try FeatureTransform(dropVariance: 2, statistics: statistics, channels: 4, pooling: .mean)
        let vectors = FeatureVectors(count: 1, dimension: 4, values: [3, 100, 4, 100])
        #expect(transform.apply(vectors).values == [0.6, 0.8])
    }

    @Test func standardisingTakesTheChannelsMeanAndDeviation() throws {
        let transform = try FeatureTransform(
            standardize: true, statistics: statistics, channels: 4, pooling: .mean)
        // (7−1)/2 = 3, (14−2)/3 = 4, a channel without variance → 0, (4−4)/3 = 0; length 5.
        let vectors = FeatureVectors(count: 2, dimension: 4, values: [7, 14, 99, 4, 0, 0, 0, 0])
        // The second is a box that nothing reached: it stays zero and does not become −mean/deviation.
        #expect(transform.apply(vectors).values == [0.6, 0.8, 0, 0, 0, 0, 0, 0])
    }

    @Test func gridsDropTheChannelInEveryCell() throws {
        let transform = try FeatureTransform(
            dropVariance: 2, standardize: true, statistics: statistics, channels: 4, pooling: .grid(2))
        #expect(transform.inputDimension == 16)
        #expect(transform.dimension == 8)
        var values = [Float](repeating: 0, count: 16)
        values[0] = 7  // cell 0, channel 0: (7−1)/2 = 3
        values[12] = -7  // cell 3, channel 0: (−7−1)/2 = −4
        values[4] = 1  // cells 1 and 2 at the mean
        values[8] = 1
        let output = transform.apply(FeatureVectors(count: 1, dimension: 16, values: values))
        #expect(output.values == [0.6, 0, 0, 0, 0, 0, -0.8, 0])
    }

    @Test func theLastStepCanBeLeftOut() throws {
        let transform = try FeatureTransform(
            dropVariance: 1, standardize: true, statistics: statistics, channels: 4, pooling: .mean)
        let vectors = FeatureVectors(count: 2, dimension: 4, values: [7, 99, 3, 10, 0, 0, 0, 0])
        #expect(transform.apply(vectors, normalizing: false).values == [3, 0, 2, 0, 0, 0])
    }

    @Test func vectorsThatAreNotFiniteBecomeZero() throws {
        let transform = try FeatureTransform(channels: 2, pooling: .mean)
        let vectors = FeatureVectors(count: 2, dimension: 2, values: [.nan, 1, .infinity, 1])
        #expect(transform.apply(vectors).values == [0, 0, 0, 0])
    }

    @Test(arguments: [4, 5, Int.max, -1])
    func droppingEverythingIsRefused(_ drop: Int) {
        let error = #expect(throws: FeatureError.dropsEveryChannel(drop: drop, channels: 4)) {
            try FeatureTransform(dropVariance: drop, statistics: statistics, channels: 4, pooling: .mean)
        }
        #expect(error?.category == .usage)
    }

    @Test func statisticsMustBeThereAndFit() {
        #expect(throws: FeatureError.statisticsMissing) {
            try FeatureTransform(dropVariance: 1, channels: 4, pooling: .mean)
        }
        #expect(throws: FeatureError.statisticsChannels(found: 4, expected: 8)) {
            try FeatureTransform(standardize: true, statistics: statistics, channels: 8, pooling: .mean)
        }
    }
}

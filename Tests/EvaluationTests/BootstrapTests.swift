import Testing

@testable import Evaluation

@Suite struct BootstrapTests {
    // The first numbers of the published generator (https://prng.di.unimi.it/splitmix64.c) from seed 1234567.
    @Test func theGeneratorIsSplitMix64() {
        var random = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect((0..<5).map { _ in random.next() } == expected)
    }

    @Test func fewerThanTwoSequencesHaveNoInterval() {
        #expect(Bootstrap.interval([]) == nil)
        #expect(Bootstrap.interval([(hits: 3, queries: 4)]) == nil)
        #expect(Bootstrap.interval([(hits: 3, queries: 4), (hits: 0, queries: 0)]) == nil)
    }

    @Test func equalSequencesHaveNoWidth() {
        #expect(Bootstrap.interval([(hits: 3, queries: 4), (hits: 3, queries: 4)]) == 0.75...0.75)
    }

    @Test func theIntervalHoldsTheRate() throws {
        let sequences = (0..<20).map { (hits: 10 + $0 * 3, queries: 100) }
        let interval = try #require(Bootstrap.interval(sequences))
        // Mean 0.385, standard error of the mean 0.039: about ±0.076.
        #expect(abs(interval.lowerBound - 0.309) < 0.015)
        #expect(abs(interval.upperBound - 0.461) < 0.015)
    }
}

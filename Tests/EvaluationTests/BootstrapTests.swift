import Testing

@testable import Evaluation

@Suite struct BootstrapTests {
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

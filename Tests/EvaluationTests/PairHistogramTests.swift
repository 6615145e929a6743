import Testing

@testable import Evaluation

@Suite struct PairHistogramTests {
    private func area(same: [Float], different: [Float]) -> Double? {
        var histogram = PairHistogram(range: -1...1)
        for value in same { histogram.add(value, isSame: true) }
        for value in different { histogram.add(value, isSame: false) }
        return histogram.areaUnderCurve
    }

    @Test func theAreaCountsOrderedPairs() {
        #expect(area(same: [0.9, 0.8], different: [0.1, 0.2]) == 1)
        #expect(area(same: [0.1], different: [0.9]) == 0)
        // 0.5 beats 0.1 and ties with 0.5: (1 + ½) / 2.
        #expect(area(same: [0.5], different: [0.1, 0.5]) == 0.75)
        // Closer than a bin (1 / 32,768) is a tie.
        #expect(area(same: [0.500001], different: [0.500002]) == 0.5)
    }

    @Test func bothKindsAreNeeded() {
        #expect(area(same: [], different: [1]) == nil)
        #expect(area(same: [1], different: []) == nil)
    }

    // Values at and beyond the ends of the range have bins; nothing traps.
    @Test func theEndsHaveBins() {
        #expect(area(same: [1, .infinity, 2], different: [-1, -.infinity, -2, .nan]) == 1)
    }

    @Test func mergedSequencesCountAsOne() {
        var left = PairHistogram(range: -2...0)
        left.add(-0.5, isSame: true)
        left.add(-1, isSame: false)
        var right = PairHistogram(range: -2...0)
        right.add(-1.5, isSame: true)
        left.merge(right)
        #expect(left.areaUnderCurve == 0.5)
    }
}

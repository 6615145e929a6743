import Geometry
import Testing

@testable import Evaluation

@Suite struct RetrievalTableTests {
    private func result(
        delta: Int, seconds: Double?, queries: Int, top1: Double?, histogram: Double?,
        interval: ClosedRange<Double>? = nil
    ) -> RetrievalResult {
        var rates = RetrievalRates()
        rates.top1 = top1
        rates.iouTop1 = 0.5
        rates.histogramTop1 = histogram
        var counts = RetrievalCounts()
        counts.queries = queries
        let macro = RetrievalResult.Macro(
            sequenceCount: 0, sequences: RetrievalRates(), classCount: 0, classes: RetrievalRates())
        return RetrievalResult(
            requested: .frames(delta), delta: delta, deltaSeconds: seconds, counts: counts, rates: rates, macro: macro,
            interval: interval)
    }

    @Test func columnsAreAlignedAndAbsentOnesLeftOut() {
        let text = RetrievalTable.text([
            result(delta: 1, seconds: 0.04, queries: 1234, top1: 0.98765, histogram: 0.5, interval: 0.97...0.99),
            result(delta: 25, seconds: 1, queries: 9, top1: 1, histogram: nil),
        ])
        #expect(
            text == """
                Δt  seconds  queries  top-1  top-1, 95 % interval   IoU  colours
                 1     0.04     1234   98.8             97.0–99.0  50.0     50.0
                25     1.00        9  100.0                     –  50.0        –

                """)
    }

    @Test func losingToTheHistogramIsSaid() {
        let text = RetrievalTable.text([
            result(delta: 1, seconds: nil, queries: 10, top1: 0.6, histogram: 0.5),
            // Equal is not better.
            result(delta: 2, seconds: nil, queries: 10, top1: 0.5, histogram: 0.5),
            result(delta: 5, seconds: nil, queries: 10, top1: 0.3, histogram: 0.5),
        ])
        #expect(
            text.contains(
                "At Δt 2, 5 the feature does not beat the colour histogram: it has not earned its forward pass there."))
    }

    // Where the colours find everything, nothing can beat them.
    @Test func equalToAPerfectHistogramIsNoLoss() {
        let perfect = result(delta: 1, seconds: nil, queries: 10, top1: 1, histogram: 1)
        #expect(!perfect.losesToHistogram)
        #expect(!RetrievalTable.text([perfect]).contains("beat"))
        #expect(!result(delta: 1, seconds: nil, queries: 10, top1: 0.9, histogram: 1).losesToHistogram)
        #expect(result(delta: 1, seconds: nil, queries: 10, top1: 0.9, histogram: 0.9).losesToHistogram)
    }

    @Test func nothingToRetrieveIsSaid() {
        #expect(RetrievalTable.text([]).isEmpty)
        let text = RetrievalTable.text([result(delta: 1, seconds: nil, queries: 0, top1: nil, histogram: nil)])
        #expect(text.contains("nothing to retrieve"))
        #expect(!text.contains("beat"))
    }
}

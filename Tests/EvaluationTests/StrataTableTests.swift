import Geometry
import Testing

@testable import Evaluation

@Suite struct StrataTableTests {
    private func result(_ stratum: RetrievalStratum, queries: Int, top1: Double?) -> StratumResult {
        var rates = RetrievalRates()
        rates.top1 = top1
        rates.iouTop1 = 0.5
        var counts = RetrievalCounts()
        counts.queries = queries
        return StratumResult(
            stratum: stratum, requested: .frames(1), delta: 1, deltaSeconds: nil, counts: counts, rates: rates,
            sequenceCount: 1, interval: queries > 100 ? 0.25...0.75 : nil)
    }

    @Test func groupsAreNamedOnceAndColumnsAligned() {
        let text = StrataTable.text(
            [
                result(.classID(1), queries: 1200, top1: 0.5), result(.classID(7), queries: 3, top1: 1),
                result(.size(.tiny), queries: 4, top1: 0), result(.size(.huge), queries: 5, top1: nil),
                result(.visibility(.from0), queries: 6, top1: 0.123), result(.occluded(true), queries: 7, top1: 0.2),
                result(.attribute(name: "weather", value: "a\u{1B}[2J\n"), queries: 8, top1: 0.2),
            ], classNames: [1: "car"])
        #expect(
            text == """
                by                     queries  top-1  top-1, 95 % interval   IoU
                class        car          1200   50.0             25.0–75.0  50.0
                             7               3  100.0                     –  50.0
                size, √area  < 16 px         4    0.0                     –  50.0
                             ≥ 256 px        5      –                     –  50.0
                visible      0–25 %          6   12.3                     –  50.0
                occluded     yes             7   20.0                     –  50.0
                weather      a\u{FFFD}[2J\u{FFFD}          8   20.0                     –  50.0

                """)
    }

    @Test func noStrataNoText() {
        #expect(StrataTable.text([]).isEmpty)
    }
}

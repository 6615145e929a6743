import Evaluation
import Features
import Geometry

/// What a sweep found.
struct SweepResult {
    /// One configuration with what it is worth and what it costs.
    struct Row {
        let configuration: SweepConfiguration
        /// By gap, over all sequences.
        let counts: [NearestCounts]
        /// By sequence, over the gaps that are chosen for.
        let sequences: [NearestCounts]
        /// The score over the gaps that are chosen for, 0 to 1; operations of a frame, all its tiles.
        let tradeoff: Tradeoff
        var isOnFront = false
    }

    let deltas: [RetrievalDelta]
    /// Which of the gaps the score is over.
    let scored: [Int]
    let rows: [Row]
    let selection: HeldOutSelection

    /// - Parameters:
    ///   - operations: Of a frame on average, for each configuration.
    ///   - dimensions: Numbers of a vector, for each configuration.
    init(
        _ grid: SweepGrid, _ tallies: SweepTallies, deltas: [RetrievalDelta], scored: [Int], operations: [Double],
        dimensions: [Int]
    ) {
        var rows: [Row] = []
        for (index, configuration) in grid.configurations.enumerated() {
            let counted = tallies.counts(of: index)
            let byGap = deltas.indices.map { gap in counted.reduce(into: NearestCounts()) { $0 += $1[gap] } }
            let bySequence = counted.map { sequence in scored.reduce(into: NearestCounts()) { $0 += sequence[$1] } }
            let total = bySequence.reduce(into: NearestCounts()) { $0 += $1 }
            rows.append(
                Row(
                    configuration: configuration, counts: byGap, sequences: bySequence,
                    tradeoff: Tradeoff(
                        score: total.queries > 0 ? Double(total.top1) / Double(total.queries) : 0,
                        operations: operations[index], dimension: dimensions[index])))
        }
        for (index, isMember) in ParetoFront.members(of: rows.map(\.tradeoff)).enumerated() {
            rows[index].isOnFront = isMember && rows[index].tradeoff.score > 0
        }
        self.deltas = deltas
        self.scored = scored
        self.rows = rows
        selection = HeldOutSelection(counts: rows.map(\.sequences), costs: rows.map(\.tradeoff))
    }

    /// The best configuration; nil without queries.
    var winner: Row? { selection.winner.map { rows[$0] } }
}

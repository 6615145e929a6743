/// Chooses a configuration on some sequences and says what it is worth on others.
///
/// Leave-one-out cross-validation over sequences (Stone, "Cross-validatory choice and assessment of statistical
/// predictions", 1974): for each sequence the best configuration of the others is chosen and judged on it, so that what
/// is reported is of sequences that had no say.
public struct HeldOutSelection: Equatable, Sendable {
    /// One sequence that was left out.
    public struct Fold: Equatable, Sendable {
        /// Which sequence.
        public let sequence: Int
        /// The configuration that is best on the others.
        public let chosen: Int
        /// What that one gets on the sequence.
        public let counts: NearestCounts
    }

    /// A fold for each sequence that has queries, where at least two have.
    public let folds: [Fold]
    /// The configuration that is best on all sequences; nil without queries.
    public let winner: Int?

    /// What the chosen configurations get on the sequences that were left out, added up; nil without folds.
    public var heldOut: NearestCounts? {
        folds.isEmpty ? nil : folds.reduce(into: NearestCounts()) { $0 += $1.counts }
    }

    /// Chooses.
    ///
    /// Best is most correct queries, added up over sequences; of equals the one of fewer operations, then of fewer
    /// numbers, then the first.
    ///
    /// - Parameters:
    ///   - counts: By configuration and sequence; all configurations have the same queries.
    ///   - costs: Of each configuration; scores are not looked at.
    public init(counts: [[NearestCounts]], costs: [Tradeoff]) {
        let order = costs.indices.sorted { left, right in
            let (a, b) = (costs[left], costs[right])
            if a.operations != b.operations { return a.operations < b.operations }
            return a.dimension != b.dimension ? a.dimension < b.dimension : left < right
        }
        let totals = counts.map { $0.reduce(0) { $0 + $1.top1 } }
        func best(without sequence: Int?) -> Int? {
            var best: (index: Int, correct: Int)?
            for index in order {
                let correct = totals[index] - (sequence.map { counts[index][$0].top1 } ?? 0)
                if best.map({ correct > $0.correct }) ?? true { best = (index, correct) }
            }
            return best?.index
        }
        let asked = counts.first?.indices.filter { counts[0][$0].queries > 0 } ?? []
        winner = asked.isEmpty ? nil : best(without: nil)
        folds =
            asked.count < 2
            ? []
            : asked.compactMap { sequence in
                best(without: sequence).map {
                    Fold(sequence: sequence, chosen: $0, counts: counts[$0][sequence])
                }
            }
    }
}

/// Everything that is counted in one sequence for one gap.
struct SequenceTally: Equatable, Sendable {
    /// Of all queries.
    var counts = RetrievalCounts()
    /// Of the queries of each stratum, those of the sequence's attributes left out; empty unless it is recorded.
    var strata: [RetrievalStratum: RetrievalCounts] = [:]
    /// Similarities of the pairs; nil before the first one.
    var pairs: PairHistogram?
    /// Misses that are to be shown.
    var misses: WorstMisses
}

extension SequenceTally {
    /// Creates an empty tally that keeps so many misses.
    init(missLimit: Int) {
        self.init(misses: WorstMisses(limit: missLimit))
    }
}

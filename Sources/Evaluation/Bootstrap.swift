import Geometry

/// Resampling of sequences, for an interval around a rate.
///
/// Source: Efron, "Bootstrap methods: another look at the jackknife", 1979, percentile interval; the unit that is drawn
/// is the sequence, because the queries of a sequence are not independent.
enum Bootstrap {
    /// How many times the sequences are drawn.
    static let resamples = 2000

    /// The interval that holds 95 % of the resampled rates.
    ///
    /// Every resample draws as many sequences as there are, with replacement, and divides their hits by their queries.
    /// The ends are the 2.5 % and 97.5 % quantiles, linear between neighbours as NumPy's `quantile` has them.
    ///
    /// Edge cases: nil with fewer than two sequences that have queries. The draws come from a fixed seed: the same
    /// sequences in the same order give the same interval.
    ///
    /// - Complexity: O(resamples · sequences).
    static func interval(_ sequences: [(hits: Int, queries: Int)]) -> ClosedRange<Double>? {
        let drawn = sequences.filter { $0.queries > 0 }
        guard drawn.count >= 2 else { return nil }
        var random = SplitMix64(seed: 1)
        var rates: [Double] = []
        for _ in 0..<resamples {
            var (hits, queries) = (0, 0)
            for _ in drawn.indices {
                let sequence = drawn[random.index(below: drawn.count)]
                hits += sequence.hits
                queries += sequence.queries
            }
            rates.append(Double(hits) / Double(queries))
        }
        rates.sort()
        return quantile(0.025, of: rates)...quantile(0.975, of: rates)
    }

    /// The quantile of sorted values.
    private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let position = share * Double(sorted.count - 1)
        let below = Int(position)
        guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
        return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - Double(below))
    }
}

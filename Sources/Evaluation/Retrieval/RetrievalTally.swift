/// Everything that is counted for one gap, as frames come in.
///
/// Memory: bins for the ROC curve, counts a class and counts a sequence; nothing grows with frames.
struct RetrievalTally: Sendable {
    private let range: ClosedRange<Float>
    /// Of the sequence that is being read.
    private var current = RetrievalCounts()
    private var currentPairs: PairHistogram?
    /// Of the sequences that ended.
    private var pooledPairs: PairHistogram?
    private var sequences: [(counts: RetrievalCounts, auc: Double?)] = []
    private var classes: [Int: RetrievalCounts] = [:]

    /// Creates an empty tally; `range` is that of the similarity.
    init(range: ClosedRange<Float>) {
        self.range = range
    }

    /// Adds the outcome of one query, whose `queries` is 1.
    mutating func add(_ outcome: RetrievalCounts, classID: Int) {
        current += outcome
        classes[classID, default: RetrievalCounts()] += outcome
    }

    /// Hands the bins of the current sequence over for adding pairs.
    mutating func withPairs(_ body: (inout PairHistogram) -> Void) {
        // Taken out while it is worked on, so that the bins are not copied.
        var pairs = currentPairs.take() ?? PairHistogram(range: range)
        body(&pairs)
        currentPairs = pairs
    }

    /// Closes the sequence that is being read.
    mutating func endSequence() {
        sequences.append((current, currentPairs?.areaUnderCurve))
        current = RetrievalCounts()
        guard let pairs = currentPairs.take() else { return }
        if pooledPairs == nil { pooledPairs = pairs } else { pooledPairs?.merge(pairs) }
    }

    /// What was found, over the sequences that ended.
    func result(
        requested: RetrievalDelta, delta: Int?, seconds: Double?, contents: RetrievalContents
    ) -> RetrievalResult {
        var total = RetrievalCounts()
        for sequence in sequences { total += sequence.counts }
        let sequenceRates = sequences.filter { $0.counts.queries > 0 }.map {
            RetrievalRates($0.counts, contents: contents, auc: $0.auc)
        }
        // In the order of the class numbers: a sum in the order of a dictionary would differ from run to run.
        let classRates = classes.sorted { $0.key < $1.key }.map {
            RetrievalRates($0.value, contents: contents, auc: nil)
        }
        return RetrievalResult(
            requested: requested, delta: delta, deltaSeconds: seconds, counts: total,
            rates: RetrievalRates(total, contents: contents, auc: pooledPairs?.areaUnderCurve),
            macro: RetrievalResult.Macro(
                sequenceCount: sequenceRates.count, sequences: RetrievalRates(meanOf: sequenceRates),
                classCount: classRates.count, classes: RetrievalRates(meanOf: classRates)),
            interval: contents.hasVectors
                ? Bootstrap.interval(sequences.map { (hits: $0.counts.top1, queries: $0.counts.queries) }) : nil)
    }
}

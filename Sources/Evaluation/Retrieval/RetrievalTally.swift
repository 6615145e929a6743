internal import Geometry

/// Everything that is counted for one gap, as frames come in.
///
/// Memory: bins for the ROC curve, counts a class, a sequence and a stratum, and a few misses; nothing grows with frames.
struct RetrievalTally: Sendable {
    /// The gap.
    private let requested: RetrievalDelta
    private let range: ClosedRange<Float>
    /// What is kept beside counts; nil: nothing.
    private let recording: RetrievalRecording?
    /// Of the sequence that is being read.
    private var current: SequenceTally
    private var sequence = ""
    /// Of the sequences that ended.
    private var pooledPairs: PairHistogram?
    private var sequences: [(counts: RetrievalCounts, auc: Double?)] = []
    private var classes: [Int: RetrievalCounts] = [:]
    private var strata: [RetrievalStratum: StratumTally] = [:]
    /// The worst misses, worst first.
    private(set) var misses: WorstMisses

    /// What was counted in one stratum.
    private struct StratumTally: Sendable {
        var counts = RetrievalCounts()
        /// In the order of the sequences, those without queries of the stratum left out.
        var sequences: [(hits: Int, queries: Int)] = []
    }

    /// Creates an empty tally; `range` is that of the similarity.
    init(requested: RetrievalDelta, range: ClosedRange<Float>, recording: RetrievalRecording? = nil) {
        self.requested = requested
        self.range = range
        self.recording = recording
        current = SequenceTally(missLimit: recording?.missesPerSequence ?? 0)
        misses = WorstMisses(limit: recording?.misses ?? 0)
    }

    /// Whether strata and misses are kept.
    var isRecording: Bool { recording != nil }

    /// Starts a sequence.
    mutating func beginSequence(_ name: String) {
        sequence = name
    }

    /// Adds the outcome of one query, whose `queries` is 1.
    mutating func add(_ outcome: RetrievalCounts, classID: Int, strata: [RetrievalStratum]) {
        current.counts += outcome
        if isRecording {
            for stratum in strata { current.strata[stratum, default: RetrievalCounts()] += outcome }
        } else {
            classes[classID, default: RetrievalCounts()] += outcome
        }
    }

    /// Adds a miss, if it is to be kept; its places are asked for only then.
    mutating func addMiss(
        wrong: Double, right: Double,
        places: () -> (query: WorstMiss.Place, wrong: WorstMiss.Place, right: WorstMiss.Place)
    ) {
        guard current.misses.hasRoom(for: wrong - right) else { return }
        let places = places()
        // What JSON has no number for could not be saved.
        guard [places.query, places.wrong, places.right].allSatisfy(\.box.isWellFormed) else { return }
        current.misses.add(
            WorstMiss(
                sequence: sequence, requested: requested, query: places.query, wrong: places.wrong,
                right: places.right, wrongSimilarity: wrong, rightSimilarity: right))
    }

    /// Hands the bins of the current sequence over for adding pairs.
    mutating func withPairs(_ body: (inout PairHistogram) -> Void) {
        // Taken out while it is worked on, so that the bins are not copied.
        var pairs = current.pairs.take() ?? PairHistogram(range: range)
        body(&pairs)
        current.pairs = pairs
    }

    /// Closes the sequence that is being read and hands out what it found.
    @discardableResult
    mutating func endSequence(attributes: [RetrievalStratum]) -> SequenceTally {
        let ended = current
        current = SequenceTally(missLimit: recording?.missesPerSequence ?? 0)
        add(ended, attributes: attributes)
        return ended
    }

    /// Adds a sequence that ended, here or elsewhere.
    mutating func add(_ ended: SequenceTally, attributes: [RetrievalStratum]) {
        sequences.append((ended.counts, ended.pairs?.areaUnderCurve))
        if let pairs = ended.pairs {
            if pooledPairs == nil { pooledPairs = pairs } else { pooledPairs?.merge(pairs) }
        }
        misses.merge(ended.misses)
        for (stratum, counts) in ended.strata {
            // Summed sequence by sequence, so that records add up to the same bits.
            if case .classID(let number) = stratum { classes[number, default: RetrievalCounts()] += counts }
            add(counts, to: stratum)
        }
        for stratum in attributes where isRecording && ended.counts.queries > 0 { add(ended.counts, to: stratum) }
    }

    private mutating func add(_ counts: RetrievalCounts, to stratum: RetrievalStratum) {
        strata[stratum, default: StratumTally()].counts += counts
        strata[stratum]?.sequences.append((hits: counts.top1, queries: counts.queries))
    }

    /// What was found, over the sequences that ended.
    func result(delta: Int?, seconds: Double?, contents: RetrievalContents) -> RetrievalResult {
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

    /// What was found in every stratum that has queries, in the order of the strata.
    func strata(delta: Int?, seconds: Double?, contents: RetrievalContents) -> [StratumResult] {
        strata.sorted { $0.key < $1.key }.map { stratum, tally in
            StratumResult(
                stratum: stratum, requested: requested, delta: delta, deltaSeconds: seconds, counts: tally.counts,
                rates: RetrievalRates(tally.counts, contents: contents, auc: nil),
                sequenceCount: tally.sequences.count,
                interval: contents.hasVectors ? Bootstrap.interval(tally.sequences) : nil)
        }
    }
}

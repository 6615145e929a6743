public import Geometry

/// How well a feature finds the same object some frames later (docs/features.md, retrieval).
///
/// Source: arXiv 2401.00463 §4: the nearest box Δt frames later, and whether it is the same instance or at least the
/// same class; the other measures are vtrack's own (docs/features.md).
///
/// For every frame t and t + Δt that both have boxes: queries are the boxes at t whose identity is there at t + Δt, the
/// gallery is all boxes at t + Δt. Frames are judged as they come; only those of the longest gap are kept.
///
///     var study = try RetrievalStudy(deltas: [.frames(1), .frames(5)])
///     try study.beginSequence(name: "MOT17-05", frameRate: 14)
///     for frame in frames { try study.add(frame) }
///     let results = study.finish()
public struct RetrievalStudy: Sendable {
    /// The gaps, in the order of the results.
    public let deltas: [RetrievalDelta]
    /// How alike two vectors are.
    public var similarity: Similarity { pair.similarity }
    /// Whether only boxes of the query's class are in its gallery.
    public var classGate: Bool { pair.classGate }

    private var pair: RetrievalPair
    private var tallies: [RetrievalTally]
    private var sequence: OpenSequence?
    /// What frames must have; nil before the first one with boxes.
    private var shape: VectorShape?
    /// The gap in frames and the rate of every sequence so far, as far as they agree.
    private var gaps: [Agreement<Int>]
    private var rate = Agreement<Double>.none
    /// Whether strata and misses are kept.
    private let isRecording: Bool

    /// The sequence that is being read.
    private struct OpenSequence: Sendable {
        let name: String
        let gaps: [Int]
        let longestGap: Int
        let frameRate: Double?
        let attributes: [String: String]
        /// What its frames have; nil before the first one with boxes.
        var shape: VectorShape?
        var previous: FrameIndex?
        /// Frames with boxes that a coming frame may still be compared with, rising.
        var frames: [StoredFrame] = []
    }

    /// A value that all sequences share, or not.
    private enum Agreement<Value: Equatable & Sendable>: Sendable {
        case none
        case one(Value?)

        mutating func add(_ value: Value?) {
            switch self {
            case .none: self = .one(value)
            case .one(let previous): if previous != value { self = .one(nil) }
            }
        }

        var value: Value? {
            if case .one(let value) = self { value } else { nil }
        }
    }

    /// Creates a study that has seen nothing.
    ///
    /// - Parameters:
    ///   - deltas: The gaps; none gives no results.
    ///   - similarity: How alike two vectors are.
    ///   - classGate: Whether a query is compared with boxes of its class only.
    ///   - recording: What is kept for strata, records and misses; nil: nothing.
    /// - Throws: `EvaluationError.delta` for a gap that is not positive or beyond the limit.
    public init(
        deltas: [RetrievalDelta], similarity: Similarity = .cosine, classGate: Bool = false,
        recording: RetrievalRecording? = nil
    ) throws(EvaluationError) {
        if let wrong = deltas.first(where: { !$0.isValid }) { throw .delta(wrong.description) }
        self.deltas = deltas
        pair = RetrievalPair(similarity: similarity, classGate: classGate)
        tallies = deltas.map { RetrievalTally(requested: $0, range: similarity.range, recording: recording) }
        isRecording = recording != nil
        gaps = deltas.map { _ in .none }
    }

    /// Starts a sequence; the one before, if any, ends.
    ///
    /// - Parameters:
    ///   - name: For messages.
    ///   - frameRate: Frames a second; nil where it is not known.
    ///   - attributes: What labels say about the whole sequence, for strata.
    /// - Throws: `EvaluationError.rate` for a rate that is not positive; `.rateMissing` where a gap is in seconds.
    public mutating func beginSequence(
        name: String, frameRate: Double?, attributes: [String: String] = [:]
    ) throws(EvaluationError) {
        endSequence()
        if let frameRate, !(frameRate > 0 && frameRate.isFinite) { throw .rate(frameRate, sequence: name) }
        var frames: [Int] = []
        for delta in deltas {
            guard let count = delta.frames(at: frameRate) else { throw .rateMissing(sequence: name) }
            frames.append(count)
        }
        for index in deltas.indices {
            gaps[index].add(frames[index])
            tallies[index].beginSequence(name)
        }
        rate.add(frameRate)
        sequence = OpenSequence(
            name: name, gaps: frames, longestGap: frames.max() ?? 0, frameRate: frameRate, attributes: attributes)
    }

    /// Judges a frame against the earlier ones.
    ///
    /// Frames without boxes may be left out.
    ///
    /// - Throws: `EvaluationError` where frames do not rise, arrays do not fit, an identity occurs twice, or vectors
    ///   come, go or change their dimension.
    /// - Precondition: a sequence has begun.
    public mutating func add(_ frame: RetrievalFrame) throws(EvaluationError) {
        guard var open = sequence.take() else { preconditionFailure("a frame came before any sequence") }
        // Taken out while it is worked on, so that the kept frames are not copied.
        defer { sequence = open }
        if let previous = open.previous, frame.number <= previous {
            throw .frameOrder(sequence: open.name, previous: previous, found: frame.number)
        }
        open.previous = frame.number
        guard !frame.boxes.isEmpty else { return }
        let stored = try StoredFrame(frame, sequence: open.name, isStratified: isRecording)
        try check(frame, sequence: open.name)
        open.shape = shape

        let oldest = stored.number - open.longestGap
        open.frames.removeFirst(open.frames.partitionPoint { $0.number >= oldest })
        for (index, gap) in open.gaps.enumerated() {
            let number = stored.number - gap
            let position = open.frames.partitionPoint { $0.number >= number }
            guard position < open.frames.count, open.frames[position].number == number else { continue }
            pair.judge(open.frames[position], stored, tally: &tallies[index])
        }
        if open.longestGap > 0 { open.frames.append(stored) }
    }

    /// Ends the sequence that is being read and says what was found in it.
    ///
    /// The study goes on and counts the sequence as it would have without.
    ///
    /// - Precondition: the study records, and a sequence has begun.
    public mutating func record() -> RetrievalRecord {
        guard isRecording, let ended = sequence else { preconditionFailure("no sequence is being recorded") }
        let found = endSequence()
        return RetrievalRecord(
            sequence: ended.name, attributes: ended.attributes, frameRate: ended.frameRate, similarity: similarity,
            classGate: classGate, shape: ended.shape,
            gaps: deltas.indices.map { .init(requested: deltas[$0], frames: ended.gaps[$0], tally: found[$0]) })
    }

    /// Adds a sequence that was recorded before, as if it had been read here.
    ///
    /// - Throws: `EvaluationError.recordMismatch` where it was recorded by another study.
    /// - Precondition: the study records.
    public mutating func add(_ record: RetrievalRecord) throws(EvaluationError) {
        precondition(isRecording, "a study that does not record cannot take a record")
        endSequence()
        guard record.gaps.map(\.requested) == deltas, record.similarity == similarity, record.classGate == classGate,
            record.shape == nil || shape == nil || record.shape == shape
        else { throw .recordMismatch(sequence: record.sequence) }
        shape = shape ?? record.shape
        rate.add(record.frameRate)
        let attributes = RetrievalStratum.of(attributes: record.attributes)
        for (index, gap) in record.gaps.enumerated() {
            gaps[index].add(gap.frames)
            tallies[index].add(gap.tally(range: similarity.range), attributes: attributes)
        }
    }

    /// Ends the last sequence and says what was found, one result a gap.
    public mutating func finish() -> [RetrievalResult] {
        endSequence()
        return deltas.indices.map { index in
            let (frames, seconds) = gap(index)
            return tallies[index].result(delta: frames, seconds: seconds, contents: contents)
        }
    }

    /// What was found in every stratum that has queries, a list a gap; empty lists unless the study records.
    ///
    /// Of the sequences that ended: `finish()` ends the last one.
    public var strata: [[StratumResult]] {
        deltas.indices.map { index in
            let (frames, seconds) = gap(index)
            return tallies[index].strata(delta: frames, seconds: seconds, contents: contents)
        }
    }

    /// The worst misses of the sequences that ended, a list a gap, worst first; empty lists unless the study records.
    public var worstMisses: [[WorstMiss]] { tallies.map(\.misses.sorted) }

    /// The worst misses of all gaps together: each gap's worst first, then each one's second, and so on.
    ///
    /// An object that one gap shows is left out at the others, as long as there are enough. In the order of the gaps.
    public func worstMisses(limit: Int) -> [WorstMiss] {
        WorstMisses.chosen(from: worstMisses, limit: limit)
    }

    private var contents: RetrievalContents {
        RetrievalContents(hasVectors: shape?.vectors != nil, hasHistograms: shape?.histograms != nil)
    }

    /// A gap in frames and in seconds, as far as all sequences agree.
    private func gap(_ index: Int) -> (frames: Int?, seconds: Double?) {
        switch deltas[index] {
        case .frames(let frames): (frames, rate.value.map { Double(frames) / $0 })
        case .seconds(let seconds): (gaps[index].value, seconds)
        }
    }

    @discardableResult
    private mutating func endSequence() -> [SequenceTally] {
        guard let ended = sequence.take() else { return [] }
        let attributes = RetrievalStratum.of(attributes: ended.attributes)
        return tallies.indices.map { tallies[$0].endSequence(attributes: attributes) }
    }

    /// Holds every frame to the vectors of the first one, so that a rate is over all queries or absent.
    private mutating func check(_ frame: RetrievalFrame, sequence: String) throws(EvaluationError) {
        let found = VectorShape(vectors: frame.vectors?.dimension, histograms: frame.histograms?.dimension)
        guard let expected = shape else {
            shape = found
            return
        }
        guard found != expected else { return }
        let isVectors = found.vectors != expected.vectors
        throw .vectorShape(
            sequence: sequence, frame: frame.number, found: isVectors ? found.vectors : found.histograms,
            expected: isVectors ? expected.vectors : expected.histograms)
    }
}

extension [StoredFrame] {
    /// The first position from which on a condition holds, of elements that are sorted by it.
    func partitionPoint(_ holds: (StoredFrame) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

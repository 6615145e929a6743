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

    /// The sequence that is being read.
    private struct OpenSequence: Sendable {
        let name: String
        let gaps: [Int]
        let longestGap: Int
        var previous: FrameIndex?
        /// Frames with boxes that a coming frame may still be compared with, rising.
        var frames: [StoredFrame] = []
    }

    private struct VectorShape: Equatable, Sendable {
        let vectors: Int?
        let histograms: Int?
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
    /// - Throws: `EvaluationError.delta` for a gap that is not positive or beyond the limit.
    public init(
        deltas: [RetrievalDelta], similarity: Similarity = .cosine, classGate: Bool = false
    ) throws(EvaluationError) {
        if let wrong = deltas.first(where: { !$0.isValid }) { throw .delta(wrong.description) }
        self.deltas = deltas
        pair = RetrievalPair(similarity: similarity, classGate: classGate)
        tallies = deltas.map { _ in RetrievalTally(range: similarity.range) }
        gaps = deltas.map { _ in .none }
    }

    /// Starts a sequence; the one before, if any, ends.
    ///
    /// - Parameters:
    ///   - name: For messages.
    ///   - frameRate: Frames a second; nil where it is not known.
    /// - Throws: `EvaluationError.rate` for a rate that is not positive; `.rateMissing` where a gap is in seconds.
    public mutating func beginSequence(name: String, frameRate: Double?) throws(EvaluationError) {
        endSequence()
        if let frameRate, !(frameRate > 0 && frameRate.isFinite) { throw .rate(frameRate, sequence: name) }
        var frames: [Int] = []
        for delta in deltas {
            guard let count = delta.frames(at: frameRate) else { throw .rateMissing(sequence: name) }
            frames.append(count)
        }
        for index in deltas.indices { gaps[index].add(frames[index]) }
        rate.add(frameRate)
        sequence = OpenSequence(name: name, gaps: frames, longestGap: frames.max() ?? 0)
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
        let stored = try StoredFrame(frame, sequence: open.name)
        try check(frame, sequence: open.name)

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

    /// Ends the last sequence and says what was found, one result a gap.
    public mutating func finish() -> [RetrievalResult] {
        endSequence()
        let contents = RetrievalContents(
            hasVectors: shape?.vectors != nil, hasHistograms: shape?.histograms != nil)
        return deltas.indices.map { index in
            let (frames, seconds): (Int?, Double?) =
                switch deltas[index] {
                case .frames(let frames): (frames, rate.value.map { Double(frames) / $0 })
                case .seconds(let seconds): (gaps[index].value, seconds)
                }
            return tallies[index].result(
                requested: deltas[index], delta: frames, seconds: seconds, contents: contents)
        }
    }

    private mutating func endSequence() {
        guard sequence.take() != nil else { return }
        for index in tallies.indices { tallies[index].endSequence() }
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

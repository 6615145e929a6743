public import Geometry

/// Which boxes of which frames are asked about, found once for any number of features.
///
/// The same queries and galleries as `RetrievalStudy`, for whoever compares many features on them and counts the
/// nearest boxes alone (`NearestTally`).
public struct RetrievalQueries: Sendable {
    /// Two frames at one of the gaps, with at least one query.
    public struct Pair: Sendable {
        /// Which of the gaps.
        public let gap: Int
        /// The number of the earlier frame.
        public let earlier: FrameIndex
        /// For each box of the earlier frame, where its identity is in the later one; nil where it is not asked about.
        public let targets: [Int?]
        /// The class of each box of the earlier frame.
        public let earlierClasses: [Int]
        /// The class of each box of the later frame.
        public let laterClasses: [Int]
    }

    /// The gaps, in their order.
    public let deltas: [RetrievalDelta]
    /// The gaps in frames, of the sequence that is being read.
    public private(set) var gaps: [Int] = []
    /// The first frame that a coming one may be compared with; those before it can be forgotten.
    public private(set) var oldest = FrameIndex(1)

    private var sequence = ""
    private var previous: FrameIndex?
    private var frames: [StoredFrame] = []

    /// Creates queries of no frames.
    ///
    /// - Throws: `EvaluationError.delta` for a gap that is not positive or beyond the limit.
    public init(deltas: [RetrievalDelta]) throws(EvaluationError) {
        if let wrong = deltas.first(where: { !$0.isValid }) { throw .delta(wrong.description) }
        self.deltas = deltas
    }

    /// Starts a sequence.
    ///
    /// - Throws: `EvaluationError.rate` for a rate that is not positive; `.rateMissing` where a gap is in seconds.
    public mutating func beginSequence(name: String, frameRate: Double?) throws(EvaluationError) {
        if let frameRate, !(frameRate > 0 && frameRate.isFinite) { throw .rate(frameRate, sequence: name) }
        gaps = []
        for delta in deltas {
            guard let count = delta.frames(at: frameRate) else { throw .rateMissing(sequence: name) }
            gaps.append(count)
        }
        sequence = name
        previous = nil
        frames = []
        oldest = FrameIndex(1)
    }

    /// The pairs that a frame with boxes makes with earlier ones, in the order of the gaps.
    ///
    /// - Throws: `EvaluationError` where frames do not rise, arrays do not fit, or an identity occurs twice.
    public mutating func add(_ frame: RetrievalFrame) throws(EvaluationError) -> [Pair] {
        if let previous, frame.number <= previous {
            throw .frameOrder(sequence: sequence, previous: previous, found: frame.number)
        }
        previous = frame.number
        guard !frame.boxes.isEmpty else { return [] }
        let later = try StoredFrame(frame, sequence: sequence)
        oldest = FrameIndex(max(1, later.number - (gaps.max() ?? 0)))
        frames.removeFirst(frames.partitionPoint { $0.number >= oldest.rawValue })
        var pairs: [Pair] = []
        for (index, gap) in gaps.enumerated() {
            let number = later.number - gap
            let position = frames.partitionPoint { $0.number >= number }
            guard position < frames.count, frames[position].number == number else { continue }
            let earlier = frames[position]
            let targets = earlier.identities.map { later.place(of: $0) }
            guard targets.contains(where: { $0 != nil }) else { continue }
            pairs.append(
                Pair(
                    gap: index, earlier: FrameIndex(number), targets: targets, earlierClasses: earlier.classes,
                    laterClasses: later.classes))
        }
        frames.append(later)
        return pairs
    }
}

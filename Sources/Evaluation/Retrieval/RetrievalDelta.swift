/// A gap between two frames that are compared.
public enum RetrievalDelta: Hashable, Sendable {
    /// So many frame numbers.
    case frames(Int)
    /// So many seconds, to the nearest frame at the rate of each sequence, at least one.
    case seconds(Double)

    /// The longest gap, for the boxes of so many frames may have to be kept.
    public static let maximumFrames = 1_000_000

    /// Reads a gap as it stands on the command line: `5` for frames, `0.5s` for seconds.
    ///
    /// - Throws: `EvaluationError.delta` for anything that is not positive or too long.
    public init(argument: String) throws(EvaluationError) {
        let text = argument.trimmingSpaces()
        if text.hasSuffix("s") {
            guard let seconds = Double(text.dropLast()) else { throw .delta(argument) }
            self = .seconds(seconds)
        } else {
            guard let frames = Int(text) else { throw .delta(argument) }
            self = .frames(frames)
        }
        guard isValid else { throw .delta(argument) }
    }

    /// Whether the gap is positive and within the limit.
    var isValid: Bool {
        switch self {
        case .frames(let frames): (1...Self.maximumFrames).contains(frames)
        case .seconds(let seconds): seconds > 0 && seconds <= Double(Self.maximumFrames)
        }
    }

    /// The gap in frames at a rate; nil for seconds without a rate.
    public func frames(at rate: Double?) -> Int? {
        switch self {
        case .frames(let frames): return frames
        case .seconds(let seconds):
            guard let rate else { return nil }
            return Int(min(max((seconds * rate).rounded(), 1), Double(Self.maximumFrames)))
        }
    }
}

extension RetrievalDelta: CustomStringConvertible {
    /// The gap as it stands on the command line.
    public var description: String {
        switch self {
        case .frames(let frames): "\(frames)"
        case .seconds(let seconds): "\(seconds)s"
        }
    }
}

extension String {
    /// The text without spaces at its ends: `--deltas "1, 2"` is what people write.
    fileprivate func trimmingSpaces() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

/// Figures of one class of one sequence, or of several combined, under a profile.
public enum ProfileScores: Equatable, Sendable, Codable {
    /// TrackEval's.
    case trackeval(TrackingScores)

    /// Scores one class of one sequence.
    public init(_ sequence: MetricSequence, profile: ScoringProfile) {
        self = .trackeval(TrackingScores(sequence))
    }

    /// The figures of some families, in the order of the kit; a profile without families gives all.
    public func fields(of families: [MetricFamily]) -> [ScoreField] {
        switch self {
        case .trackeval(let scores): scores.fields(of: families)
        }
    }

    /// Figures of several sequences of a class together.
    static func combined(_ parts: [ProfileScores]) -> ProfileScores? {
        guard let first = parts.first else { return nil }
        switch first {
        case .trackeval:
            return .trackeval(.combined(sequences: parts.compactMap(\.tracking)))
        }
    }

    /// TrackEval's figures, where the profile has them.
    public var tracking: TrackingScores? {
        switch self {
        case .trackeval(let scores): scores
        }
    }
}

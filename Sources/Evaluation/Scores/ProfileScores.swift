/// Figures of one class of one sequence, or of several combined, under a profile.
public enum ProfileScores: Equatable, Sendable, Codable {
    /// TrackEval's.
    case trackeval(TrackingScores)
    /// The BDD100K server's.
    case scalabel(ServerScores)

    /// Scores one class of one sequence.
    public init(_ sequence: MetricSequence, profile: ScoringProfile) {
        switch profile {
        case .trackeval: self = .trackeval(TrackingScores(sequence))
        case .scalabel: self = .scalabel(ServerScores(sequence))
        }
    }

    /// The figures of some families, in the order of the kit; a profile without families gives all.
    public func fields(of families: [MetricFamily]) -> [ScoreField] {
        switch self {
        case .trackeval(let scores): scores.fields(of: families)
        case .scalabel(let scores): scores.fields
        }
    }

    /// The figures of the kit's table of one family; a profile without families has one table, in the place of CLEAR.
    public func summary(of family: MetricFamily) -> [ScoreField] {
        switch self {
        case .trackeval(let scores): scores.summary(of: family)
        case .scalabel(let scores): family == .clear ? scores.fields : []
        }
    }

    /// Figures of several sequences of a class together.
    static func combined(_ parts: [ProfileScores]) -> ProfileScores? {
        guard let first = parts.first else { return nil }
        switch first {
        case .trackeval: return .trackeval(.combined(sequences: parts.compactMap(\.tracking)))
        case .scalabel: return .scalabel(.combined(parts.compactMap(\.server)))
        }
    }

    /// TrackEval's figures, where the profile has them.
    public var tracking: TrackingScores? {
        if case .trackeval(let scores) = self { scores } else { nil }
    }

    /// The server's figures, where the profile has them.
    public var server: ServerScores? {
        if case .scalabel(let scores) = self { scores } else { nil }
    }
}

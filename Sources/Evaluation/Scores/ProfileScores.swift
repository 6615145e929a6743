/// Figures of one class of one sequence, or of several combined, under a profile.
public enum ProfileScores: Equatable, Sendable, Codable {
    /// TrackEval's.
    case trackeval(TrackingScores)
    /// Those of the BDD100K server.
    case scalabel(ServerScores)

    /// Scores one class of one sequence.
    ///
    /// - Parameter families: TrackEval's figures that are wanted; others must not be looked at.
    public init(
        _ sequence: MetricSequence, profile: ScoringProfile, families: [MetricFamily] = MetricFamily.allCases
    ) {
        switch profile {
        case .trackeval: self = .trackeval(TrackingScores(sequence, families: Set(families)))
        case .scalabel: self = .scalabel(ServerScores(sequence))
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

    /// The figures of some families, in the kit's order; a profile without families gives all.
    public func fields(of families: [MetricFamily]) -> [ScoreField] {
        switch self {
        case .trackeval(let scores): scores.fields(of: families)
        case .scalabel(let scores): scores.fields
        }
    }

    /// The figures of some families as the kit prints them: tables with their titles.
    public func summaries(of families: [MetricFamily]) -> [(title: String, fields: [ScoreField])] {
        switch self {
        case .trackeval(let scores): families.map { ($0.title, scores.summary(of: $0)) }
        case .scalabel(let scores): [("scalabel", scores.fields)]
        }
    }

    /// Figures of several sequences of a class together; nil for none.
    public static func combined(_ parts: [ProfileScores]) -> ProfileScores? {
        switch parts.first {
        case .trackeval: .trackeval(.combined(sequences: parts.compactMap(\.tracking)))
        case .scalabel: .scalabel(.combined(parts.compactMap(\.server)))
        case nil: nil
        }
    }

    /// Figures over classes by their names: TrackEval's two averages, then groups of classes; scalabel's groups, then
    /// AVERAGE and OVERALL.
    static func overClasses(
        _ classes: [(id: Int, scores: ProfileScores)], groups: [ClassList.SuperClass]
    ) -> [(name: String, scores: ProfileScores)] {
        func members(_ group: ClassList.SuperClass) -> [ProfileScores] {
            classes.filter { group.members.contains($0.id) }.map(\.scores)
        }
        let all = classes.map(\.scores)
        switch all.first {
        case .trackeval:
            let tracking = all.compactMap(\.tracking)
            return [
                ("cls_comb_cls_av", .trackeval(.classAveraged(tracking, ignoringEmpty: false))),
                ("cls_comb_det_av", .trackeval(.detectionAveraged(tracking))),
            ]
                + groups.map { group in
                    (group.name, .trackeval(.detectionAveraged(members(group).compactMap(\.tracking))))
                }
        case .scalabel:
            let server = all.compactMap(\.server)
            return groups.map { ($0.name, .scalabel(.combined(members($0).compactMap(\.server)))) }
                + [("AVERAGE", .scalabel(.classAveraged(server))), ("OVERALL", .scalabel(.combined(server)))]
        case nil: return []
        }
    }
}

extension MetricFamily {
    /// What TrackEval calls the family.
    public var title: String {
        switch self {
        case .hota: "HOTA"
        case .clear: "CLEAR"
        case .identity: "Identity"
        case .vace: "VACE"
        case .count: "Count"
        }
    }
}

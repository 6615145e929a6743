/// A group of figures that TrackEval computes together.
public enum MetricFamily: String, CaseIterable, Sendable {
    /// HOTA and its parts.
    case hota
    /// CLEAR MOT.
    case clear
    /// IDF1 and its parts.
    case identity
    /// VACE.
    case vace
    /// How much there is.
    case count
}

/// Figures of the profile `trackeval`: of one class of one sequence, or of several combined.
///
/// Every field equals TrackEval's (1.3.0, and @12c8791 where NumPy still runs it), ties and quirks included;
/// docs/evaluation.md lists them.
public struct TrackingScores: Equatable, Sendable, Codable {
    /// HOTA and its parts.
    public var hota: HOTAScores
    /// CLEAR MOT.
    public var clear: CLEARScores
    /// IDF1 and its parts.
    public var identity: IdentityScores
    /// VACE.
    public var vace: VACEScores
    /// How much there is.
    public var count: CountScores

    init(hota: HOTAScores, clear: CLEARScores, identity: IdentityScores, vace: VACEScores, count: CountScores) {
        self.hota = hota
        self.clear = clear
        self.identity = identity
        self.vace = vace
        self.count = count
    }

    /// Figures of several sequences of one class together.
    ///
    /// Sums are taken in the order given; for the bits of TrackEval that is the order of the sequences' names.
    public static func combined(sequences: [TrackingScores]) -> TrackingScores {
        TrackingScores(
            hota: .combined(sequences.map(\.hota)), clear: .combined(sequences.map(\.clear)),
            identity: .combined(sequences.map(\.identity)), vace: .combined(sequences.map(\.vace)),
            count: .combined(sequences.map(\.count)))
    }

    /// Figures of several classes together, each box with the same weight; super-classes are made like this.
    public static func detectionAveraged(_ classes: [TrackingScores]) -> TrackingScores {
        combined(sequences: classes)
    }

    /// Means over classes; counts of boxes and identities are added.
    ///
    /// `ignoringEmpty` leaves classes without any box out of the means. VACE's means leave them out always, as in
    /// TrackEval.
    public static func classAveraged(_ classes: [TrackingScores], ignoringEmpty: Bool = false) -> TrackingScores {
        TrackingScores(
            hota: .classAveraged(classes.map(\.hota), ignoringEmpty: ignoringEmpty),
            clear: .classAveraged(classes.map(\.clear), ignoringEmpty: ignoringEmpty),
            identity: .classAveraged(classes.map(\.identity), ignoringEmpty: ignoringEmpty),
            vace: .classAveraged(classes.map(\.vace)), count: .combined(classes.map(\.count)))
    }

    /// All fields, in the order of TrackEval's detailed CSV.
    public var fields: [ScoreField] { fields(of: MetricFamily.allCases) }

    /// The fields of some families, in the order given.
    public func fields(of families: [MetricFamily]) -> [ScoreField] {
        families.flatMap { family in
            switch family {
            case .hota: hota.fields
            case .clear: clear.fields
            case .identity: identity.fields
            case .vace: vace.fields
            case .count: count.fields
            }
        }
    }

    /// The columns of TrackEval's detailed CSV, curves threshold by threshold.
    public func columns(of families: [MetricFamily] = MetricFamily.allCases) -> [ScoreField] {
        fields(of: families).flatMap(\.columns)
    }

    /// The fields of TrackEval's table of one family; their `summaryText` is what it prints.
    public func summary(of family: MetricFamily) -> [ScoreField] {
        let names =
            switch family {
            case .hota: HOTAScores.summaryNames
            case .clear: CLEARScores.summaryNames
            case .identity: IdentityScores.summaryNames
            case .vace: VACEScores.summaryNames
            case .count: CountScores.summaryNames
            }
        let fields = fields(of: [family])
        return names.compactMap { name in fields.first { $0.name == name } }
    }

    /// The fields of TrackEval's summary file in its order, which differs from that of its tables: `sMOTA` comes after
    /// the counts, VACE last (`utils.py`, `write_summary_results`).
    public func summary(of families: [MetricFamily] = MetricFamily.allCases) -> [ScoreField] {
        let fields = families.filter { $0 != .vace }.flatMap { summary(of: $0) }
        let order = Self.summaryOrder
        let ranked = fields.filter { order.contains($0.name) }
            .sorted { order.firstIndex(of: $0.name)! < order.firstIndex(of: $1.name)! }
        return ranked + (families.contains(.vace) ? summary(of: .vace) : [])
    }

    private static let summaryOrder =
        HOTAScores.summaryNames + CLEARScores.summaryNames.filter { $0 != "sMOTA" } + ["sMOTA"]
        + IdentityScores.summaryNames + CountScores.summaryNames
}

/// How well one track stands for one object over the whole sequence.
///
/// Source: E. Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking", ECCV
/// workshops 2016; TrackEval `metrics/identity.py`, whose figures these are.
public struct IdentityScores: RecordedScores {
    /// Boxes that overlap by one half or more between an object and the track that stands for it.
    public internal(set) var truePositives: Int
    /// Other true boxes, other boxes of the tracker.
    public internal(set) var falseNegatives, falsePositives: Int
    /// F1, recall and precision of these counts.
    public internal(set) var f1, recall, precision: Double

    /// Figures from counts (`identity.py:129-136`).
    init(truePositives: Int, falseNegatives: Int, falsePositives: Int) {
        self.truePositives = truePositives
        self.falseNegatives = falseNegatives
        self.falsePositives = falsePositives
        let matched = Double(truePositives)
        recall = matched / Double(max(1, truePositives + falseNegatives))
        precision = matched / Double(max(1, truePositives + falsePositives))
        f1 = matched / max(1, matched + 0.5 * Double(falsePositives) + 0.5 * Double(falseNegatives))
    }

    /// The figures in the order of TrackEval's detailed CSV.
    public var fields: [ScoreField] {
        [
            .share("IDF1", f1), .share("IDR", recall), .share("IDP", precision), .count("IDTP", truePositives),
            .count("IDFN", falseNegatives), .count("IDFP", falsePositives),
        ]
    }

    /// Names of the fields of a summary, in TrackEval's order.
    static let summaryNames = ["IDF1", "IDR", "IDP", "IDTP", "IDFN", "IDFP"]

    var record: [ScoreField] { fields }

    init(record: ScoreRecord) throws {
        truePositives = try record.count("IDTP")
        falseNegatives = try record.count("IDFN")
        falsePositives = try record.count("IDFP")
        f1 = try record.number("IDF1")
        recall = try record.number("IDR")
        precision = try record.number("IDP")
    }
}

extension IdentityScores {
    /// Figures of several sequences together, or of several classes by their boxes: counts are added; an object that
    /// is in two sequences is two objects.
    public static func combined(_ parts: [IdentityScores]) -> IdentityScores {
        IdentityScores(
            truePositives: parts.reduce(0) { $0 + $1.truePositives },
            falseNegatives: parts.reduce(0) { $0 + $1.falseNegatives },
            falsePositives: parts.reduce(0) { $0 + $1.falsePositives })
    }

    /// Means over classes; counts are added (`identity.py:92-110`).
    ///
    /// `ignoringEmpty` leaves out classes without any box; if none is left, means are NaN.
    public static func classAveraged(_ classes: [IdentityScores], ignoringEmpty: Bool) -> IdentityScores {
        let parts =
            ignoringEmpty
            ? classes.filter { $0.truePositives + $0.falseNegatives + $0.falsePositives > 0 } : classes
        var result = IdentityScores.combined(parts)
        result.f1 = PairwiseSum.mean(parts.map(\.f1))
        result.recall = PairwiseSum.mean(parts.map(\.recall))
        result.precision = PairwiseSum.mean(parts.map(\.precision))
        return result
    }
}

import Foundation

/// CLEAR MOT: accuracy and precision of matches at an overlap of one half, and what becomes of each object.
///
/// Source: K. Bernardin and R. Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The CLEAR MOT Metrics",
/// EURASIP JIVP 2008; TrackEval `metrics/clear.py`, whose figures these are.
public struct CLEARScores: RecordedScores {
    /// Matches, true boxes and tracker's boxes without a match.
    public internal(set) var truePositives, falseNegatives, falsePositives: Int
    /// Changes of the track that an object is matched to.
    public internal(set) var identitySwitches: Int
    /// Objects tracked more than 80 %, 20 % or more, and less of their boxes.
    public internal(set) var mostlyTracked, partlyTracked, mostlyLost: Int
    /// How often an object is tracked again after it was not.
    public internal(set) var fragmentations: Int
    /// Frames; 0 for a sequence where one side has no boxes.
    public internal(set) var frames: Int
    /// Sum of the overlaps of all matches.
    public internal(set) var overlapSum: Double
    /// The shares that follow from the counts, by TrackEval's names.
    public internal(set) var mota, motp, moda, recall, precision: Double
    /// Shares of objects mostly tracked, partly tracked, mostly lost.
    public internal(set) var mostlyTrackedShare, partlyTrackedShare, mostlyLostShare: Double
    /// MOTA with overlaps instead of counts, F1, MOTA with the logarithm of switches.
    public internal(set) var smota, f1, motal: Double
    /// False positives a frame.
    public internal(set) var falsePositivesPerFrame: Double

    /// Nothing counted, all shares 0.
    init() {
        (truePositives, falseNegatives, falsePositives, identitySwitches) = (0, 0, 0, 0)
        (mostlyTracked, partlyTracked, mostlyLost, fragmentations, frames, overlapSum) = (0, 0, 0, 0, 0, 0)
        (mota, motp, moda, recall, precision) = (0, 0, 0, 0, 0)
        (mostlyTrackedShare, partlyTrackedShare, mostlyLostShare) = (0, 0, 0)
        (smota, f1, motal, falsePositivesPerFrame) = (0, 0, 0, 0)
    }

    /// A sequence without boxes of the tracker, or without true ones: shares stay 0, all objects are lost, and frames
    /// are not counted (`clear.py:47-56`).
    init(unmatchedTruth: Int, unmatchedResult: Int, lost: Int) {
        self.init()
        falseNegatives = unmatchedTruth
        falsePositives = unmatchedResult
        mostlyLost = lost
        mostlyLostShare = 1
    }

    /// Computes the shares from the counts (`clear.py:169-188`).
    mutating func computeShares() {
        let identities = Double(max(1, mostlyTracked + mostlyLost + partlyTracked))
        mostlyTrackedShare = Double(mostlyTracked) / identities
        mostlyLostShare = Double(mostlyLost) / identities
        partlyTrackedShare = Double(partlyTracked) / identities
        let truth = Double(max(1, truePositives + falseNegatives))
        recall = Double(truePositives) / truth
        precision = Double(truePositives) / Double(max(1, truePositives + falsePositives))
        moda = Double(truePositives - falsePositives) / truth
        mota = Double(truePositives - falsePositives - identitySwitches) / truth
        motp = overlapSum / Double(max(1, truePositives))
        smota = (overlapSum - Double(falsePositives) - Double(identitySwitches)) / truth
        f1 =
            Double(truePositives)
            / max(1, Double(truePositives) + 0.5 * Double(falseNegatives) + 0.5 * Double(falsePositives))
        falsePositivesPerFrame = Double(falsePositives) / Double(max(1, frames))
        let switches = identitySwitches > 0 ? log10(Double(identitySwitches)) : 0
        motal = (Double(truePositives - falsePositives) - switches) / truth
    }

    /// The figures in the order of TrackEval's detailed CSV.
    public var fields: [ScoreField] {
        [
            .share("MOTA", mota), .share("MOTP", motp), .share("MODA", moda), .share("CLR_Re", recall),
            .share("CLR_Pr", precision), .share("MTR", mostlyTrackedShare), .share("PTR", partlyTrackedShare),
            .share("MLR", mostlyLostShare), .share("sMOTA", smota), .share("CLR_F1", f1),
            .number("FP_per_frame", falsePositivesPerFrame), .share("MOTAL", motal), .number("MOTP_sum", overlapSum),
            .count("CLR_TP", truePositives), .count("CLR_FN", falseNegatives), .count("CLR_FP", falsePositives),
            .count("IDSW", identitySwitches), .count("MT", mostlyTracked), .count("PT", partlyTracked),
            .count("ML", mostlyLost), .count("Frag", fragmentations), .count("CLR_Frames", frames),
        ]
    }

    /// Names of the fields of a summary, in TrackEval's order.
    static let summaryNames = [
        "MOTA", "MOTP", "MODA", "CLR_Re", "CLR_Pr", "MTR", "PTR", "MLR", "sMOTA", "CLR_TP", "CLR_FN", "CLR_FP", "IDSW",
        "MT", "PT", "ML", "Frag",
    ]

    var record: [ScoreField] { fields }

    init(record: ScoreRecord) throws {
        self.init()
        for (name, path) in Self.numbers { self[keyPath: path] = try record.number(name) }
        for (name, path) in Self.counts { self[keyPath: path] = try record.count(name) }
    }

    private static var numbers: [(String, WritableKeyPath<CLEARScores, Double>)] {
        [
            ("MOTA", \.mota), ("MOTP", \.motp), ("MODA", \.moda), ("CLR_Re", \.recall), ("CLR_Pr", \.precision),
            ("MTR", \.mostlyTrackedShare), ("PTR", \.partlyTrackedShare), ("MLR", \.mostlyLostShare),
            ("sMOTA", \.smota), ("CLR_F1", \.f1), ("FP_per_frame", \.falsePositivesPerFrame), ("MOTAL", \.motal),
            ("MOTP_sum", \.overlapSum),
        ]
    }

    private static var counts: [(String, WritableKeyPath<CLEARScores, Int>)] {
        [
            ("CLR_TP", \.truePositives), ("CLR_FN", \.falseNegatives), ("CLR_FP", \.falsePositives),
            ("IDSW", \.identitySwitches), ("MT", \.mostlyTracked), ("PT", \.partlyTracked), ("ML", \.mostlyLost),
            ("Frag", \.fragmentations), ("CLR_Frames", \.frames),
        ]
    }
}

extension CLEARScores {
    /// Figures of several sequences together, or of several classes by their boxes: counts are added
    /// (`clear.py:133-147`).
    public static func combined(_ parts: [CLEARScores]) -> CLEARScores {
        var result = CLEARScores()
        for (_, path) in counts { result[keyPath: path] = parts.reduce(0) { $0 + $1[keyPath: path] } }
        result.overlapSum = parts.reduce(0) { $0 + $1.overlapSum }
        result.computeShares()
        return result
    }

    /// Means over classes; counts are added (`clear.py:149-166`).
    ///
    /// `ignoringEmpty` leaves out classes without any box; if none is left, means are NaN.
    public static func classAveraged(_ classes: [CLEARScores], ignoringEmpty: Bool) -> CLEARScores {
        let parts =
            ignoringEmpty
            ? classes.filter { $0.truePositives + $0.falseNegatives + $0.falsePositives > 0 } : classes
        var result = CLEARScores.combined(parts)
        for (_, path) in numbers { result[keyPath: path] = PairwiseSum.mean(parts.map { $0[keyPath: path] }) }
        return result
    }
}

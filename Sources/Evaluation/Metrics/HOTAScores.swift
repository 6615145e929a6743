/// Higher order tracking accuracy and its parts, each for 19 localisation thresholds.
///
/// Source: J. Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 129, 2021;
/// TrackEval `metrics/hota.py`, whose figures these are. Shares count from 0 to 1.
public struct HOTAScores: RecordedScores {
    /// The localisation thresholds, computed as `np.arange(0.05, 0.99, 0.05)` computes them.
    public static let thresholds: [Double] = (0..<19).map { 0.05 + Double($0) * 0.05 }
    /// The thresholds in names of columns: 5, 10, …, 95.
    public static let thresholdLabels: [Int] = (1...19).map { $0 * 5 }

    /// Matches whose overlap reaches the threshold.
    public internal(set) var truePositives: [Int]
    /// True boxes without such a match.
    public internal(set) var falseNegatives: [Int]
    /// The tracker's boxes without such a match.
    public internal(set) var falsePositives: [Int]
    /// Association accuracy, recall and precision.
    public internal(set) var assA, assRe, assPr: [Double]
    /// Mean overlap of the matches.
    public internal(set) var locA: [Double]
    /// Detection recall, precision and accuracy.
    public internal(set) var detRe, detPr, detA: [Double]
    /// √(DetA · AssA) and √(DetRe · AssA).
    public internal(set) var hota, owta: [Double]
    /// HOTA and LocA at the lowest threshold, and their product.
    public internal(set) var hota0, locA0, hotaLocA0: Double

    /// Figures from counts and association; the rest follows from them (`hota.py:170-183`).
    init(
        truePositives: [Int], falseNegatives: [Int], falsePositives: [Int], assA: [Double], assRe: [Double],
        assPr: [Double], locA: [Double]
    ) {
        self.truePositives = truePositives
        self.falseNegatives = falseNegatives
        self.falsePositives = falsePositives
        (self.assA, self.assRe, self.assPr, self.locA) = (assA, assRe, assPr, locA)
        detRe = Self.shares(truePositives, of: zip(truePositives, falseNegatives).map { $0 + $1 })
        detPr = Self.shares(truePositives, of: zip(truePositives, falsePositives).map { $0 + $1 })
        detA = Self.shares(
            truePositives,
            of: (0..<Self.thresholds.count).map { truePositives[$0] + falseNegatives[$0] + falsePositives[$0] })
        hota = zip(detA, assA).map { ($0 * $1).squareRoot() }
        owta = zip(detRe, assA).map { ($0 * $1).squareRoot() }
        hota0 = hota[0]
        locA0 = locA[0]
        hotaLocA0 = hota0 * locA0
    }

    /// A sequence where one side has no boxes: nothing is matched, and LocA is 1 (`hota.py:39-49`).
    init(unmatchedTruth: Int, unmatchedResult: Int) {
        let count = Self.thresholds.count
        let zeros = [Double](repeating: 0, count: count)
        self.init(
            truePositives: [Int](repeating: 0, count: count),
            falseNegatives: [Int](repeating: unmatchedTruth, count: count),
            falsePositives: [Int](repeating: unmatchedResult, count: count), assA: zeros, assRe: zeros, assPr: zeros,
            locA: [Double](repeating: 1, count: count))
        hotaLocA0 = 0
    }

    private static func shares(_ parts: [Int], of wholes: [Int]) -> [Double] {
        zip(parts, wholes).map { Double($0) / Double(max(1, $1)) }
    }

    /// The figures in the order of TrackEval's detailed CSV.
    public var fields: [ScoreField] {
        [
            .share("HOTA(0)", hota0), .share("LocA(0)", locA0), .share("HOTALocA(0)", hotaLocA0),
            .share("HOTA", hota), .share("DetA", detA), .share("AssA", assA), .share("DetRe", detRe),
            .share("DetPr", detPr), .share("AssRe", assRe), .share("AssPr", assPr), .share("LocA", locA),
            .share("OWTA", owta), .counts("HOTA_TP", truePositives), .counts("HOTA_FN", falseNegatives),
            .counts("HOTA_FP", falsePositives),
        ]
    }

    /// Names of the fields of a summary, in TrackEval's order.
    static let summaryNames = [
        "HOTA", "DetA", "AssA", "DetRe", "DetPr", "AssRe", "AssPr", "LocA", "OWTA", "HOTA(0)", "LocA(0)", "HOTALocA(0)",
    ]

    var record: [ScoreField] { fields }

    init(record: ScoreRecord) throws {
        truePositives = try record.counts("HOTA_TP")
        falseNegatives = try record.counts("HOTA_FN")
        falsePositives = try record.counts("HOTA_FP")
        (assA, assRe, assPr) = (try record.curve("AssA"), try record.curve("AssRe"), try record.curve("AssPr"))
        locA = try record.curve("LocA")
        (detRe, detPr, detA) = (try record.curve("DetRe"), try record.curve("DetPr"), try record.curve("DetA"))
        (hota, owta) = (try record.curve("HOTA"), try record.curve("OWTA"))
        hota0 = try record.number("HOTA(0)")
        locA0 = try record.number("LocA(0)")
        hotaLocA0 = try record.number("HOTALocA(0)")
    }
}

extension HOTAScores {
    /// Figures of several sequences together, or of several classes by their boxes: counts are added, association and
    /// localisation are means weighted with the true positives (`hota.py:123-133`).
    public static func combined(_ parts: [HOTAScores]) -> HOTAScores {
        let truePositives = sums(parts.map(\.truePositives))
        func weighted(_ curve: KeyPath<HOTAScores, [Double]>) -> [Double] {
            thresholds.indices.map { index in
                parts.reduce(0.0) { $0 + $1[keyPath: curve][index] * Double($1.truePositives[index]) }
            }
        }
        func mean(_ curve: KeyPath<HOTAScores, [Double]>) -> [Double] {
            zip(weighted(curve), truePositives).map { $0 / Double(max(1, $1)) }
        }
        return HOTAScores(
            truePositives: truePositives, falseNegatives: sums(parts.map(\.falseNegatives)),
            falsePositives: sums(parts.map(\.falsePositives)), assA: mean(\.assA), assRe: mean(\.assRe),
            assPr: mean(\.assPr),
            locA: zip(weighted(\.locA), truePositives).map { max(1e-10, $0) / max(1e-10, Double($1)) })
    }

    /// Means over classes; counts are added (`hota.py:135-155`).
    ///
    /// `ignoringEmpty` leaves out classes without any box; if none is left, means are NaN.
    public static func classAveraged(_ classes: [HOTAScores], ignoringEmpty: Bool) -> HOTAScores {
        let parts = ignoringEmpty ? classes.filter { !$0.isEmpty } : classes
        var result = HOTAScores.combined(parts)
        let curves: [WritableKeyPath<HOTAScores, [Double]>] = [
            \.assA, \.assRe, \.assPr, \.locA, \.detRe, \.detPr, \.detA, \.hota, \.owta,
        ]
        for curve in curves {
            // NumPy's mean over the first of two axes adds one class after another.
            result[keyPath: curve] = thresholds.indices.map { index in
                parts.reduce(0.0) { $0 + $1[keyPath: curve][index] } / Double(parts.count)
            }
        }
        result.hota0 = PairwiseSum.mean(parts.map(\.hota0))
        result.locA0 = PairwiseSum.mean(parts.map(\.locA0))
        result.hotaLocA0 = PairwiseSum.mean(parts.map(\.hotaLocA0))
        return result
    }

    private var isEmpty: Bool {
        !thresholds.indices.contains { truePositives[$0] + falseNegatives[$0] + falsePositives[$0] > 0 }
    }

    private var thresholds: [Double] { Self.thresholds }

    private static func sums(_ counts: [[Int]]) -> [Int] {
        thresholds.indices.map { index in counts.reduce(0) { $0 + $1[index] } }
    }
}

import Foundation

/// What a field of a metric holds.
public enum ScoreValue: Sendable {
    /// A whole number, as in `IDSW`.
    case count(Int)
    /// A number; shares count from 0 to 1, not in percent.
    case rate(Double)
    /// A number for each of HOTA's 19 localisation thresholds 0.05, 0.10, …, 0.95.
    case curve([Double])
}

extension ScoreValue: Equatable {
    /// Whether both hold the same numbers; NaN equals NaN, so that values read back can be compared.
    public static func == (left: ScoreValue, right: ScoreValue) -> Bool {
        switch (left, right) {
        case (.count(let left), .count(let right)): left == right
        case (.rate(let left), .rate(let right)): isSame(left, right)
        case (.curve(let left), .curve(let right)): left.elementsEqual(right, by: isSame)
        default: false
        }
    }

    private static func isSame(_ left: Double, _ right: Double) -> Bool {
        left == right || (left.isNaN && right.isNaN)
    }
}

/// One figure of a metric, by its name in the kit that the profile follows.
public struct ScoreField: Equatable, Sendable {
    /// The kit's name, as in `HOTA`, `CLR_TP`, `IDF1`.
    public let name: String
    /// The figure as the kit computes it.
    public let value: ScoreValue
    /// Whether it is a share that is printed and written a hundredfold.
    public let isPercentage: Bool

    /// Creates a field.
    public init(name: String, value: ScoreValue, isPercentage: Bool) {
        self.name = name
        self.value = value
        self.isPercentage = isPercentage
    }

    /// The figure as one number: of a curve the mean over its thresholds, NumPy's order of summation.
    public var number: Double {
        switch value {
        case .count(let count): Double(count)
        case .rate(let rate): rate
        case .curve(let curve): PairwiseSum.mean(curve)
        }
    }

    /// `number`, a hundredfold if it is a share.
    public var scaledNumber: Double { isPercentage ? 100 * number : number }

    /// The figure as TrackEval prints it in tables and writes it in its summary: counts as they are, anything else a
    /// hundredfold with five significant digits (`_base_metric.py:81-93`, format `1.5g`).
    public var summaryText: String {
        if case .count(let count) = value { return String(count) }
        let percent = 100 * number
        guard percent.isFinite else { return percent.isNaN ? "nan" : percent < 0 ? "-inf" : "inf" }
        // Without a locale the format is that of C; with one, exponents get another letter.
        return String(format: "%1.5g", percent)
    }

    /// The columns that the field takes in TrackEval's detailed CSV: one, or for a curve one a threshold, as in
    /// `HOTA___5`, and its mean, `HOTA___AUC` (`_base_metric.py:108-135`).
    public var columns: [ScoreField] {
        guard case .curve(let curve) = value else { return [self] }
        var columns = zip(HOTAScores.thresholdLabels, curve).map { label, value in
            ScoreField(name: "\(name)___\(label)", value: .rate(value), isPercentage: isPercentage)
        }
        columns.append(ScoreField(name: "\(name)___AUC", value: .rate(number), isPercentage: isPercentage))
        return columns
    }

    static func share(_ name: String, _ value: Double) -> ScoreField {
        ScoreField(name: name, value: .rate(value), isPercentage: true)
    }

    static func share(_ name: String, _ curve: [Double]) -> ScoreField {
        ScoreField(name: name, value: .curve(curve), isPercentage: true)
    }

    static func number(_ name: String, _ value: Double) -> ScoreField {
        ScoreField(name: name, value: .rate(value), isPercentage: false)
    }

    static func count(_ name: String, _ count: Int) -> ScoreField {
        ScoreField(name: name, value: .count(count), isPercentage: false)
    }

    static func counts(_ name: String, _ counts: [Int]) -> ScoreField {
        ScoreField(name: name, value: .curve(counts.map(Double.init)), isPercentage: false)
    }
}

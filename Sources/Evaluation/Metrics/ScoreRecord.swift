/// Figures that are written and read by their names.
///
/// Numbers come back with the bits they had: JSON's shortest form does that for every finite number but −0, and what it
/// has no numbers for is written as a text.
protocol RecordedScores: Equatable, Sendable, Codable {
    /// Everything that is needed to make the same figures again.
    var record: [ScoreField] { get }
    /// Makes the figures again.
    init(record: ScoreRecord) throws
}

extension RecordedScores {
    /// Writes every figure under its name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ScoreKey.self)
        for field in record {
            let key = ScoreKey(field.name)
            switch field.value {
            case .count(let count): try container.encode(count, forKey: key)
            case .rate(let rate): try container.encode(ExactNumber(value: rate), forKey: key)
            case .curve(let curve): try container.encode(curve.map(ExactNumber.init(value:)), forKey: key)
            }
        }
    }

    /// Reads what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws {
        try self.init(record: ScoreRecord(container: decoder.container(keyedBy: ScoreKey.self)))
    }

    /// Whether all figures are the same; NaN equals NaN.
    public static func == (left: Self, right: Self) -> Bool { left.record == right.record }
}

/// The name of a figure in a file.
struct ScoreKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// Figures of a file, by their names.
struct ScoreRecord {
    let container: KeyedDecodingContainer<ScoreKey>

    /// What a count can be at most: sums of millions of them cannot overflow.
    private static let largestCount = 1 << 40

    func count(_ name: String) throws -> Int {
        try checked(container.decode(Int.self, forKey: ScoreKey(name)), name)
    }

    func number(_ name: String) throws -> Double {
        try container.decode(ExactNumber.self, forKey: ScoreKey(name)).value
    }

    /// A curve over `thresholds`, by default HOTA's.
    func curve(_ name: String, of thresholds: Int = HOTAScores.thresholds.count) throws -> [Double] {
        let curve = try container.decode([ExactNumber].self, forKey: ScoreKey(name)).map(\.value)
        guard curve.count == thresholds else {
            throw DecodingError.dataCorruptedError(
                forKey: ScoreKey(name), in: container,
                debugDescription: "\(curve.count) numbers, where there are \(thresholds) thresholds")
        }
        return curve
    }

    func counts(_ name: String, of thresholds: Int = HOTAScores.thresholds.count) throws -> [Int] {
        try curve(name, of: thresholds).map { try checked(Int(exactly: $0), name) }
    }

    private func checked(_ count: Int?, _ name: String) throws -> Int {
        guard let count, (0...Self.largestCount).contains(count) else {
            throw DecodingError.dataCorruptedError(
                forKey: ScoreKey(name), in: container,
                debugDescription: "no whole number from 0 to \(Self.largestCount)")
        }
        return count
    }
}

/// A number whose JSON form gives back the same bits, whether or not JSON has numbers like it.
struct ExactNumber: Codable {
    let value: Double

    init(value: Double) { self.value = value }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let text = try? container.decode(String.self) else {
            value = try container.decode(Double.self)
            return
        }
        switch text {
        case "nan": value = .nan
        case "inf": value = .infinity
        case "-inf": value = -.infinity
        case "-0": value = -0.0
        default:
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is no number: nan, inf, -inf and -0 are written as texts")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if value.isNaN {
            try container.encode("nan")
        } else if value.isInfinite {
            try container.encode(value < 0 ? "-inf" : "inf")
        } else if value == 0, value.sign == .minus {
            try container.encode("-0")
        } else {
            try container.encode(value)
        }
    }
}

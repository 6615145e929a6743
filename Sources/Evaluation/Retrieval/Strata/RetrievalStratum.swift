internal import Geometry

/// A group of queries that have something in common: of the query's box, or of its whole sequence.
public enum RetrievalStratum: Hashable, Sendable {
    /// The query's class.
    case classID(Int)
    /// The query's size.
    case size(SizeBin)
    /// How much of the query can be seen.
    case visibility(VisibilityBin)
    /// Whether the query is hidden in part.
    case occluded(Bool)
    /// Whether the picture's border cuts the query.
    case truncated(Bool)
    /// What labels say about the sequence, as in `timeofday: night`.
    case attribute(name: String, value: String)

    /// What a stratum divides by, in the order of reports.
    public enum Kind: String, CaseIterable, Codable, Sendable {
        case `class`, size, visibility, occluded, truncated, attribute
    }

    /// What it divides by.
    public var kind: Kind {
        switch self {
        case .classID: .class
        case .size: .size
        case .visibility: .visibility
        case .occluded: .occluded
        case .truncated: .truncated
        case .attribute: .attribute
        }
    }

    /// The strata of a box: always its class and its size, and what its labels say.
    static func of(_ box: Box, classID: Int, traits: BoxTraits?) -> [RetrievalStratum] {
        var strata: [RetrievalStratum] = [.classID(classID), .size(SizeBin(box))]
        guard let traits else { return strata }
        if let bin = traits.visibility.flatMap(VisibilityBin.init) { strata.append(.visibility(bin)) }
        if let isOccluded = traits.isOccluded { strata.append(.occluded(isOccluded)) }
        if let isTruncated = traits.isTruncated { strata.append(.truncated(isTruncated)) }
        return strata
    }

    /// The strata of a sequence, one an attribute; `undefined` (BDD100K) and empty values say nothing.
    static func of(attributes: [String: String]) -> [RetrievalStratum] {
        attributes.filter { !$0.value.isEmpty && $0.value != "undefined" }
            .map { .attribute(name: $0.key, value: $0.value) }
    }
}

extension RetrievalStratum: Comparable {
    /// By kind, then from small to large, from hidden to visible, from no to yes; texts by their bytes.
    public static func < (left: RetrievalStratum, right: RetrievalStratum) -> Bool {
        switch (left, right) {
        case (.attribute(let leftName, let leftValue), .attribute(let rightName, let rightValue)):
            leftName == rightName
                ? leftValue.utf8.lexicographicallyPrecedes(rightValue.utf8)
                : leftName.utf8.lexicographicallyPrecedes(rightName.utf8)
        default: left.place < right.place
        }
    }

    private var place: (Int, Int) {
        func index<Value: Equatable>(_ value: Value, in all: [Value]) -> Int { all.firstIndex(of: value) ?? all.count }
        let kindPlace = index(kind, in: Kind.allCases)
        switch self {
        case .classID(let number): return (kindPlace, number)
        case .size(let bin): return (kindPlace, index(bin, in: SizeBin.allCases))
        case .visibility(let bin): return (kindPlace, index(bin, in: VisibilityBin.allCases))
        case .occluded(let value), .truncated(let value): return (kindPlace, value ? 1 : 0)
        case .attribute: return (kindPlace, 0)
        }
    }
}

extension RetrievalStratum: Codable {
    enum CodingKeys: String, CodingKey {
        case by, attribute, value
    }

    /// Writes what it divides by and its value; `attribute` names the attribute.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .by)
        switch self {
        case .classID(let number): try container.encode(number, forKey: .value)
        case .size(let bin): try container.encode(bin, forKey: .value)
        case .visibility(let bin): try container.encode(bin, forKey: .value)
        case .occluded(let value), .truncated(let value): try container.encode(value, forKey: .value)
        case .attribute(let name, let value):
            try container.encode(name, forKey: .attribute)
            try container.encode(value, forKey: .value)
        }
    }

    /// Reads what `encode` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(Kind.self, forKey: .by) {
        case .class: self = .classID(try container.decode(Int.self, forKey: .value))
        case .size: self = .size(try container.decode(SizeBin.self, forKey: .value))
        case .visibility: self = .visibility(try container.decode(VisibilityBin.self, forKey: .value))
        case .occluded: self = .occluded(try container.decode(Bool.self, forKey: .value))
        case .truncated: self = .truncated(try container.decode(Bool.self, forKey: .value))
        case .attribute:
            self = .attribute(
                name: try container.decode(String.self, forKey: .attribute),
                value: try container.decode(String.self, forKey: .value))
        }
    }
}

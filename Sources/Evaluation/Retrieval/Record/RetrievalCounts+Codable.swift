extension RetrievalCounts: Codable {
    enum CodingKeys: String, CodingKey {
        case queries, top1, hungarian, mutual, recall5, iou, centre, histogram, chance
        case sameClass = "same_class"
        case sameClassMisses = "same_class_misses"
        case mutualCorrect = "mutual_correct"
    }

    private static var fields: [(key: CodingKeys, path: WritableKeyPath<RetrievalCounts, Int>)] {
        [
            (.queries, \.queries), (.top1, \.top1), (.hungarian, \.hungarian), (.sameClass, \.sameClass),
            (.sameClassMisses, \.sameClassMisses), (.mutual, \.mutual), (.mutualCorrect, \.mutualCorrect),
            (.recall5, \.recall5), (.iou, \.iou), (.centre, \.centre), (.histogram, \.histogram),
        ]
    }

    /// No sequence has so many queries; sums of some thousand such numbers fit.
    private static let largest = 1 << 40

    /// Writes every count.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        for field in Self.fields { try container.encode(self[keyPath: field.path], forKey: field.key) }
        try container.encode(chance, forKey: .chance)
    }

    /// Reads counts; none is negative or beyond what can be added up.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        for field in Self.fields {
            let count = try container.decode(Int.self, forKey: field.key)
            guard (0...Self.largest).contains(count) else {
                throw DecodingError.unusable("count \(count)", at: container.codingPath)
            }
            self[keyPath: field.path] = count
        }
        chance = try container.decode(Double.self, forKey: .chance)
        guard chance >= 0, chance <= Double(queries) else {
            throw DecodingError.unusable("chance \(chance)", at: container.codingPath)
        }
    }
}

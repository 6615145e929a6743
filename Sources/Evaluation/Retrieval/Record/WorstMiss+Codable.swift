internal import Geometry

extension WorstMiss: Codable {
    enum CodingKeys: String, CodingKey {
        case sequence, query, wrong, right
        case requested = "delta"
        case wrongSimilarity = "wrong_similarity"
        case rightSimilarity = "right_similarity"
    }

    /// Writes the miss with its three boxes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sequence, forKey: .sequence)
        try container.encode(requested.description, forKey: .requested)
        try container.encode(query, forKey: .query)
        try container.encode(wrong, forKey: .wrong)
        try container.encode(right, forKey: .right)
        try container.encode(wrongSimilarity, forKey: .wrongSimilarity)
        try container.encode(rightSimilarity, forKey: .rightSimilarity)
    }

    /// Reads what `encode` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sequence = try container.decode(String.self, forKey: .sequence)
        requested = try RetrievalDelta(argument: try container.decode(String.self, forKey: .requested))
        query = try container.decode(Place.self, forKey: .query)
        wrong = try container.decode(Place.self, forKey: .wrong)
        right = try container.decode(Place.self, forKey: .right)
        wrongSimilarity = try container.decode(Double.self, forKey: .wrongSimilarity)
        rightSimilarity = try container.decode(Double.self, forKey: .rightSimilarity)
    }
}

extension WorstMiss.Place: Codable {
    enum CodingKeys: String, CodingKey {
        case frame, box, identity
        case classID = "class"
    }

    /// Writes the box as x, y, width and height.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(frame.rawValue, forKey: .frame)
        try container.encode([box.x, box.y, box.width, box.height], forKey: .box)
        try container.encode(identity, forKey: .identity)
        try container.encode(classID, forKey: .classID)
    }

    /// Reads what `encode` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let number = try container.decode(Int.self, forKey: .frame)
        let sides = try container.decode([Double].self, forKey: .box)
        // A gap is the difference of two numbers: none may be so far out that it overflows.
        guard (1...1 << 53).contains(number), sides.count == 4 else {
            throw DecodingError.unusable("frame or box", at: container.codingPath)
        }
        frame = FrameIndex(number)
        box = Box(x: sides[0], y: sides[1], width: sides[2], height: sides[3])
        identity = try container.decodeIfPresent(Int64.self, forKey: .identity)
        classID = try container.decode(Int.self, forKey: .classID)
        guard box.isWellFormed else { throw DecodingError.unusable("box", at: container.codingPath) }
    }
}

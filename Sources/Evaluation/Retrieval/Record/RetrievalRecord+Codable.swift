internal import Geometry

extension RetrievalRecord: Codable {
    enum CodingKeys: String, CodingKey {
        case sequence, attributes, similarity, shape, gaps
        case frameRate = "frame_rate"
        case classGate = "class_gate"
    }

    /// Writes everything; `init(from:)` brings it back bit by bit.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sequence, forKey: .sequence)
        try container.encode(attributes, forKey: .attributes)
        try container.encode(frameRate, forKey: .frameRate)
        try container.encode(similarity.rawValue, forKey: .similarity)
        try container.encode(classGate, forKey: .classGate)
        try container.encode(shape, forKey: .shape)
        try container.encode(gaps, forKey: .gaps)
    }

    /// Reads what `encode` writes.
    ///
    /// - Throws: `DecodingError` for what no study writes: files are from outside.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sequence = try container.decode(String.self, forKey: .sequence)
        attributes = try container.decode([String: String].self, forKey: .attributes)
        frameRate = try container.decodeIfPresent(Double.self, forKey: .frameRate)
        guard frameRate.map({ $0 > 0 && $0.isFinite }) ?? true,
            let similarity = Similarity(rawValue: try container.decode(String.self, forKey: .similarity))
        else { throw DecodingError.unusable("frame rate or similarity", at: container.codingPath) }
        self.similarity = similarity
        classGate = try container.decode(Bool.self, forKey: .classGate)
        shape = try container.decodeIfPresent(VectorShape.self, forKey: .shape)
        gaps = try container.decode([Gap].self, forKey: .gaps)
    }
}

extension RetrievalRecord.Gap: Codable {
    enum CodingKeys: String, CodingKey {
        case requested, frames, counts, strata, pairs
        case worstMisses = "worst_misses"
    }

    /// Writes a gap.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(requested.description, forKey: .requested)
        try container.encode(frames, forKey: .frames)
        try container.encode(counts, forKey: .counts)
        try container.encode(strata, forKey: .strata)
        try container.encode(worstMisses, forKey: .worstMisses)
        try container.encode(pairs, forKey: .pairs)
    }

    /// Reads a gap.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        requested = try RetrievalDelta(argument: try container.decode(String.self, forKey: .requested))
        frames = try container.decode(Int.self, forKey: .frames)
        guard (1...RetrievalDelta.maximumFrames).contains(frames) else {
            throw DecodingError.unusable("gap", at: container.codingPath)
        }
        counts = try container.decode(RetrievalCounts.self, forKey: .counts)
        strata = try container.decode([RetrievalRecord.Stratum].self, forKey: .strata)
        worstMisses = try container.decode([WorstMiss].self, forKey: .worstMisses)
        pairs = try container.decodeIfPresent(SparsePairs.self, forKey: .pairs)
    }
}

extension RetrievalRecord.Stratum: Codable {
    enum CodingKeys: String, CodingKey {
        case counts
    }

    /// Writes the counts beside the stratum's keys.
    public func encode(to encoder: any Encoder) throws {
        try stratum.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(counts, forKey: .counts)
    }

    /// Reads them.
    public init(from decoder: any Decoder) throws {
        stratum = try RetrievalStratum(from: decoder)
        counts = try decoder.container(keyedBy: CodingKeys.self).decode(RetrievalCounts.self, forKey: .counts)
    }
}

extension DecodingError {
    /// Something that no study writes.
    static func unusable(_ what: String, at path: [any CodingKey]) -> DecodingError {
        .dataCorrupted(Context(codingPath: path, debugDescription: "\(what) is not possible in a retrieval record"))
    }
}

/// What the study found at one gap; encodes to an entry of the report's `retrieval`.
public struct RetrievalResult: Equatable, Sendable {
    /// The gap that was asked for.
    public let requested: RetrievalDelta
    /// The gap in frames; nil where it differs between sequences (asked for in seconds, different rates).
    public let delta: Int?
    /// The gap in seconds; nil where the rate is not known or differs between sequences.
    public let deltaSeconds: Double?
    /// What was counted over all queries.
    public let counts: RetrievalCounts
    /// Rates over all queries (micro average).
    public let rates: RetrievalRates
    /// Means over sequences and over classes.
    public let macro: Macro
    /// Between which values 95 % of the top-1 rates of resampled sequences lie; nil with fewer than two sequences.
    public let interval: ClosedRange<Double>?

    /// How many boxes were asked about.
    public var queries: Int { counts.queries }

    /// Means that give every group the same weight, whatever its number of queries.
    public struct Macro: Equatable, Sendable {
        /// How many sequences have queries.
        public let sequenceCount: Int
        /// The mean over the sequences of each one's rates.
        public let sequences: RetrievalRates
        /// How many classes have queries.
        public let classCount: Int
        /// The mean over the classes of each one's rates; `auc` is nil.
        public let classes: RetrievalRates
    }

    /// Whether the feature finds no more than the colour histogram does; false where either is absent, and where the
    /// histogram finds everything, which nothing can beat.
    public var losesToHistogram: Bool {
        guard let top1 = rates.top1, let histogram = rates.histogramTop1 else { return false }
        return histogram < 1 && top1 <= histogram
    }
}

extension RetrievalResult: Encodable {
    enum CodingKeys: String, CodingKey {
        case delta
        case deltaSeconds = "delta_seconds"
        case queries, macro, interval
    }

    /// Writes the rates beside the other keys; absent values as null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(delta, forKey: .delta)
        try container.encode(deltaSeconds, forKey: .deltaSeconds)
        try container.encode(queries, forKey: .queries)
        try rates.encode(to: encoder)
        try container.encode(macro, forKey: .macro)
        try container.encode(interval.map { [$0.lowerBound, $0.upperBound] }, forKey: .interval)
    }
}

extension RetrievalResult.Macro: Encodable {
    enum CodingKeys: String, CodingKey {
        case sequences, classes
        case sequenceCount = "sequence_count"
        case classCount = "class_count"
    }

    /// Writes both means and how many groups each is of.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sequenceCount, forKey: .sequenceCount)
        try container.encode(sequences, forKey: .sequences)
        try container.encode(classCount, forKey: .classCount)
        try container.encode(classes, forKey: .classes)
    }
}

/// What the study found for the queries of one stratum at one gap.
public struct StratumResult: Equatable, Sendable {
    /// What the queries have in common.
    public let stratum: RetrievalStratum
    /// The gap that was asked for.
    public let requested: RetrievalDelta
    /// The gap in frames; nil where it differs between sequences.
    public let delta: Int?
    /// The gap in seconds; nil where the rate is not known or differs between sequences.
    public let deltaSeconds: Double?
    /// What was counted over the stratum's queries.
    public let counts: RetrievalCounts
    /// Rates over the stratum's queries; `auc` is nil.
    public let rates: RetrievalRates
    /// How many sequences have queries of the stratum.
    public let sequenceCount: Int
    /// Between which values 95 % of the top-1 rates of resampled sequences lie; nil with fewer than two sequences.
    public let interval: ClosedRange<Double>?

    /// How many boxes were asked about.
    public var queries: Int { counts.queries }
}

extension StratumResult: Encodable {
    enum CodingKeys: String, CodingKey {
        case queries, sequences, interval
    }

    /// Writes the stratum's keys (`by`, `value`, `attribute`) beside the rates; absent values as null.
    ///
    /// The gap is not among them: results stand in a list of their gap.
    public func encode(to encoder: any Encoder) throws {
        try stratum.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(queries, forKey: .queries)
        try rates.encode(to: encoder)
        try container.encode(sequenceCount, forKey: .sequences)
        try container.encode(interval.map { [$0.lowerBound, $0.upperBound] }, forKey: .interval)
    }
}

/// How often retrieval was right, 0 to 1; nil where there was nothing to be right about.
public struct RetrievalRates: Equatable, Sendable {
    /// Queries whose nearest box by the feature has their identity.
    public var top1: Double?
    /// Queries that a one-to-one assignment of the two frames by the feature alone gives their identity.
    public var hungarian: Double?
    /// Queries whose nearest box has their class.
    public var sameClass: Double?
    /// Of the queries whose nearest box has another identity, those where it has their class.
    public var sameClassOfMisses: Double?
    /// Of the queries that are the nearest box of their nearest box, those where it has their identity.
    public var mutualPrecision: Double?
    /// Queries that are the nearest box (among all boxes at t) of their nearest box.
    public var mutualCoverage: Double?
    /// Queries whose identity is among their five nearest boxes.
    public var recall5: Double?
    /// Area under the ROC curve of same against different pairs; not available by class.
    public var auc: Double?
    /// The rate that drawing from the gallery at random would reach.
    public var chance: Double?
    /// Queries whose box of highest IoU has their identity.
    public var iouTop1: Double?
    /// Queries whose box of nearest centre has their identity.
    public var centreTop1: Double?
    /// Queries whose box of most similar colours has their identity.
    public var histogramTop1: Double?

    /// All rates, so that averages need no list of their own.
    private static var fields: [WritableKeyPath<RetrievalRates, Double?>] {
        [
            \.top1, \.hungarian, \.sameClass, \.sameClassOfMisses, \.mutualPrecision, \.mutualCoverage, \.recall5,
            \.auc, \.chance, \.iouTop1, \.centreTop1, \.histogramTop1,
        ]
    }

    /// Rates that are all absent.
    init() {}

    /// The mean of every rate over the groups that have it.
    init(meanOf groups: [RetrievalRates]) {
        for field in Self.fields {
            let present = groups.compactMap { $0[keyPath: field] }
            if !present.isEmpty { self[keyPath: field] = present.reduce(0, +) / Double(present.count) }
        }
    }
}

extension RetrievalRates: Encodable {
    enum CodingKeys: String, CodingKey {
        case top1, hungarian
        case sameClass = "same_class"
        case sameClassOfMisses = "same_class_of_misses"
        case mutualPrecision = "mutual_precision"
        case mutualCoverage = "mutual_coverage"
        case recall5, auc, chance
        case iouTop1 = "iou_top1"
        case centreTop1 = "centre_top1"
        case histogramTop1 = "histogram_top1"
    }

    /// Writes every rate, absent ones as null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(top1, forKey: .top1)
        try container.encode(hungarian, forKey: .hungarian)
        try container.encode(sameClass, forKey: .sameClass)
        try container.encode(sameClassOfMisses, forKey: .sameClassOfMisses)
        try container.encode(mutualPrecision, forKey: .mutualPrecision)
        try container.encode(mutualCoverage, forKey: .mutualCoverage)
        try container.encode(recall5, forKey: .recall5)
        try container.encode(auc, forKey: .auc)
        try container.encode(chance, forKey: .chance)
        try container.encode(iouTop1, forKey: .iouTop1)
        try container.encode(centreTop1, forKey: .centreTop1)
        try container.encode(histogramTop1, forKey: .histogramTop1)
    }
}

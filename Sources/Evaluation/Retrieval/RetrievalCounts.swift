/// What was counted over the queries of a gap: of all frames, of one sequence, or of one class.
public struct RetrievalCounts: Equatable, Sendable {
    /// Boxes at t whose identity is there at t + Δt.
    public internal(set) var queries = 0
    /// Queries whose nearest box has their identity.
    public internal(set) var top1 = 0
    /// Queries that the one-to-one assignment of the two frames gives their identity.
    public internal(set) var hungarian = 0
    /// Queries whose nearest box has their class.
    public internal(set) var sameClass = 0
    /// Queries whose nearest box has another identity, but their class.
    public internal(set) var sameClassMisses = 0
    /// Queries that are the nearest box of their nearest box.
    public internal(set) var mutual = 0
    /// Those of `mutual` whose nearest box has their identity.
    public internal(set) var mutualCorrect = 0
    /// Queries whose identity is among their five nearest boxes.
    public internal(set) var recall5 = 0
    /// Queries whose box of highest IoU has their identity.
    public internal(set) var iou = 0
    /// Queries whose box of nearest centre has their identity.
    public internal(set) var centre = 0
    /// Queries whose box of most similar colour histogram has their identity.
    public internal(set) var histogram = 0
    /// Sum over the queries of the probability that a box drawn at random has their identity.
    public internal(set) var chance = 0.0

    /// Adds other counts to these.
    static func += (left: inout RetrievalCounts, right: RetrievalCounts) {
        left.queries += right.queries
        left.top1 += right.top1
        left.hungarian += right.hungarian
        left.sameClass += right.sameClass
        left.sameClassMisses += right.sameClassMisses
        left.mutual += right.mutual
        left.mutualCorrect += right.mutualCorrect
        left.recall5 += right.recall5
        left.iou += right.iou
        left.centre += right.centre
        left.histogram += right.histogram
        left.chance += right.chance
    }
}

/// Which of the compared things the frames of a study have.
struct RetrievalContents: Equatable, Sendable {
    var hasVectors = false
    var hasHistograms = false
}

extension RetrievalRates {
    /// Divides counts by the number they are counted over; nil where that is 0 or where nothing could be counted.
    init(_ counts: RetrievalCounts, contents: RetrievalContents, auc: Double?) {
        func rate(_ count: Int, of total: Int, if isThere: Bool = true) -> Double? {
            isThere && total > 0 ? Double(count) / Double(total) : nil
        }
        let queries = counts.queries
        let hasVectors = contents.hasVectors
        top1 = rate(counts.top1, of: queries, if: hasVectors)
        hungarian = rate(counts.hungarian, of: queries, if: hasVectors)
        sameClass = rate(counts.sameClass, of: queries, if: hasVectors)
        sameClassOfMisses = rate(counts.sameClassMisses, of: queries - counts.top1, if: hasVectors)
        mutualPrecision = rate(counts.mutualCorrect, of: counts.mutual, if: hasVectors)
        mutualCoverage = rate(counts.mutual, of: queries, if: hasVectors)
        recall5 = rate(counts.recall5, of: queries, if: hasVectors)
        self.auc = hasVectors ? auc : nil
        chance = queries > 0 ? counts.chance / Double(queries) : nil
        iouTop1 = rate(counts.iou, of: queries)
        centreTop1 = rate(counts.centre, of: queries)
        histogramTop1 = rate(counts.histogram, of: queries, if: contents.hasHistograms)
    }
}

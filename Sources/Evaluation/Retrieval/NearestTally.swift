public import Geometry

/// Nearest boxes of one feature, counted by sequence and gap.
public struct NearestCounts: Equatable, Sendable {
    /// Boxes that were asked about.
    public var queries = 0
    /// Queries whose nearest box has their identity.
    public var top1 = 0
    /// Queries whose nearest box has their class.
    public var sameClass = 0

    /// Creates counts of nothing, or given ones.
    public init(queries: Int = 0, top1: Int = 0, sameClass: Int = 0) {
        self.queries = queries
        self.top1 = top1
        self.sameClass = sameClass
    }

    /// Adds other counts to these.
    public static func += (left: inout NearestCounts, right: NearestCounts) {
        left.queries += right.queries
        left.top1 += right.top1
        left.sameClass += right.sameClass
    }
}

/// Asks every query for its nearest box by one feature, and counts.
///
/// What `RetrievalStudy` counts as `top1` and `sameClass`, by the same similarities and with the same ties, without what
/// takes memory and time there: hundreds of features are compared at once. It keeps no frames; the caller does.
public struct NearestTally: Sendable {
    /// How alike two vectors are.
    public let similarity: Similarity
    /// What was counted, by sequence and by gap.
    public private(set) var sequences: [[NearestCounts]] = []

    private let gaps: Int
    private var scores: [Float] = []

    /// Creates a tally of nothing.
    public init(similarity: Similarity, gaps: Int) {
        self.similarity = similarity
        self.gaps = gaps
    }

    /// Starts a sequence.
    public mutating func beginSequence() {
        sequences.append([NearestCounts](repeating: NearestCounts(), count: gaps))
    }

    /// Counts the queries of a pair of frames.
    ///
    /// - Precondition: a sequence has begun, and the vectors are those of the pair's boxes, in their order.
    /// - Complexity: O(boxes² · dimension).
    public mutating func judge(_ earlier: FeatureVectors, _ later: FeatureVectors, _ pair: RetrievalQueries.Pair) {
        precondition(
            earlier.count == pair.targets.count && later.count == pair.laterClasses.count,
            "the vectors are of other boxes")
        similarity.matrix(earlier, later, into: &scores)
        var counts = NearestCounts()
        for (row, target) in pair.targets.enumerated() {
            guard let target else { continue }
            let first = row * later.count
            var nearest = 0
            for column in 1..<max(1, later.count) where scores[first + column] > scores[first + nearest] {
                nearest = column
            }
            counts.queries += 1
            if nearest == target { counts.top1 += 1 }
            if pair.laterClasses[nearest] == pair.earlierClasses[row] { counts.sameClass += 1 }
        }
        sequences[sequences.count - 1][pair.gap] += counts
    }
}

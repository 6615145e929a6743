/// What a configuration is worth and what it costs.
public struct Tradeoff: Equatable, Sendable {
    /// More is better.
    public var score: Double
    /// Operations; less is better.
    public var operations: Double
    /// Numbers of a vector; less is better.
    public var dimension: Int

    /// Creates a point.
    public init(score: Double, operations: Double, dimension: Int) {
        self.score = score
        self.operations = operations
        self.dimension = dimension
    }
}

/// The configurations that no other one beats.
public enum ParetoFront {
    /// Whether each point is on the front: no other one has at least its score for at most its operations and dimension.
    ///
    /// Edge cases: of points that agree in all three the first is on the front and the others are not, so that one of
    /// them is chosen and the table is not filled with the rest. Scores that are no number are on no front.
    ///
    /// - Complexity: O(n log n + n · front).
    public static func members(of points: [Tradeoff]) -> [Bool] {
        let order = points.indices.filter { !points[$0].score.isNaN }.sorted { left, right in
            let (a, b) = (points[left], points[right])
            if a.operations != b.operations { return a.operations < b.operations }
            if a.dimension != b.dimension { return a.dimension < b.dimension }
            return a.score != b.score ? a.score > b.score : left < right
        }
        var isMember = [Bool](repeating: false, count: points.count)
        // Whatever beats a point comes before it in this order, and is beaten only by what is on the front already.
        var front: [Tradeoff] = []
        for index in order {
            let point = points[index]
            guard !front.contains(where: { $0.dimension <= point.dimension && $0.score >= point.score }) else {
                continue
            }
            front.append(point)
            isMember[index] = true
        }
        return isMember
    }
}

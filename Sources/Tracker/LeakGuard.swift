import Geometry

/// Takes from the order of a frame's rows whatever it may say about identities.
///
/// Ground-truth files list objects by identity, so that a matcher which breaks ties by row would be told the answer.
/// Association therefore sees boxes in an order that depends on the boxes alone.
public enum LeakGuard {
    /// The canonical order: indices sorted by (x, y, width, height, class, confidence), then shuffled with a fixed seed.
    ///
    /// The shuffle depends on the count alone, so that shuffled input rows give the same order of boxes. Rows that agree
    /// in all six numbers cannot be told apart and keep their relative order.
    ///
    /// - Complexity: O(n log n).
    public static func order(_ observations: [Observation]) -> [Int] {
        var order = observations.indices.sorted { precedes(observations[$0], observations[$1], $0, $1) }
        var random = SplitMix64(seed: 0x7674_7261_636B ^ UInt64(order.count))
        var last = order.count - 1
        while last > 0 {
            order.swapAt(last, random.index(below: last + 1))
            last -= 1
        }
        return order
    }

    /// Whether one box comes before another by (x, y, width, height, class, confidence), then by row.
    static func precedes(_ left: Observation, _ right: Observation, _ leftRow: Int, _ rightRow: Int) -> Bool {
        if left.box.x != right.box.x { return isLess(left.box.x, right.box.x) }
        if left.box.y != right.box.y { return isLess(left.box.y, right.box.y) }
        if left.box.width != right.box.width { return isLess(left.box.width, right.box.width) }
        if left.box.height != right.box.height { return isLess(left.box.height, right.box.height) }
        if left.classID != right.classID { return left.classID < right.classID }
        if left.confidence != right.confidence { return isLess(left.confidence, right.confidence) }
        return leftRow < rightRow
    }

    /// IEEE total order, so that a NaN cannot make the sort inconsistent.
    private static func isLess(_ left: Double, _ right: Double) -> Bool {
        left.isTotallyOrdered(belowOrEqualTo: right) && !right.isTotallyOrdered(belowOrEqualTo: left)
    }
}

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
        var random = SplitMix64(state: 0x7674_7261_636B ^ UInt64(order.count))
        var last = order.count - 1
        while last > 0 {
            order.swapAt(last, Int(random.next(below: UInt64(last + 1))))
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

/// A small random number generator with a fixed sequence.
///
/// Source: S. Vigna, SplitMix64, https://prng.di.unimi.it/splitmix64.c (public domain).
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, `bound`.
    mutating func next(below bound: UInt64) -> UInt64 {
        next().multipliedFullWidth(by: bound).high
    }
}

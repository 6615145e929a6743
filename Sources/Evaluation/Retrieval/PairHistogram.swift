/// Similarities of same and of different pairs, in bins, for the area under the ROC curve in bounded memory.
///
/// Edge cases: pairs in one bin count as tied (half); a similarity outside of the range falls into the bin at its end.
struct PairHistogram: Equatable, Sendable {
    /// How many bins the range is divided into.
    static let bins = 65_536

    /// Where the range starts, and bins a unit of similarity.
    private let low: Float
    private let scale: Float
    private var same: [Int]
    private var different: [Int]

    /// Creates an empty histogram over a range of similarities.
    init(range: ClosedRange<Float>) {
        low = range.lowerBound
        scale = Float(Self.bins) / (range.upperBound - range.lowerBound)
        same = [Int](repeating: 0, count: Self.bins)
        different = same
    }

    /// The bin of a similarity.
    @inline(__always)
    private func bin(_ similarity: Float) -> Int {
        // `max(0, …)` in this order turns NaN into 0.
        Int(min(max(0, (similarity - low) * scale), Float(Self.bins - 1)))
    }

    /// Adds a pair of a query and a box of its gallery.
    @inline(__always)
    mutating func add(_ similarity: Float, isSame: Bool) {
        if isSame { same[bin(similarity)] += 1 } else { different[bin(similarity)] += 1 }
    }

    /// Adds the pairs of another sequence.
    mutating func merge(_ other: PairHistogram) {
        for index in same.indices {
            same[index] += other.same[index]
            different[index] += other.different[index]
        }
    }

    /// Hands out the bins that are not empty, rising.
    func forEachPair(_ body: (_ bin: Int, _ same: Int, _ different: Int) -> Void) {
        for index in same.indices where same[index] > 0 || different[index] > 0 {
            body(index, same[index], different[index])
        }
    }

    /// Sets a bin that has been handed out before.
    mutating func set(_ bin: Int, same: Int, different: Int) {
        self.same[bin] = same
        self.different[bin] = different
    }

    /// The probability that a same pair is more similar than a different one, ties half; nil without both.
    var areaUnderCurve: Double? {
        var below = 0.0
        var area = 0.0
        var total = 0.0
        // Counts are far below 2⁵³ and their products rarely beyond it: Double holds them well enough.
        for index in same.indices {
            area += Double(same[index]) * (below + Double(different[index]) / 2)
            below += Double(different[index])
            total += Double(same[index])
        }
        return total > 0 && below > 0 ? area / (total * below) : nil
    }
}

/// Sums with the rounding of NumPy's `sum` and `mean` over numbers that lie side by side.
///
/// Source: NumPy's pairwise summation (`numpy/_core/src/umath/loops_utils.h.src`): fewer than 8 numbers one after
/// another; up to 128 in eight running sums that are added in pairs; more are halved at a multiple of 8. Figures must
/// agree with the kits where a tie or a threshold hangs on the last bit, so that the order is part of them.
enum PairwiseSum {
    private static let block = 128

    /// The sum of all numbers, 0 for none.
    static func sum(_ values: [Double]) -> Double {
        sum(values.span)
    }

    /// The mean of all numbers, NaN for none.
    static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : sum(values) / Double(values.count)
    }

    private static func sum(_ values: Span<Double>) -> Double {
        let count = values.count
        if count < 8 {
            var total = 0.0
            for index in 0..<count { total += values[index] }
            return total
        }
        guard count > block else {
            var lanes = SIMD8<Double>(repeating: 0)
            let whole = count - count % 8
            for start in stride(from: 0, to: whole, by: 8) {
                for lane in 0..<8 { lanes[lane] += values[start + lane] }
            }
            var total = added(lanes)
            for index in whole..<count { total += values[index] }
            return total
        }
        let half = count / 2 - count / 2 % 8
        return sum(values.extracting(0..<half)) + sum(values.extracting(half..<count))
    }

    /// The sum of `count` numbers of which only those at `positions`, which rise, are not 0.
    ///
    /// Adding 0 to a sum of numbers that are not negative changes no bit, so that the others are left out.
    static func sum(at positions: [Int], _ values: [Double], count: Int) -> Double {
        sum(positions.span, values.span, first: 0, count: count)
    }

    static func sum(_ positions: Span<Int>, _ values: Span<Double>, first: Int, count: Int) -> Double {
        let known = positions.count
        // Of two numbers the sum does not depend on the order.
        if known < 3 {
            return known == 0 ? 0 : known == 1 ? values[0] : values[0] + values[1]
        }
        if count < 8 {
            var total = 0.0
            for index in 0..<known { total += values[index] }
            return total
        }
        guard count > block else {
            var lanes = SIMD8<Double>(repeating: 0)
            let whole = first + count - count % 8
            var index = 0
            while index < known, positions[index] < whole {
                lanes[(positions[index] - first) % 8] += values[index]
                index += 1
            }
            var total = added(lanes)
            while index < known {
                total += values[index]
                index += 1
            }
            return total
        }
        let half = count / 2 - count / 2 % 8
        var low = 0
        var high = known
        while low < high {
            let middle = (low + high) / 2
            if positions[middle] < first + half { low = middle + 1 } else { high = middle }
        }
        return sum(positions.extracting(0..<low), values.extracting(0..<low), first: first, count: half)
            + sum(
                positions.extracting(low..<known), values.extracting(low..<known), first: first + half,
                count: count - half)
    }

    private static func added(_ lanes: SIMD8<Double>) -> Double {
        ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
    }
}

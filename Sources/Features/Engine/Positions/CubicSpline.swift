/// Interpolation by the cubic spline that is smooth to the third derivative at the second and the last but one knot
/// ("not-a-knot"), as a matrix from values at the knots to values elsewhere.
///
/// Source: de Boor, A Practical Guide to Splines (1978), chapter IV; FITPACK's interpolating splines, which SciPy calls,
/// are the same function.
struct CubicSpline {
    /// Rising, at least one.
    let knots: [Double]

    /// The weights of the knots' values in the spline's value at each place, (places, knots).
    ///
    /// Beyond the first and last knot their values hold. Fewer than four knots are joined by straight lines.
    func weights(at places: [Double]) -> [[Double]] {
        let count = knots.count
        // The second derivatives at all knots for a value of 1 at one of them.
        let curvatures = count < 4 ? [] : (0..<count).map { curvature(ofUnit: $0) }
        return places.map { place in
            var row = [Double](repeating: 0, count: count)
            let x = min(max(place, knots[0]), knots[count - 1])
            let interval = min((knots.lastIndex { $0 <= x } ?? 0), max(count - 2, 0))
            guard count > 1 else { return [1] }
            let width = knots[interval + 1] - knots[interval]
            let (a, b) = ((knots[interval + 1] - x) / width, (x - knots[interval]) / width)
            row[interval] += a
            row[interval + 1] += b
            guard count >= 4 else { return row }
            let (c, d) = ((a * a * a - a) * width * width / 6, (b * b * b - b) * width * width / 6)
            for knot in 0..<count { row[knot] += c * curvatures[knot][interval] + d * curvatures[knot][interval + 1] }
            return row
        }
    }

    /// Second derivatives at all knots where the value is 1 at one knot and 0 at the others.
    private func curvature(ofUnit unit: Int) -> [Double] {
        let last = knots.count - 1
        let steps = (0..<last).map { knots[$0 + 1] - knots[$0] }
        func value(_ knot: Int) -> Double { knot == unit ? 1 : 0 }
        // One equation for each inner knot; those of the border knots are put into the first and the last of them.
        var (lower, diagonal, upper, right): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for knot in 1..<last {
            let (before, after) = (steps[knot - 1], steps[knot])
            lower.append(before)
            diagonal.append(2 * (before + after))
            upper.append(after)
            right.append(
                6 * ((value(knot + 1) - value(knot)) / after - (value(knot) - value(knot - 1)) / before))
        }
        let (first, second) = (steps[0], steps[1])
        diagonal[0] += first * (first + second) / second
        upper[0] -= first * first / second
        let (penultimate, final) = (steps[last - 2], steps[last - 1])
        diagonal[last - 2] += final * (final + penultimate) / penultimate
        lower[last - 2] -= final * final / penultimate

        for row in 1..<last - 1 {
            let factor = lower[row] / diagonal[row - 1]
            diagonal[row] -= factor * upper[row - 1]
            right[row] -= factor * right[row - 1]
        }
        var result = [Double](repeating: 0, count: last + 1)
        for row in stride(from: last - 2, through: 0, by: -1) {
            let next = row == last - 2 ? 0 : upper[row] * result[row + 2]
            result[row + 1] = (right[row] - next) / diagonal[row]
        }
        result[0] = ((first + second) * result[1] - first * result[2]) / second
        result[last] = ((final + penultimate) * result[last - 1] - final * result[last - 2]) / penultimate
        return result
    }
}

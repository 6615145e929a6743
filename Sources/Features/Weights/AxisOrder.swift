/// Moves numbers so that a tensor's axes stand in another order.
enum AxisOrder {
    /// The numbers of a tensor whose axis `i` is axis `axes[i]` of the given one, both row-major.
    ///
    /// The same as `numpy.transpose(values.reshape(shape), axes)`.
    ///
    /// - Precondition: `axes` are the numbers from 0 below the rank, each once, and there are as many values as the
    ///   shape says.
    /// - Complexity: O(n) with one read and one write a number.
    static func permute(_ values: [Float], shape: [Int], axes: [Int]) -> [Float] {
        precondition(axes.sorted() == Array(shape.indices))
        precondition(values.count == shape.reduce(1, *))
        // Where no number changes its neighbours, as for vectors.
        guard axes != Array(shape.indices), !values.isEmpty else { return values }
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
        let sides = axes.map { shape[$0] }
        let steps = axes.map { strides[$0] }
        let last = sides.count - 1

        var result: [Float] = []
        result.reserveCapacity(values.count)
        var index = [Int](repeating: 0, count: sides.count)
        var source = 0
        while true {
            for position in 0..<sides[last] { result.append(values[source + position * steps[last]]) }
            // The next row: like an odometer, the axis before last turns fastest.
            var axis = last - 1
            while axis >= 0 {
                index[axis] += 1
                source += steps[axis]
                if index[axis] < sides[axis] { break }
                source -= sides[axis] * steps[axis]
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return result }
        }
    }
}

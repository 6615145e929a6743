/// One vector per box of a frame: what Features makes, and Tracker and Evaluation take as plain values.
///
/// Shapes: `values` is row-major, `count` rows of `dimension` numbers; row i belongs to box i of the frame.
///
/// Edge cases: a zero row stands for a box that no sample reached, and its similarity to everything is 0. There may be
/// no rows at all.
public struct FeatureVectors: Equatable, Sendable {
    /// How many boxes there are.
    public private(set) var count: Int
    /// How many numbers a vector has.
    public let dimension: Int
    /// The numbers, `count · dimension` of them, row-major.
    public var values: [Float]

    /// Creates vectors from row-major numbers.
    ///
    /// - Precondition: `values.count == count · dimension` and `dimension > 0`.
    public init(count: Int, dimension: Int, values: [Float]) {
        precondition(dimension > 0 && values.count == count * dimension, "numbers do not match the shape")
        self.count = count
        self.dimension = dimension
        self.values = values
    }

    /// Creates `count` zero vectors.
    public init(zeros count: Int, dimension: Int) {
        self.init(count: count, dimension: dimension, values: [Float](repeating: 0, count: count * dimension))
    }

    /// The numbers of row `index`, without a copy.
    public subscript(row index: Int) -> ArraySlice<Float> {
        values[index * dimension..<(index + 1) * dimension]
    }

    /// The rows at `indices`, in that order.
    public func selecting(_ indices: [Int]) -> FeatureVectors {
        var selected: [Float] = []
        selected.reserveCapacity(indices.count * dimension)
        for index in indices { selected.append(contentsOf: self[row: index]) }
        return FeatureVectors(count: indices.count, dimension: dimension, values: selected)
    }
}

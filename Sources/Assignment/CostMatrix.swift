/// The cost of giving each row to each column: what `HungarianMatcher` minimises over.
///
/// Shapes: `values` is row-major, `rows · columns` numbers; the cost of pair (r, c) is at `r · columns + c`.
///
/// Edge cases: +∞ forbids a pair. NaN and −∞ have no meaning as a cost and forbid the pair too. Either side may be 0.
public struct CostMatrix: Equatable, Sendable {
    /// How many rows there are.
    public private(set) var rows: Int
    /// How many columns there are.
    public private(set) var columns: Int
    /// The costs, row-major; its count is always `rows · columns`.
    public var values: [Double]

    /// Creates a matrix from row-major costs.
    ///
    /// - Precondition: neither side is negative and `values.count == rows · columns`.
    public init(rows: Int, columns: Int, values: [Double]) {
        precondition(rows >= 0 && columns >= 0 && values.count == rows * columns, "costs do not match the shape")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// Creates a matrix that holds one cost everywhere.
    public init(rows: Int, columns: Int, repeating cost: Double = .infinity) {
        self.init(rows: rows, columns: columns, values: [Double](repeating: cost, count: rows * columns))
    }

    /// The cost of giving `row` to `column`.
    public subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// Changes the shape and sets every cost to `cost`, keeping the storage where it is large enough, so that a matrix
    /// can be reused frame after frame without allocating.
    ///
    /// - Precondition: neither side is negative.
    public mutating func reshape(rows: Int, columns: Int, repeating cost: Double = .infinity) {
        precondition(rows >= 0 && columns >= 0, "a matrix cannot have a negative side")
        self.rows = rows
        self.columns = columns
        values.removeAll(keepingCapacity: true)
        values.append(contentsOf: repeatElement(cost, count: rows * columns))
    }
}

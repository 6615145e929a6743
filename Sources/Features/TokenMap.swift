/// The patch tokens of one frame, the tiles stitched together as they lie in the picture.
///
/// Shapes: `values` is row-major (rows, columns, channels); `rows` = tile rows · S/P, `columns` = tile columns · S/P.
public struct TokenMap: Equatable, Sendable {
    /// Patches from top to bottom.
    public private(set) var rows: Int
    /// Patches from left to right.
    public private(set) var columns: Int
    /// Numbers per token: the model's width, times the number of layers joined.
    public private(set) var channels: Int
    /// The tokens, `rows · columns · channels` numbers.
    public var values: [Float]

    /// Creates a map of zeros.
    public init(rows: Int = 0, columns: Int = 0, channels: Int = 0) {
        self.rows = rows
        self.columns = columns
        self.channels = channels
        values = [Float](repeating: 0, count: rows * columns * channels)
    }

    /// Changes the shape and keeps the storage where it is large enough.
    ///
    /// The contents afterwards are unspecified.
    public mutating func reshape(rows: Int, columns: Int, channels: Int) {
        let count = rows * columns * channels
        if values.count > count {
            values.removeLast(values.count - count)
        } else if values.count < count {
            values.append(contentsOf: repeatElement(0, count: count - values.count))
        }
        self.rows = rows
        self.columns = columns
        self.channels = channels
    }
}

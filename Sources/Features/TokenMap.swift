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
    /// The length of each token before it was normalised, `rows · columns` numbers; empty where nobody asked.
    public var lengths: [Float] = []

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
    ///
    /// - Parameter withLengths: Whether there is room for the tokens' lengths.
    public mutating func reshape(rows: Int, columns: Int, channels: Int, withLengths: Bool = false) {
        Self.resize(&values, to: rows * columns * channels)
        Self.resize(&lengths, to: withLengths ? rows * columns : 0)
        self.rows = rows
        self.columns = columns
        self.channels = channels
    }

    private static func resize(_ numbers: inout [Float], to count: Int) {
        if numbers.count > count {
            numbers.removeLast(numbers.count - count)
        } else if numbers.count < count {
            numbers.append(contentsOf: repeatElement(0, count: count - numbers.count))
        }
    }

    /// Lends both storages for writing.
    mutating func withStorage<Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) throws(Failure) -> Void
    ) throws(Failure) {
        try unsafe Self.lend(&values, &lengths, body)
    }

    private static func lend<Failure: Error>(
        _ values: inout [Float], _ lengths: inout [Float],
        _ body: (UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) throws(Failure) -> Void
    ) throws(Failure) {
        try unsafe values.withUnsafeMutableBufferPointer { values throws(Failure) in
            try unsafe lengths.withUnsafeMutableBufferPointer { lengths throws(Failure) in
                try unsafe body(values, lengths)
            }
        }
    }
}

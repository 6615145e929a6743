/// Where one tensor lies in a weights file and what it holds.
public struct TensorEntry: Equatable, Sendable {
    /// The tensor's name.
    public let name: String
    /// The format of its numbers.
    public let type: TensorType
    /// Its dimensions, outermost first; empty for a single number.
    public let shape: [Int]
    /// How many numbers it has: the product of `shape`.
    public let count: Int
    /// The bytes from its first number to its last, counted from the start of the file's data.
    let bytes: Range<Int>
    /// How many numbers lie between neighbours along each dimension; nil where the numbers lie row-major in one piece.
    let strides: [Int]?

    init(name: String, type: TensorType, shape: [Int], count: Int, bytes: Range<Int>, strides: [Int]? = nil) {
        self.name = name
        self.type = type
        self.shape = shape
        self.count = count
        self.bytes = bytes
        self.strides = strides
    }
}

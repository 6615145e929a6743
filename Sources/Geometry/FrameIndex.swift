/// The number of a frame: 1 for the first one, in presentation order, with holes where frames were lost.
public struct FrameIndex: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number itself, counted from 1.
    public let rawValue: Int

    /// Creates a frame number; callers check that it is at least 1.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Creates a frame number; callers check that it is at least 1.
    public init(_ number: Int) {
        self.init(rawValue: number)
    }

    /// Whether the left frame comes before the right one.
    public static func < (left: FrameIndex, right: FrameIndex) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The number in decimal.
    public var description: String { String(rawValue) }
}

/// An axis-aligned rectangle in pixels of the displayed frame.
///
/// Coordinates are continuous and kept as the file had them: no −1 and no +1 (docs/formats.md). The right and bottom edges
/// are exclusive in the sense that `maxX − x == width`.
///
/// Edge cases: a box may lie partly or wholly outside of the frame, and may have zero area; readers refuse negative
/// sizes and values that are not finite before a `Box` reaches any other module.
public struct Box: Hashable, Sendable {
    /// Left edge, pixels.
    public var x: Double
    /// Top edge, pixels.
    public var y: Double
    /// Width, pixels.
    public var width: Double
    /// Height, pixels.
    public var height: Double

    /// Creates a box from its left top corner and its size, all in pixels.
    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// Right edge, pixels.
    public var maxX: Double { x + width }
    /// Bottom edge, pixels.
    public var maxY: Double { y + height }
    /// Horizontal centre, pixels.
    public var centreX: Double { x + width / 2 }
    /// Vertical centre, pixels.
    public var centreY: Double { y + height / 2 }
    /// Area in square pixels.
    public var area: Double { width * height }

    /// Whether all four numbers are finite and neither side is negative.
    public var isWellFormed: Bool {
        x.isFinite && y.isFinite && width.isFinite && height.isFinite && width >= 0 && height >= 0
            && maxX.isFinite && maxY.isFinite
    }
}

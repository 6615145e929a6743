internal import Geometry

/// A box in coordinates of the token map, where token (row r, column c) covers [c, c + 1] × [r, r + 1].
struct MapArea {
    /// The left edge, in token columns.
    let left: Double
    /// The top edge, in token rows.
    let top: Double
    /// The right edge, in token columns.
    let right: Double
    /// The bottom edge, in token rows.
    let bottom: Double

    /// Scales a box in pixels, axis by axis.
    init(_ box: Box, grid: TileGrid) {
        left = box.x * grid.scaleX
        top = box.y * grid.scaleY
        right = box.maxX * grid.scaleX
        bottom = box.maxY * grid.scaleY
    }

    /// Whether the area and the map share at least a point; an edge that is not a number shares none.
    func touches(columns: Int, rows: Int) -> Bool {
        left <= Double(columns) && right >= 0 && top <= Double(rows) && bottom >= 0
    }

    /// The tokens along an axis whose centres lie in [low, high), clipped to the map.
    static func centres(from low: Double, to high: Double, size: Int) -> Range<Int> {
        let first = clamped((low - 0.5).rounded(.up), to: size)
        let end = clamped((high - 0.5).rounded(.up), to: size)
        return first..<max(first, end)
    }

    /// The token along an axis whose centre is nearest to a position.
    static func token(at position: Double, size: Int) -> Int {
        min(clamped(position.rounded(.down), to: size), size - 1)
    }

    /// Brings a value into 0…size before it becomes an `Int`, which larger values would trap.
    private static func clamped(_ value: Double, to size: Int) -> Int {
        value >= 0 ? Int(min(value, Double(size))) : 0
    }
}

/// How a decoded picture is turned and mirrored to be displayed: one of the eight symmetries of a rectangle.
///
/// Source: libavutil/display.h. A display matrix (a, b, u, c, d, v, x, y, w) maps a decoded point (p, q) to
/// (a·p + c·q, b·p + d·q); only the signs and the larger diagonal matter here.
struct Orientation: Hashable, Sendable {
    /// Whether rows become columns.
    var isTransposed = false
    /// Whether displayed columns run against the decoded axis that they follow.
    var flipsX = false
    /// Whether displayed rows run against the decoded axis that they follow.
    var flipsY = false

    /// Displayed as decoded.
    static let upright = Orientation()

    init() {}

    /// Reads a display matrix of nine numbers; a turn by an angle in between is taken to the nearest quarter turn.
    ///
    /// Fewer numbers, or a matrix without a linear part, mean upright.
    init(matrix: [Int32]) {
        guard matrix.count >= 5 else { return }
        let (a, b, c, d) = (matrix[0], matrix[1], matrix[3], matrix[4])
        let straight = UInt64(a.magnitude) + UInt64(d.magnitude)
        let crossed = UInt64(b.magnitude) + UInt64(c.magnitude)
        guard straight > 0 || crossed > 0 else { return }
        if straight >= crossed {
            flipsX = a < 0
            flipsY = d < 0
        } else {
            isTransposed = true
            flipsX = c < 0
            flipsY = b < 0
        }
    }

    /// Whether nothing has to be done.
    var isUpright: Bool { self == .upright }

    /// Whether the displayed picture is a mirror image of the decoded one.
    var isMirrored: Bool { isTransposed != (flipsX != flipsY) }

    /// Clockwise turn from the decoded picture, mirrored left to right first where `isMirrored`: 0, 90, 180 or 270.
    var degrees: Int {
        switch (isTransposed, flipsX, flipsY) {
        case (false, false, false), (false, true, false): 0
        case (false, true, true), (false, false, true): 180
        case (true, true, false), (true, true, true): 90
        case (true, false, true), (true, false, false): 270
        }
    }

    /// Size of the displayed picture, given the decoded one's, and the other way round.
    func displayedSize(width: Int, height: Int) -> (width: Int, height: Int) {
        isTransposed ? (height, width) : (width, height)
    }

    /// The decoded rectangle that is displayed as `region` of a displayed picture of the given size.
    ///
    /// The region may reach beyond the picture; so does the result then.
    func decodedRegion(x: Int, y: Int, width: Int, height: Int, displayedWidth: Int, displayedHeight: Int)
        -> (x: Int, y: Int, width: Int, height: Int)
    {
        let along = flipsX ? displayedWidth - x - width : x
        let down = flipsY ? displayedHeight - y - height : y
        return isTransposed ? (down, along, height, width) : (along, down, width, height)
    }
}

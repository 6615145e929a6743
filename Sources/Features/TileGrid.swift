/// How a frame becomes the square inputs of a Vision Transformer (design §4).
public enum Tiling: String, CaseIterable, Sendable {
    /// The frame resized to a whole number of tiles, each close to 256 source pixels a side.
    case fit
    /// Tiles of exactly 256×256 source pixels from the top left, the border replicated where a tile leaves the frame.
    case pad
    /// One tile: the whole frame resized to multiples of the patch side, position embeddings interpolated.
    case whole
}

/// Where each tile of a frame comes from, and how frame coordinates map to token coordinates.
public struct TileGrid: Equatable, Sendable {
    /// How the frame was cut.
    public let tiling: Tiling
    /// Size of the displayed frame in pixels.
    public let frameWidth: Int
    /// Size of the displayed frame in pixels.
    public let frameHeight: Int
    /// Tiles from left to right.
    public let columns: Int
    /// Tiles from top to bottom.
    public let rows: Int
    /// Width of one tile in model pixels, a multiple of `patch`.
    public let tileWidth: Int
    /// Height of one tile in model pixels, a multiple of `patch`.
    public let tileHeight: Int
    /// Patch side P in model pixels.
    public let patch: Int
    /// Token columns per pixel of the displayed frame.
    public let scaleX: Double
    /// Token rows per pixel of the displayed frame.
    public let scaleY: Double

    /// Width of the picture that holds all tiles side by side, in model pixels.
    public var pictureWidth: Int { columns * tileWidth }
    /// Height of the picture that holds all tiles, in model pixels.
    public var pictureHeight: Int { rows * tileHeight }
    /// Token columns of the stitched map.
    public var mapColumns: Int { pictureWidth / patch }
    /// Token rows of the stitched map.
    public var mapRows: Int { pictureHeight / patch }
}

public import Geometry

/// How a frame becomes the square inputs of a Vision Transformer (docs/features.md).
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

extension TileGrid {
    /// Side of the square of source pixels that one tile stands for.
    public static let sourceSide = 256
    /// The longest side of a frame that can be tiled.
    ///
    /// One row of the 64 million pixels that decoding allows still fits.
    public static let maximumSide = 1 << 26
    /// The most tokens a stitched map may have.
    ///
    /// 64 million pixels in tiles of 37×37 tokens (DINOv2) make 1.4 million; only frames that are thousands of times
    /// longer than wide, whose short side is blown up to a whole tile, make more.
    public static let maximumTokens = 1 << 21
    /// The most pixels the picture of all tiles may have.
    public static let maximumPicturePixels = 1 << 29

    /// Decides how a frame is cut.
    ///
    /// Source: docs/features.md. Halves round to even, as Python's `round` does (640 / 256 = 2.5 → 2).
    ///
    /// - Parameters:
    ///   - tiling: The rule.
    ///   - frameWidth: Width of the displayed frame (after rotation), pixels.
    ///   - frameHeight: Height of the displayed frame, pixels.
    ///   - inputSide: The model's input side S, a multiple of `patch`. `whole` does not use it.
    ///   - patch: The model's patch side P.
    ///   - longSide: For `whole` only: no side of the picture is longer than this.
    /// - Throws: `FeatureError` where a size is not positive or the map would be larger than `maximumTokens`.
    /// - Complexity: O(1).
    public init(
        tiling: Tiling, frameWidth: Int, frameHeight: Int, inputSide: Int, patch: Int, longSide: Int = 1024
    ) throws(FeatureError) {
        guard (1...Self.maximumSide).contains(frameWidth), (1...Self.maximumSide).contains(frameHeight) else {
            throw .frameSize(width: frameWidth, height: frameHeight)
        }
        // 2^14 is far beyond any model, and keeps the products of two sides below from overflowing.
        guard patch >= 1, inputSide >= patch, inputSide <= 1 << 14, inputSide.isMultiple(of: patch) else {
            throw .inputSide(side: inputSide, patch: patch)
        }
        let side = Self.sourceSide
        let patchesPerTile = inputSide / patch
        var tileWidth = inputSide
        var tileHeight = inputSide
        let columns: Int
        let rows: Int
        switch tiling {
        case .fit:
            columns = max(1, Self.roundedRatio(frameWidth, side))
            rows = max(1, Self.roundedRatio(frameHeight, side))
        case .pad:
            columns = (frameWidth + side - 1) / side
            rows = (frameHeight + side - 1) / side
        case .whole:
            guard longSide >= patch else { throw .longSide(longSide, patch: patch) }
            columns = 1
            rows = 1
            let longest = max(frameWidth, frameHeight)
            let bound = min(longSide, Self.maximumSide)
            tileWidth = Self.wholeSide(frameWidth, longest: longest, bound: bound, patch: patch)
            tileHeight = Self.wholeSide(frameHeight, longest: longest, bound: bound, patch: patch)
        }
        let mapColumns = columns * (tileWidth / patch)
        let mapRows = rows * (tileHeight / patch)
        let (tokens, overflow) = mapColumns.multipliedReportingOverflow(by: mapRows)
        guard !overflow, tokens <= Self.maximumTokens, tokens * patch * patch <= Self.maximumPicturePixels
        else { throw .mapSize(rows: mapRows, columns: mapColumns) }

        self.tiling = tiling
        self.frameWidth = frameWidth
        self.frameHeight = frameHeight
        self.columns = columns
        self.rows = rows
        self.tileWidth = tileWidth
        self.tileHeight = tileHeight
        self.patch = patch
        switch tiling {
        case .fit, .whole:
            scaleX = Double(mapColumns) / Double(frameWidth)
            scaleY = Double(mapRows) / Double(frameHeight)
        case .pad:
            scaleX = Double(patchesPerTile) / Double(side)
            scaleY = scaleX
        }
    }

    /// `numerator / denominator` to the nearest integer, halves to even; both are positive.
    private static func roundedRatio(_ numerator: Int, _ denominator: Int) -> Int {
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        let twice = 2 * remainder
        let roundsUp = twice > denominator || (twice == denominator && !quotient.isMultiple(of: 2))
        return roundsUp ? quotient + 1 : quotient
    }

    /// A side of the picture for `whole`: the nearest multiple of the patch side, at least one patch, at most `bound`.
    private static func wholeSide(_ length: Int, longest: Int, bound: Int, patch: Int) -> Int {
        let patches =
            longest > bound
            ? roundedRatio(length * bound, longest * patch)
            : roundedRatio(length, patch)
        return min(max(1, patches), bound / patch) * patch
    }
}

/// One piece of a frame that is resized in one go, and where it goes.
public struct TileRegion: Hashable, Sendable {
    /// The piece, in pixels of the displayed frame; it may reach beyond the right and bottom border, which replicates.
    public let source: PixelRegion
    /// Its place in the picture of all tiles, in model pixels.
    public let target: PixelRegion

    /// Creates a region from where it comes from and where it goes.
    public init(source: PixelRegion, target: PixelRegion) {
        self.source = source
        self.target = target
    }
}

extension TileGrid {
    /// The resizes that make the picture of all tiles from a frame.
    ///
    /// `fit` and `whole` take one, of the whole frame to the whole picture; `pad` takes one a tile, row by row.
    public var regions: [TileRegion] {
        guard tiling == .pad else {
            let frame = PixelRegion(x: 0, y: 0, width: frameWidth, height: frameHeight)
            let picture = PixelRegion(x: 0, y: 0, width: pictureWidth, height: pictureHeight)
            return [TileRegion(source: frame, target: picture)]
        }
        let side = Self.sourceSide
        return (0..<rows).flatMap { row in
            (0..<columns).map { column in
                TileRegion(
                    source: PixelRegion(x: column * side, y: row * side, width: side, height: side),
                    target: PixelRegion(
                        x: column * tileWidth, y: row * tileHeight, width: tileWidth, height: tileHeight))
            }
        }
    }
}

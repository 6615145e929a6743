internal import Geometry

/// Which tiles of a picture are so much like what was embedded of them that their tokens can be used again.
///
/// A tile is compared with its own pixels as they were when it was last embedded, not with the frame before, so a slow
/// drift adds up until it is seen. What is measured is the largest over the tile's patches (P×P model pixels) of the
/// mean absolute difference of their samples, in 8-bit levels (0…255): something small that moves through a still tile
/// changes one patch by much and the tile's mean by nothing. With a threshold of 0 only tiles of identical pixels are
/// reusable, and their tokens are exactly the ones that embedding them again would give.
///
/// It keeps pixels only. The tokens must be kept by whoever embeds, complete and apart from any map that a caller may
/// exchange or a demand may leave half filled. A frame goes:
///
///     reuse.begin(grid)                                  // forgets everything where the grid is another
///     for tile in wanted {
///         if reuse.isReusable(tile, of: picture) {       // its tokens: the kept ones
///         } else {
///             reuse.forget(tile)                         // should embedding fail, nothing stale is reused
///             …embed all tokens of the tile, and keep them…
///             reuse.remember(tile, of: picture)
///         }
///     }
///
/// A tile that nobody wants in a frame is left alone: what is remembered of it still belongs to its kept tokens. One of
/// which only some tokens were computed must not be remembered.
///
/// Tiles are numbered row by row. Asking changes nothing, so threads may ask at the same time. Nothing is allocated
/// while the grid stays.
struct TileReuse: Sendable {
    /// The largest mean difference of a patch, in 8-bit levels, at which a tile is still reusable.
    let threshold: Double

    private var grid: TileGrid?
    /// The picture with each tile as it was last embedded.
    private var pixels: [UInt8] = []
    /// Whether `pixels` holds a tile.
    private var isKept: [Bool] = []

    /// Creates a memory of no tile.
    ///
    /// - Parameter threshold: Levels from 0 to 255; what is less than 0 or not a number makes no tile reusable.
    init(threshold: Double) {
        self.threshold = threshold
    }

    /// Prepares for a frame; where it is cut in another way than the one before, everything is forgotten.
    mutating func begin(_ grid: TileGrid) {
        guard grid != self.grid else { return }
        self.grid = grid
        pixels.removeAll(keepingCapacity: true)
        pixels.append(contentsOf: repeatElement(0, count: grid.pictureWidth * grid.pictureHeight * 3))
        isKept.removeAll(keepingCapacity: true)
        isKept.append(contentsOf: repeatElement(false, count: grid.columns * grid.rows))
    }

    /// Whether a tile has been embedded since the grid was set and changed by no more than the threshold since.
    ///
    /// - Precondition: `begin` was called, the tile lies in its grid, and the picture has the grid's size.
    /// - Complexity: O(pixels of the tile), less where a patch has changed.
    func isReusable(_ tile: Int, of picture: RGBImage) -> Bool {
        let area = TileArea(tile, of: picture, grid: grid)
        guard isKept[tile] else { return false }
        let samples = Double(area.patch * area.patch * 3)
        return unsafe pixels.withUnsafeBufferPointer { kept in
            unsafe picture.pixels.withUnsafeBufferPointer { new in
                guard let kept = kept.baseAddress, let new = new.baseAddress else { return false }
                for line in stride(from: 0, to: area.lines, by: area.patch) {
                    for byte in stride(from: 0, to: area.lineBytes, by: area.patch * 3) {
                        let offset = area.start + line * area.stride + byte
                        let sum = unsafe Self.difference(
                            kept + offset, new + offset, lines: area.patch, bytes: area.patch * 3, stride: area.stride)
                        guard Double(sum) / samples <= threshold else { return false }
                    }
                }
                return true
            }
        }
    }

    /// Takes a tile's pixels as those that its tokens, all of them, have just been computed from.
    ///
    /// - Precondition: `begin` was called, the tile lies in its grid, and the picture has the grid's size.
    mutating func remember(_ tile: Int, of picture: RGBImage) {
        let area = TileArea(tile, of: picture, grid: grid)
        isKept[tile] = true
        unsafe pixels.withUnsafeMutableBufferPointer { kept in
            unsafe picture.pixels.withUnsafeBufferPointer { new in
                guard let kept = kept.baseAddress, let new = new.baseAddress else { return }
                for line in 0..<area.lines {
                    let offset = area.start + line * area.stride
                    unsafe (kept + offset).update(from: new + offset, count: area.lineBytes)
                }
            }
        }
    }

    /// Forgets a tile: it is not reusable before it is remembered again.
    ///
    /// - Precondition: `begin` was called and the tile lies in its grid.
    mutating func forget(_ tile: Int) {
        isKept[tile] = false
    }

    /// The sum of absolute differences of a patch's samples.
    ///
    /// A line's sum is a 32-bit one because that is what processors have an instruction for; 3 · 2^14 samples of 255,
    /// the widest patch of a grid, stay far below its limit.
    @inline(__always)
    private static func difference(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, lines: Int, bytes: Int, stride: Int
    ) -> Int {
        var total = 0
        for line in 0..<lines {
            let (first, second) = unsafe (first + line * stride, second + line * stride)
            var sum: Int32 = 0
            for byte in 0..<bytes {
                let difference = unsafe Int32(first[byte]) &- Int32(second[byte])
                sum &+= difference < 0 ? 0 &- difference : difference
            }
            total += Int(sum)
        }
        return total
    }
}

/// Where the samples of a tile lie in the picture of all tiles.
private struct TileArea {
    /// Patch side, pixels.
    let patch: Int
    /// The first sample.
    let start: Int
    /// Samples from one line of the picture to the next.
    let stride: Int
    /// Lines of the tile.
    let lines: Int
    /// Samples of one line of the tile.
    let lineBytes: Int

    init(_ tile: Int, of picture: RGBImage, grid: TileGrid?) {
        guard let grid, picture.width == grid.pictureWidth, picture.height == grid.pictureHeight,
            picture.pixels.count == picture.width * picture.height * 3, tile >= 0, tile < grid.columns * grid.rows
        else { preconditionFailure("the tile or the picture is not of this grid") }
        patch = grid.patch
        stride = grid.pictureWidth * 3
        lines = grid.tileHeight
        lineBytes = grid.tileWidth * 3
        start = tile / grid.columns * lines * stride + tile % grid.columns * lineBytes
    }
}

import Geometry
import Testing

@testable import Features

@Suite struct TileReuseTests {
    /// Two tiles side by side, each of 4×4 patches of 8×8 pixels.
    private func pair() throws -> TileGrid {
        try TileGrid(tiling: .fit, frameWidth: 512, frameHeight: 256, inputSide: 32, patch: 8)
    }

    private func picture(_ grid: TileGrid, level: UInt8 = 100) -> RGBImage {
        RGBImage(
            width: grid.pictureWidth, height: grid.pictureHeight,
            pixels: [UInt8](repeating: level, count: grid.pictureWidth * grid.pictureHeight * 3))
    }

    /// A memory of every tile of a picture.
    private func remembered(_ picture: RGBImage, _ grid: TileGrid, threshold: Double) -> TileReuse {
        var reuse = TileReuse(threshold: threshold)
        reuse.begin(grid)
        for tile in 0..<grid.rows * grid.columns { reuse.remember(tile, of: picture) }
        return reuse
    }

    private func reusable(_ reuse: TileReuse, _ picture: RGBImage, _ grid: TileGrid) -> [Bool] {
        (0..<grid.rows * grid.columns).map { reuse.isReusable($0, of: picture) }
    }

    /// The largest mean absolute difference of a patch of a tile, written plainly.
    private func change(_ first: RGBImage, _ second: RGBImage, tile: Int, _ grid: TileGrid) -> Double {
        let (left, top) = (tile % grid.columns * grid.tileWidth, tile / grid.columns * grid.tileHeight)
        var largest = 0.0
        for y in stride(from: top, to: top + grid.tileHeight, by: grid.patch) {
            for x in stride(from: left, to: left + grid.tileWidth, by: grid.patch) {
                var sum = 0
                for line in y..<y + grid.patch {
                    for column in x..<x + grid.patch {
                        for channel in 0..<3 {
                            let index = (line * first.width + column) * 3 + channel
                            sum += abs(Int(first.pixels[index]) - Int(second.pixels[index]))
                        }
                    }
                }
                largest = max(largest, Double(sum) / Double(3 * grid.patch * grid.patch))
            }
        }
        return largest
    }

    @Test func aTileIsReusableOnceRememberedAndUnchanged() throws {
        let grid = try pair()
        let picture = picture(grid)
        var reuse = TileReuse(threshold: 255)
        reuse.begin(grid)
        // Nothing was embedded, however like the zeros of fresh memory a picture is.
        #expect(reusable(reuse, picture, grid) == [false, false])
        #expect(reusable(reuse, self.picture(grid, level: 0), grid) == [false, false])
        reuse.remember(1, of: picture)
        #expect(reusable(reuse, picture, grid) == [false, true])
        reuse.begin(grid)
        #expect(reusable(reuse, picture, grid) == [false, true])
        reuse.remember(0, of: picture)
        reuse.forget(1)
        #expect(reusable(reuse, picture, grid) == [true, false])
    }

    @Test(arguments: [(UInt64(1), 0.3), (2, 2.0), (3, 20.0)])
    func agreesWithThePlainMeasure(_ seed: UInt64, _ noise: Double) throws {
        var random = SplitMix64(seed: seed)
        let grids = [
            try TileGrid(tiling: .fit, frameWidth: 512, frameHeight: 512, inputSide: 32, patch: 16),
            // Lines of 42 samples, no multiple of any vector width; four rows of three tiles.
            try TileGrid(tiling: .pad, frameWidth: 600, frameHeight: 800, inputSide: 28, patch: 14),
            try TileGrid(tiling: .fit, frameWidth: 256, frameHeight: 700, inputSide: 15, patch: 5),
            try TileGrid(tiling: .whole, frameWidth: 70, frameHeight: 40, inputSide: 32, patch: 8),
        ]
        for grid in grids {
            var first = RGBImage(width: grid.pictureWidth, height: grid.pictureHeight)
            for index in first.pixels.indices { first.pixels[index] = .random(in: 0...255, using: &random) }
            var second = first
            for index in second.pixels.indices {
                let level = Double(second.pixels[index]) + .random(in: -noise...noise, using: &random)
                second.pixels[index] = UInt8(min(max(level.rounded(), 0), 255))
            }
            for tile in 0..<grid.rows * grid.columns {
                let change = change(first, second, tile: tile, grid)
                // What changed by the threshold itself is reusable, by the least more it is not.
                #expect(remembered(first, grid, threshold: change).isReusable(tile, of: second))
                #expect(remembered(second, grid, threshold: change).isReusable(tile, of: first))
                #expect(!remembered(first, grid, threshold: change.nextDown).isReusable(tile, of: second))
            }
        }
    }

    /// Samples changed in the last patch of tile 1, by how many levels, the threshold, and whether it is reusable.
    static let changes: [(Int, Int, Double, Bool)] = [
        (192, 3, 2.9, false),  // the whole patch: the tile's mean changes by 3/16 only
        (192, 3, 3.0, true),
        (192, -3, 2.9, false),
        (192, -3, 3.0, true),
        (1, 1, 0, false),  // the least change there is
        (1, 1, 1.0 / 192, true),
        (1, 100, 0.5, false),
        (1, 96, 0.5, true),
        (0, 0, 0, true),
    ]

    @Test(arguments: changes)
    func oneChangedPatchDecides(_ samples: Int, _ levels: Int, _ threshold: Double, _ expected: Bool) throws {
        let grid = try pair()
        let old = picture(grid)
        var new = old
        let (left, top) = (grid.pictureWidth - 8, grid.pictureHeight - 8)
        for sample in 0..<samples {
            // From the last sample of the picture backwards.
            let (line, byte) = (7 - sample / 24, 23 - sample % 24)
            new.pixels[((top + line) * grid.pictureWidth + left) * 3 + byte] = UInt8(100 + levels)
        }
        #expect(reusable(remembered(old, grid, threshold: threshold), new, grid) == [true, expected])
    }

    @Test func blackAndWhiteAreFarApart() throws {
        let grid = try pair()
        let (black, white) = (picture(grid, level: 0), picture(grid, level: 255))
        for (old, new) in [(black, white), (white, black)] {
            #expect(reusable(remembered(old, grid, threshold: 254.9), new, grid) == [false, false])
            #expect(reusable(remembered(old, grid, threshold: 255), new, grid) == [true, true])
        }
    }

    @Test func slowDriftIsSeen() throws {
        let grid = try pair()
        var reuse = TileReuse(threshold: 3.5)
        var embedded: [Int] = []
        for frame in 0..<12 {
            let picture = picture(grid, level: UInt8(50 + frame))
            reuse.begin(grid)
            guard !reuse.isReusable(0, of: picture) else { continue }
            reuse.remember(0, of: picture)
            embedded.append(frame)
        }
        // Every frame differs from the one before by 1, from the embedded one by 4 at last.
        #expect(embedded == [0, 4, 8])
    }

    @Test func aTileThatNobodyWantedKeepsWhatItWasEmbeddedFrom() throws {
        let grid = try pair()
        let (first, other) = (picture(grid, level: 10), picture(grid, level: 90))
        var reuse = remembered(first, grid, threshold: 0)
        // Tile 1 is not wanted while the scene is another one, and is when it is back.
        reuse.begin(grid)
        reuse.remember(0, of: other)
        reuse.begin(grid)
        #expect(reusable(reuse, first, grid) == [false, true])
        #expect(reusable(reuse, other, grid) == [true, false])
    }

    @Test func anotherGridForgetsEverything() throws {
        let grid = try pair()
        let picture = picture(grid)
        let others = [
            // Another number of tiles, more and fewer.
            try TileGrid(tiling: .fit, frameWidth: 768, frameHeight: 512, inputSide: 32, patch: 8),
            try TileGrid(tiling: .fit, frameWidth: 256, frameHeight: 256, inputSide: 32, patch: 8),
            // The same picture of a frame of another size, and cut in another way.
            try TileGrid(tiling: .fit, frameWidth: 511, frameHeight: 256, inputSide: 32, patch: 8),
            try TileGrid(tiling: .pad, frameWidth: 512, frameHeight: 256, inputSide: 32, patch: 8),
            // The same picture in patches of another size.
            try TileGrid(tiling: .fit, frameWidth: 512, frameHeight: 256, inputSide: 32, patch: 16),
        ]
        for other in others {
            var reuse = remembered(picture, grid, threshold: 255)
            reuse.begin(other)
            let changed = self.picture(other)
            #expect(reusable(reuse, changed, other).allSatisfy { !$0 })
            for tile in 0..<other.rows * other.columns { reuse.remember(tile, of: changed) }
            #expect(reusable(reuse, changed, other).allSatisfy { $0 })
            // Back again, nothing of the first time is left.
            reuse.begin(grid)
            #expect(reusable(reuse, picture, grid) == [false, false])
        }
    }

    @Test func thresholdsBeyondSense() throws {
        let grid = try pair()
        let picture = picture(grid)
        for threshold in [-1, -Double.infinity, .nan] {
            #expect(reusable(remembered(picture, grid, threshold: threshold), picture, grid) == [false, false])
        }
        let white = self.picture(grid, level: 255)
        #expect(reusable(remembered(picture, grid, threshold: .infinity), white, grid) == [true, true])
    }
}

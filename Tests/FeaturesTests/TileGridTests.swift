import Features
import Geometry
import Testing

@Suite struct TileGridTests {
    // Width, height, tiles across, tiles down, as Python's max(1, round(n / 256)) has them.
    @Test(arguments: [
        (1920, 1080, 8, 4),  // 7.5 → 8, 4.22 → 4
        (640, 480, 2, 2),  // 2.5 → 2 (to even), 1.875 → 2
        (640, 360, 2, 1),
        (896, 384, 4, 2),  // 3.5 → 4, 1.5 → 2
        (128, 127, 1, 1),  // 0.5 → 0, raised to 1
        (384, 640, 2, 2),  // 1.5 → 2, 2.5 → 2
        (1, 1, 1, 1),
        (672, 448, 3, 2),  // the size at which `fit` resizes nothing
        (8192, 8192, 32, 32),
    ])
    func fitRoundsHalvesToEven(_ width: Int, _ height: Int, _ columns: Int, _ rows: Int) throws {
        let grid = try TileGrid(tiling: .fit, frameWidth: width, frameHeight: height, inputSide: 224, patch: 16)
        #expect(grid.columns == columns)
        #expect(grid.rows == rows)
        #expect(grid.mapColumns == columns * 14)
        #expect(grid.mapRows == rows * 14)
        #expect(grid.scaleX == Double(columns * 14) / Double(width))
        #expect(grid.scaleY == Double(rows * 14) / Double(height))
        #expect(
            grid.regions == [
                TileRegion(
                    source: PixelRegion(x: 0, y: 0, width: width, height: height),
                    target: PixelRegion(x: 0, y: 0, width: columns * 224, height: rows * 224))
            ])
    }

    @Test func padCutsSquaresOf256FromTheTopLeft() throws {
        // 640 = 2·256 + 128 and 300 = 256 + 44: three by two tiles, the last ones beyond the border.
        let grid = try TileGrid(tiling: .pad, frameWidth: 640, frameHeight: 300, inputSide: 224, patch: 16)
        #expect(grid.columns == 3)
        #expect(grid.rows == 2)
        #expect(grid.scaleX == 14.0 / 256)
        #expect(grid.scaleY == 14.0 / 256)
        #expect(grid.regions.count == 6)
        #expect(
            grid.regions[5]
                == TileRegion(
                    source: PixelRegion(x: 512, y: 256, width: 256, height: 256),
                    target: PixelRegion(x: 448, y: 224, width: 224, height: 224)))
    }

    @Test func padAddsNothingWhereSizesDivide() throws {
        let grid = try TileGrid(tiling: .pad, frameWidth: 512, frameHeight: 256, inputSide: 518, patch: 14)
        #expect(grid.columns == 2)
        #expect(grid.rows == 1)
        #expect(grid.mapColumns == 74)
    }

    // Width, height, patch, bound → picture width and height.
    @Test(arguments: [
        (1920, 1080, 16, 1024, 1024, 576),  // 64 by 36 patches
        (640, 360, 16, 1024, 640, 352),  // 22.5 patches → 22, to even
        (640, 376, 16, 1024, 640, 384),  // 23.5 → 24
        (1080, 1920, 16, 1024, 576, 1024),  // standing
        (1920, 1080, 14, 1024, 1022, 574),  // 73.1 and 41.1 patches
        (1036, 518, 14, 1030, 1022, 518),  // 73.57 patches would round to 74, which is longer than the bound
        (4000, 2, 16, 1024, 1024, 16),  // at least one patch
        (7, 5, 16, 1024, 16, 16),
        (16, 16, 16, 16, 16, 16),
    ])
    func wholeTakesTheNearestMultiples(
        _ width: Int, _ height: Int, _ patch: Int, _ longSide: Int, _ pictureWidth: Int, _ pictureHeight: Int
    ) throws {
        let grid = try TileGrid(
            tiling: .whole, frameWidth: width, frameHeight: height, inputSide: 16 * patch, patch: patch,
            longSide: longSide)
        #expect(grid.pictureWidth == pictureWidth)
        #expect(grid.pictureHeight == pictureHeight)
        #expect(grid.columns == 1)
        #expect(grid.rows == 1)
        #expect(grid.scaleX == Double(pictureWidth / patch) / Double(width))
    }

    @Test(arguments: Tiling.allCases, [(0, 10), (10, 0), (-1, 5), (Int.min, Int.max), (Int.max, 1), (1 << 26 + 1, 1)])
    func sizesThatAreNoFrameAreRefused(_ tiling: Tiling, _ size: (Int, Int)) {
        #expect(throws: FeatureError.frameSize(width: size.0, height: size.1)) {
            try TileGrid(tiling: tiling, frameWidth: size.0, frameHeight: size.1, inputSide: 224, patch: 16)
        }
    }

    @Test(arguments: [(0, 16), (224, 0), (224, 15), (224, -16), (-224, 16), (8, 16), (Int.max, 1), (224, Int.min)])
    func sidesThatAreNoModelAreRefused(_ side: Int, _ patch: Int) {
        #expect(throws: FeatureError.inputSide(side: side, patch: patch)) {
            try TileGrid(tiling: .fit, frameWidth: 640, frameHeight: 480, inputSide: side, patch: patch)
        }
    }

    @Test func aBoundBelowOnePatchIsRefused() {
        #expect(throws: FeatureError.longSide(15, patch: 16)) {
            try TileGrid(
                tiling: .whole, frameWidth: 640, frameHeight: 480, inputSide: 224, patch: 16, longSide: 15)
        }
    }

    // A thread of 64 million pixels: its short side would be blown up to a tile, 50 million tokens in all.
    @Test(arguments: [Tiling.fit, .pad], [(64_000_000, 1), (1, 64_000_000), (1 << 26, 1 << 26)])
    func mapsBeyondTheLimitAreRefused(_ tiling: Tiling, _ size: (Int, Int)) {
        for (side, patch) in [(224, 16), (1 << 14, 1)] {
            let error = #expect(throws: FeatureError.self) {
                try TileGrid(tiling: tiling, frameWidth: size.0, frameHeight: size.1, inputSide: side, patch: patch)
            }
            guard case .mapSize = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func wholeHoldsAnyFrame() throws {
        let grid = try TileGrid(
            tiling: .whole, frameWidth: 1 << 26, frameHeight: 1, inputSide: 224, patch: 16, longSide: 1024)
        #expect(grid.mapColumns == 64)
        #expect(grid.mapRows == 1)
    }
}

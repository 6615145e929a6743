import Geometry
import Testing

@testable import Features

/// Tiles that hardly change keep their tokens.
struct KeptTokensTests {
    private let grid: TileGrid
    private let network: VisionTransformer
    private let picture = TestPicture.random(width: 45, height: 30)

    init() throws {
        grid = try TileGrid(tiling: .fit, frameWidth: 768, frameHeight: 512, inputSide: 15, patch: 5)
        network = try VisionTransformer(
            checkpoint: TinyCheckpoint.random(), selection: LayerSelection(layers: [3]), threads: 2)
    }

    /// Into a map that holds nothing of use.
    private func embed(_ picture: RGBImage, demand: TokenDemand? = nil) throws -> TokenMap {
        var map = TokenMap()
        map.reshape(rows: grid.mapRows, columns: grid.mapColumns, channels: network.channels)
        for index in map.values.indices { map.values[index] = .nan }
        try network.embed(picture, grid: grid, demand: demand, into: &map)
        return map
    }

    /// Adds to the samples of one tile.
    private func changed(_ picture: RGBImage, tile: Int, by levels: Int) -> RGBImage {
        var result = picture
        for y in tile / 3 * 15..<tile / 3 * 15 + 15 {
            for x in tile % 3 * 45..<tile % 3 * 45 + 45 {
                let value = Int(picture.pixels[y * 135 + x])
                result.pixels[y * 135 + x] = UInt8(value + levels <= 255 ? value + levels : value - levels)
            }
        }
        return result
    }

    @Test
    func `The same picture is not embedded twice`() throws {
        let fresh = try embed(picture)
        network.reuseThreshold = 0
        #expect(try embed(picture) == fresh)
        #expect(network.lastWork.tilesReused == 0 && network.lastWork.tilesEmbedded == 6)
        #expect(try embed(picture) == fresh)
        #expect(network.lastWork.tilesReused == 6 && network.lastWork.tilesEmbedded == 0)
    }

    @Test
    func `A tile that changes is embedded again, and only that one`() throws {
        let other = changed(picture, tile: 4, by: 3)
        let fresh = try embed(other)
        network.reuseThreshold = 2
        _ = try embed(picture)
        #expect(try embed(other) == fresh)
        #expect(network.lastWork.tilesReused == 5 && network.lastWork.tilesEmbedded == 1)
        // A change below the threshold leaves the tokens as they were.
        #expect(try embed(changed(other, tile: 0, by: 1)) == fresh)
        #expect(network.lastWork.tilesReused == 6)
    }

    @Test
    func `Tiles that are wanted in turns are whole each time`() throws {
        let fresh = try embed(picture)
        network.reuseThreshold = 0
        var (left, right) = (
            TokenDemand(rows: grid.mapRows, columns: grid.mapColumns),
            TokenDemand(rows: grid.mapRows, columns: grid.mapColumns)
        )
        left.insert(row: 1, column: 1)
        right.insert(row: 4, column: 8)
        right.insert(row: 0, column: 0)
        func agrees(_ map: TokenMap, tile: Int) -> Bool {
            (0..<9).allSatisfy { token in
                let place = (tile / 3 * 3 + token / 3) * grid.mapColumns + tile % 3 * 3 + token % 3
                let range = place * network.channels..<(place + 1) * network.channels
                return map.values[range] == fresh.values[range]
            }
        }
        #expect(agrees(try embed(picture, demand: left), tile: 0))
        #expect(network.lastWork.tilesEmbedded == 1 && network.lastWork.tilesSkipped == 5)
        let map = try embed(picture, demand: right)
        // Tile 0 is known though another of its tokens was wanted then.
        #expect(agrees(map, tile: 0) && agrees(map, tile: 5))
        #expect(network.lastWork.tilesEmbedded == 1 && network.lastWork.tilesReused == 1)
    }

    @Test
    func `Another grid forgets`() throws {
        network.reuseThreshold = 0
        _ = try embed(picture)
        let wide = try TileGrid(tiling: .fit, frameWidth: 512, frameHeight: 768, inputSide: 15, patch: 5)
        var map = TokenMap()
        try network.embed(TestPicture.random(width: 30, height: 45), grid: wide, into: &map)
        #expect(network.lastWork.tilesReused == 0)
        _ = try embed(picture)
        #expect(network.lastWork.tilesReused == 0)
    }
}

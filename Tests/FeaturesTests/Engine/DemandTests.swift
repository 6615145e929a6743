import Foundation
import Geometry
import Testing

@testable import Features

/// Computing only the tokens that boxes read changes no bit of them.
struct DemandTests {
    static let model = TinyCheckpoint.description(
        width: 192, depth: 3, heads: 3, hiddenWidth: 384, patch: 4, side: 56)

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var selection = LayerSelection(layers: [3])
        let boxes: [Box]
    }

    // The frame has 3×2 tiles of 256×256 pixels with 14×14 tokens each, so a token is 18.3 pixels wide.
    static let cases = [
        Case(testDescription: "one small box", boxes: [Box(x: 30, y: 40, width: 30, height: 50)]),
        Case(
            testDescription: "ending within half a token before a border",
            boxes: [Box(x: 200, y: 40, width: 50, height: 60)]),
        Case(
            testDescription: "ending within half a token behind a border",
            boxes: [Box(x: 200, y: 40, width: 63, height: 60), Box(x: 300, y: 249, width: 20, height: 90)]),
        Case(
            testDescription: "several tiles, some whole",
            boxes: [Box(x: 10, y: 10, width: 700, height: 200), Box(x: 600, y: 400, width: 60, height: 60)]),
        Case(testDescription: "the whole frame", boxes: [Box(x: -50, y: -50, width: 900, height: 700)]),
        Case(testDescription: "nothing", boxes: [Box(x: 5000, y: 0, width: 10, height: 10)]),
        Case(
            testDescription: "an inner layer", selection: LayerSelection(layers: [1]),
            boxes: [Box(x: 500, y: 40, width: 30, height: 50)]),
        Case(
            testDescription: "layers joined", selection: LayerSelection(layers: [1, 3, 0]),
            boxes: [Box(x: 500, y: 40, width: 30, height: 50)]),
        Case(
            testDescription: "patches alone", selection: LayerSelection(layers: [0]),
            boxes: [Box(x: 500, y: 40, width: 30, height: 50)]),
        Case(
            testDescription: "keys of the first and third block",
            selection: LayerSelection(layers: [1, 3], token: .keys),
            boxes: [Box(x: 30, y: 40, width: 30, height: 50), Box(x: 500, y: 300, width: 90, height: 150)]),
    ]

    @Test(arguments: Precision.allCases.filter(\.isSupported), cases)
    func `Demanded tokens are the bits of the dense pass`(_ precision: Precision, _ example: Case) throws {
        try Self.check(precision, example)
    }

    // Other instruction sets have other kernels; those without AVX-512 give other bits for other numbers of rows.
    @Test
    func `Demanded tokens are the bits of the dense pass on lesser processors`() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1)
            for example in DemandTests.cases.prefix(4) { try DemandTests.check(.f32, example) }
        }
        await #expect(processExitsWith: .success) {
            unsafe setenv("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_VNNI", 1)
            for precision in Precision.allCases where precision.isSupported {
                for example in DemandTests.cases.prefix(4) { try DemandTests.check(precision, example) }
            }
        }
    }

    static func check(
        _ precision: Precision, _ example: Case, model: ModelDescription = model,
        poolings: [Pooling] = [.mean, .grid(3)], threads counts: [Int] = [1, 2, 4]
    ) throws {
        let checkpoint = TinyCheckpoint.random(model)
        let grid = try TileGrid(tiling: .fit, frameWidth: 768, frameHeight: 512, inputSide: 56, patch: 4)
        let picture = TestPicture.random(width: grid.pictureWidth, height: grid.pictureHeight)
        var first: TokenMap?
        for pooling in poolings {
            // Six tiles: alone on a thread, or, two of them, shared by four threads in chunks of half the height.
            for threads in counts {
                let network = try VisionTransformer(
                    checkpoint: checkpoint, selection: example.selection, precision: precision, threads: threads)
                var dense = TokenMap()
                try network.embed(picture, grid: grid, into: &dense)
                #expect(network.lastWork.tilesEmbedded == 6)
                if let first { #expect(dense == first) } else { first = dense }

                var pooler = BoxPooler(pooling: pooling)
                var demand = TokenDemand()
                pooler.demand(grid: grid, boxes: example.boxes, into: &demand)
                var sparse = TokenMap()
                sparse.reshape(rows: grid.mapRows, columns: grid.mapColumns, channels: network.channels)
                for index in sparse.values.indices { sparse.values[index] = .nan }
                try network.embed(picture, grid: grid, demand: demand, into: &sparse)
                #expect(network.lastWork.lastBlockTokens == demand.count)
                for row in 0..<grid.mapRows {
                    for column in 0..<grid.mapColumns where demand.contains(row: row, column: column) {
                        let place = (row * grid.mapColumns + column) * network.channels
                        let range = place..<place + network.channels
                        #expect(sparse.values[range] == dense.values[range])
                    }
                }
                let (from, to) = (
                    pooler.pool(dense, grid: grid, boxes: example.boxes),
                    pooler.pool(sparse, grid: grid, boxes: example.boxes)
                )
                #expect(from.vectors == to.vectors)
            }
        }
    }

    @Test
    func `Tiles without a demanded token are left out`() throws {
        let grid = try TileGrid(tiling: .fit, frameWidth: 768, frameHeight: 512, inputSide: 56, patch: 4)
        let network = try VisionTransformer(
            checkpoint: TinyCheckpoint.random(Self.model), selection: LayerSelection(layers: [3]), threads: 2)
        let picture = TestPicture.random(width: grid.pictureWidth, height: grid.pictureHeight)
        var pooler = BoxPooler(pooling: .mean)
        var demand = TokenDemand()
        var map = TokenMap()
        pooler.demand(grid: grid, boxes: [Box(x: 30, y: 40, width: 30, height: 50)], into: &demand)
        try network.embed(picture, grid: grid, demand: demand, into: &map)
        #expect(network.lastWork.tiles == 6 && network.lastWork.tilesEmbedded == 1)
        // Pooling interpolates between token centres, so a box that ends at a border reads the next tile.
        pooler.demand(grid: grid, boxes: [Box(x: 200, y: 40, width: 55.9, height: 50)], into: &demand)
        try network.embed(picture, grid: grid, demand: demand, into: &map)
        #expect(network.lastWork.tilesEmbedded == 2)
    }
}

import Foundation
import Geometry
import Testing

@testable import Features

/// The engine against its slow twin, and against itself where threads and tiles are cut differently.
struct VisionTransformerTests {
    static func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
        guard found.count == expected.count else { return .infinity }
        var (difference, length) = (0.0, 0.0)
        for (a, b) in zip(found, expected) {
            difference += (Double(a) - b) * (Double(a) - b)
            length += b * b
        }
        return (difference / length).squareRoot()
    }

    struct Shape: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var model = TinyCheckpoint.description()
        var width = 15
        var height = 15
    }

    static let shapes = [
        Shape(testDescription: "odd sizes"),
        Shape(testDescription: "distillation token", model: TinyCheckpoint.description(prefixTokens: 2)),
        // 64 channels a head, 4 heads: the sizes of real models.
        Shape(
            testDescription: "heads of 64",
            model: TinyCheckpoint.description(
                width: 256, depth: 1, heads: 4, hiddenWidth: 512, patch: 4, side: 32), width: 32, height: 32),
        Shape(testDescription: "one head", model: TinyCheckpoint.description(heads: 1)),
        // One patch: a chunk may then be the prefix alone.
        Shape(testDescription: "one patch", model: TinyCheckpoint.description(side: 5), width: 5, height: 5),
        Shape(
            testDescription: "two prefix tokens, one patch",
            model: TinyCheckpoint.description(side: 5, prefixTokens: 2),
            width: 5, height: 5),
        // As `whole` does: interpolated positions, tiles that are not square.
        Shape(testDescription: "wide picture", width: 65, height: 20),
        Shape(testDescription: "several chunks", width: 90, height: 75),
        Shape(testDescription: "smaller than learned", width: 10, height: 5),
    ]

    @Test(arguments: shapes)
    func `Every layer and kind of token agrees with the plain twin`(_ shape: Shape) throws {
        let checkpoint = TinyCheckpoint.random(shape.model)
        let plain = PlainVisionTransformer(checkpoint: checkpoint)
        let picture = TestPicture.random(width: shape.width, height: shape.height)
        let expected = try plain.layers(of: picture)
        for layer in 0...shape.model.depth {
            for (token, norm) in [
                (TokenKind.output, false), (.output, true), (.queries, true), (.keys, true), (.values, true),
            ]
            where layer > 0 || token == .output {
                let network = try VisionTransformer(
                    checkpoint: checkpoint, selection: LayerSelection(layers: [layer], token: token), threads: 2)
                let found = try network.sequence(of: picture, finalNorm: norm)
                let wanted: [[Double]]
                switch token {
                case .output:
                    wanted =
                        norm && layer > 0 ? try expected[layer].output.map(plain.finalNorm) : expected[layer].output
                case .queries: wanted = expected[layer].queries
                case .keys: wanted = expected[layer].keys
                case .values: wanted = expected[layer].values
                }
                let error = Self.relativeError(found, wanted.flatMap { $0 })
                #expect(error < 2e-6, "layer \(layer), \(token), norm \(norm): \(error)")
            }
        }
    }

    @Test(arguments: [TokenKind.output, .keys])
    func `Joined layers are of unit length each, in the order asked for`(token: TokenKind) throws {
        let checkpoint = TinyCheckpoint.random()
        let plain = PlainVisionTransformer(checkpoint: checkpoint)
        let picture = TestPicture.random(width: 15, height: 15)
        let layers = try plain.layers(of: picture)
        let selection = LayerSelection(layers: [3, 1], token: token)
        let network = try VisionTransformer(checkpoint: checkpoint, selection: selection, threads: 1)
        #expect(network.channels == 120)
        let grid = try TileGrid(tiling: .fit, frameWidth: 256, frameHeight: 256, inputSide: 15, patch: 5)
        var map = TokenMap()
        try network.embed(picture, grid: grid, into: &map)
        #expect([map.rows, map.columns, map.channels] == [3, 3, 120] as [Int])
        var expected: [Double] = []
        for patch in 1...9 {
            for layer in selection.layers {
                let token =
                    token == .output ? try plain.finalNorm(layers[layer].output[patch]) : layers[layer].keys[patch]
                let length = token.reduce(0) { $0 + $1 * $1 }.squareRoot()
                expected += token.map { $0 / length }
            }
        }
        #expect(Self.relativeError(map.values, expected) < 2e-6)
    }

    @Test
    func `Tiles are stitched as they lie in the picture`() throws {
        let checkpoint = TinyCheckpoint.random()
        let network = try VisionTransformer(
            checkpoint: checkpoint, selection: LayerSelection(layers: [2]), threads: 2)
        let grid = try TileGrid(tiling: .fit, frameWidth: 768, frameHeight: 512, inputSide: 15, patch: 5)
        #expect([grid.columns, grid.rows] == [3, 2] as [Int])
        let picture = TestPicture.random(width: 45, height: 30)
        var map = TokenMap()
        try network.embed(picture, grid: grid, into: &map)
        for row in 0..<2 {
            for column in 0..<3 {
                var tile = RGBImage(width: 15, height: 15)
                for y in 0..<15 {
                    for x in 0..<45 / 3 * 3 {
                        let source = ((row * 15 + y) * 45 + column * 15) * 3 + x
                        tile.pixels[y * 45 + x] = picture.pixels[source]
                    }
                }
                let alone = try network.sequence(of: tile, finalNorm: true)
                for patch in 0..<9 {
                    let place = ((row * 3 + patch / 3) * 9 + column * 3 + patch % 3) * 60
                    #expect(map.values[place..<place + 60] == alone[(patch + 1) * 60..<(patch + 2) * 60])
                }
            }
        }
    }

    @Test(arguments: [
        // Tiles across and down, threads to compare: as many tiles as threads, more, fewer, and a rest.
        (1, 1), (2, 1), (3, 1), (5, 1), (3, 3), (7, 1),
    ])
    func `The number of threads does not change a bit`(columns: Int, rows: Int) throws {
        let checkpoint = TinyCheckpoint.random(
            TinyCheckpoint.description(width: 192, depth: 2, heads: 3, hiddenWidth: 384, patch: 4, side: 56))
        let grid = try TileGrid(
            tiling: .fit, frameWidth: 256 * columns, frameHeight: 256 * rows, inputSide: 56, patch: 4)
        let picture = TestPicture.random(width: grid.pictureWidth, height: grid.pictureHeight)
        var maps: [TokenMap] = []
        for threads in [1, 2, 3, 4, 2] {
            let network = try VisionTransformer(
                checkpoint: checkpoint, selection: LayerSelection(layers: [2]), threads: threads)
            var map = TokenMap()
            try network.embed(picture, grid: grid, into: &map)
            // Again into memory that holds something.
            try network.embed(picture, grid: grid, into: &map)
            maps.append(map)
        }
        for map in maps { #expect(map == maps[0]) }
    }

    @Test
    func `A whole picture does not depend on the number of threads, and sizes may change`() throws {
        let checkpoint = TinyCheckpoint.random()
        var maps: [[TokenMap]] = []
        for threads in [1, 2, 3] {
            let network = try VisionTransformer(
                checkpoint: checkpoint, selection: LayerSelection(layers: [3]), threads: threads)
            var found: [TokenMap] = []
            for (width, height) in [(255, 140), (30, 100), (255, 140)] {
                let grid = try TileGrid(
                    tiling: .whole, frameWidth: width, frameHeight: height, inputSide: 15, patch: 5)
                var map = TokenMap()
                try network.embed(
                    TestPicture.random(width: grid.pictureWidth, height: grid.pictureHeight), grid: grid, into: &map)
                found.append(map)
            }
            #expect(found[0] == found[2])
            maps.append(found)
        }
        #expect(maps[0] == maps[1] && maps[0] == maps[2])
    }

    @Test
    func `What cannot be run is refused`() throws {
        let checkpoint = TinyCheckpoint.random()
        func refused(_ selection: LayerSelection, threads: Int = 1) throws -> EngineError? {
            let error = try #require(throws: FeatureError.self) {
                try VisionTransformer(checkpoint: checkpoint, selection: selection, threads: threads)
            }
            guard case .engine(let failure) = error else { return nil }
            return failure
        }
        #expect(try refused(LayerSelection(layers: [])) == .noLayer)
        #expect(try refused(LayerSelection(layers: [4])) == .layer(4, depth: 3))
        #expect(try refused(LayerSelection(layers: [-1])) == .layer(-1, depth: 3))
        #expect(try refused(LayerSelection(layers: [0], token: .keys)) == .layerWithoutAttention(.keys))
        #expect(try refused(LayerSelection(layers: [1]), threads: 65) == .threads(65))
        #expect(try refused(LayerSelection(layers: [1]), threads: -1) == .threads(-1))

        let network = try VisionTransformer(
            checkpoint: checkpoint, selection: LayerSelection(layers: [1]), threads: 1)
        var map = TokenMap()
        let grid = try TileGrid(tiling: .fit, frameWidth: 256, frameHeight: 256, inputSide: 15, patch: 5)
        #expect(throws: FeatureError.engine(.pictureSize(found: [15, 14], expected: [15, 15]))) {
            try network.embed(RGBImage(width: 15, height: 14), grid: grid, into: &map)
        }
        let other = try TileGrid(tiling: .fit, frameWidth: 256, frameHeight: 256, inputSide: 16, patch: 4)
        #expect(throws: FeatureError.engine(.grid(tile: [16, 16], patch: 4, expectedPatch: 5))) {
            try network.embed(RGBImage(width: 16, height: 16), grid: other, into: &map)
        }
    }
}

import Geometry
import Testing

@testable import Features

/// Several taps of one pass are the bits that a pass for each would give.
struct LayerTapTests {
    static let model = TinyCheckpoint.description(
        width: 192, depth: 3, heads: 3, hiddenWidth: 384, patch: 4, side: 56)

    private static func everyTap(isNormalized: Bool) -> [LayerTap] {
        [LayerTap(layer: 0, isNormalized: isNormalized)]
            + (1...3).flatMap { layer in
                TokenKind.allCases.map { LayerTap(layer: layer, token: $0, isNormalized: isNormalized) }
            }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let taps: [LayerTap]
    }

    static let cases = [
        Case(testDescription: "every tap there is", taps: everyTap(isNormalized: false)),
        Case(
            testDescription: "each of them, normalised beside not",
            taps: everyTap(isNormalized: true) + everyTap(isNormalized: false)),
        // The last stage is run of wanted tokens only, with queries apart.
        Case(
            testDescription: "the last output and inner keys", taps: [.init(layer: 3), .init(layer: 2, token: .keys)]),
        // The last block has queries, keys and values together, and its output is wanted too.
        Case(testDescription: "output and keys of one block", taps: [.init(layer: 2), .init(layer: 2, token: .keys)]),
        // The deepest output lies one stage before the deepest keys.
        Case(
            testDescription: "keys of the block after", taps: [.init(layer: 3, token: .values), .init(layer: 2)]),
        Case(testDescription: "patches and the first keys", taps: [.init(layer: 1, token: .keys), .init(layer: 0)]),
    ]

    @Test(arguments: Precision.allCases.filter(\.isSupported), cases)
    func `Taps of one pass are those of single passes`(_ precision: Precision, _ example: Case) throws {
        let checkpoint = TinyCheckpoint.random(Self.model)
        let grid = try TileGrid(tiling: .fit, frameWidth: 768, frameHeight: 256, inputSide: 56, patch: 4)
        let picture = TestPicture.random(width: grid.pictureWidth, height: grid.pictureHeight)
        let boxes = [Box(x: 40, y: 30, width: 90, height: 120), Box(x: 560, y: 60, width: 40, height: 80)]
        var pooler = BoxPooler(pooling: .grid(3))
        for demand in [nil, pooler.demand(grid: grid, boxes: boxes)] {
            var joined = TokenMap()
            let network = try VisionTransformer(
                checkpoint: checkpoint, selection: LayerSelection(taps: example.taps), precision: precision, threads: 2)
            try network.embed(picture, grid: grid, demand: demand, into: &joined)
            let all = pooler.pool(joined, grid: grid, boxes: boxes).vectors
            for (position, tap) in example.taps.enumerated() {
                var single = TokenMap()
                let network = try VisionTransformer(
                    checkpoint: checkpoint, selection: LayerSelection(taps: [tap]), precision: precision, threads: 1)
                try network.embed(picture, grid: grid, demand: demand, into: &single)
                // Pooled, since of some tokens there is nothing but what memory held.
                let alone = pooler.pool(single, grid: grid, boxes: boxes).vectors
                #expect(all.slice(position, of: example.taps.count, cells: 9) == alone, "\(tap)")
            }
        }
    }

    @Test
    func `The mean of layers is that of their normalised tokens`() throws {
        let checkpoint = TinyCheckpoint.random(Self.model)
        let grid = try TileGrid(tiling: .fit, frameWidth: 256, frameHeight: 256, inputSide: 56, patch: 4)
        let picture = TestPicture.random(width: 56, height: 56)
        for layers in [[3, 1], [0, 2, 3]] {
            var (mean, joined) = (TokenMap(), TokenMap())
            for (join, keyPath) in [(LayerJoin.mean, true), (.concat, false)] {
                let network = try VisionTransformer(
                    checkpoint: checkpoint, selection: LayerSelection(layers: layers, join: join), threads: 2)
                if keyPath {
                    try network.embed(picture, grid: grid, into: &mean)
                } else {
                    try network.embed(picture, grid: grid, into: &joined)
                }
            }
            #expect(mean.channels == 192)
            let count = layers.count
            var worst: Float = 0
            for token in 0..<mean.rows * mean.columns {
                for channel in 0..<192 {
                    let sum = (0..<count).reduce(Float(0)) {
                        $0 + joined.values[(token * count + $1) * 192 + channel]
                    }
                    worst = max(worst, abs(mean.values[token * 192 + channel] - sum / Float(count)))
                }
            }
            #expect(worst < 1e-6)
        }
    }

    /// Lengths are those of the deepest block's output before the final LayerNorm, or of what is taken of it.
    @Test(arguments: TokenKind.allCases)
    func `Lengths are those of the plain twin's tokens`(_ token: TokenKind) throws {
        let checkpoint = TinyCheckpoint.random()
        let plain = try PlainVisionTransformer(checkpoint: checkpoint)
            .layers(of: TestPicture.random(width: 15, height: 15))[3]
        let grid = try TileGrid(tiling: .fit, frameWidth: 256, frameHeight: 256, inputSide: 15, patch: 5)
        let network = try VisionTransformer(
            checkpoint: checkpoint, selection: LayerSelection(layers: [1, 3], token: token), threads: 2)
        var map = TokenMap()
        try network.embed(TestPicture.random(width: 15, height: 15), grid: grid, into: &map)
        #expect(map.lengths.isEmpty)
        network.measuresLengths = true
        try network.embed(TestPicture.random(width: 15, height: 15), grid: grid, into: &map)
        let expected =
            switch token {
            case .output: plain.output
            case .keys: plain.keys
            case .queries: plain.queries
            case .values: plain.values
            }
        #expect(map.lengths.count == 9)
        for (patch, length) in map.lengths.enumerated() {
            let wanted = expected[1 + patch].reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(abs(Double(length) - wanted) < 1e-5 * wanted)
        }
    }
}

extension FeatureVectors {
    /// One tap's share of vectors that were pooled from a joined map.
    fileprivate func slice(_ position: Int, of count: Int, cells: Int) -> FeatureVectors {
        let width = dimension / cells / count
        var values: [Float] = []
        for row in 0..<self.count {
            for cell in 0..<cells {
                let start = row * dimension + (cell * count + position) * width
                values += self.values[start..<start + width]
            }
        }
        return FeatureVectors(count: self.count, dimension: cells * width, values: values)
    }
}

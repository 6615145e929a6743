import Geometry
import Testing

@testable import Features

/// The rule by which `auto` takes a precision, with engines whose closeness is known in place of real kernels.
struct PrecisionChoiceTests {
    private static let selection = LayerSelection(layers: [3], token: .output)
    private let reference: VisionTransformer
    private let picture = TestPicture.random(width: 45, height: 30)
    /// Three by two tiles of 15×15 pixels, three patches a side.
    private let grid: TileGrid

    init() throws {
        reference = try VisionTransformer(checkpoint: TinyCheckpoint.random(), selection: Self.selection, threads: 2)
        grid = try TileGrid(tiling: .fit, frameWidth: 768, frameHeight: 512, inputSide: 15, patch: 5)
    }

    /// Weights of the reference, or others, whose tokens are far from them.
    private func engine(close: Bool) throws(FeatureError) -> VisionTransformer {
        try VisionTransformer(
            checkpoint: TinyCheckpoint.random(seed: close ? 1 : 2), selection: Self.selection, threads: 1)
    }

    private func choice(close: Set<Precision>, of candidates: [Precision]) throws -> PrecisionChoice {
        try PrecisionChoice(
            reference: reference, candidates: candidates, picture: picture, grid: grid, tiles: []
        ) { precision throws(FeatureError) in try engine(close: close.contains(precision)) }
    }

    private static let outcomes: [([Precision], Set<Precision>, Precision, Int)] = [
        // The fastest is good: nothing else is tried.
        ([.int8, .bf16], [.int8, .bf16], .int8, 1),
        // It is not: the next one.
        ([.int8, .bf16], [.bf16], .bf16, 2),
        // None is.
        ([.int8, .bf16], [], .f32, 2),
        // The processor has one of them, or none.
        ([.int8], [.int8], .int8, 1),
        ([], [], .f32, 0),
    ]

    @Test(arguments: outcomes)
    func `The first candidate that is close enough is taken`(
        _ candidates: [Precision], _ close: Set<Precision>, _ expected: Precision, _ tried: Int
    ) throws {
        let choice = try choice(close: close, of: candidates)
        #expect(choice.precision == expected)
        #expect((choice.engine === reference) == (expected == .f32))
        #expect(Set(choice.cosines.keys) == Set(candidates.prefix(tried)))
        for (precision, cosine) in choice.cosines {
            #expect(close.contains(precision) ? cosine > 1 - 1e-9 : cosine < 0.9, "\(precision): \(cosine)")
        }
    }

    @Test func `Bounds are those of the documentation`() {
        #expect(PrecisionChoice.leastCosine(.int8) == 0.99)
        #expect(PrecisionChoice.leastCosine(.bf16) == 0.999)
        #expect(PrecisionChoice.fastestFirst == [.int8, .bf16])
    }

    /// Worked out by hand, two channels a token.
    private static let medians: [([Float], [Float], Double)] = [
        // Cosines 1, 0 and 0.6: an odd number, in any order.
        ([1, 0, 1, 0, 1, 0], [2, 0, 0, 1, 3, 4], 0.6),
        ([1, 0, 1, 0, 1, 0], [3, 4, 2, 0, 0, 1], 0.6),
        // Cosines 1 and 0: the mean of the middle ones.
        ([1, 0, 1, 0], [1, 0, 0, 1], 0.5),
        // Opposite directions.
        ([1, 2], [-1, -2], -1),
        // Two zeros agree, one does not; what is not finite does not.
        ([0, 0], [0, 0], 1),
        ([0, 0], [1, 0], 0),
        ([1, 0], [.nan, 0], 0),
        ([1, 0], [.infinity, 0], 0),
    ]

    @Test(arguments: medians)
    func `The median cosine is the one worked out`(_ left: [Float], _ right: [Float], _ expected: Double) {
        var maps = [left, right].map { values in
            var map = TokenMap(rows: 1, columns: values.count / 2, channels: 2)
            map.values = values
            return map
        }
        #expect(abs(PrecisionChoice.medianCosine(maps[0], maps[1]) - expected) < 1e-12)
        maps.swapAt(0, 1)
        #expect(abs(PrecisionChoice.medianCosine(maps[0], maps[1]) - expected) < 1e-12)
    }

    /// Whatever the tiling, the tokens of a strip are those its tiles have in the whole picture, bit for bit.
    @Test(arguments: [[0], [4, 1], [5, 3, 2, 0]])
    func `A strip's tiles are those of the picture`(_ tiles: [Int]) throws {
        var whole = TokenMap()
        var part = TokenMap()
        try reference.embed(picture, grid: grid, into: &whole)
        let (strip, stripGrid) = PrecisionChoice.strip(of: picture, grid: grid, tiles: tiles)
        try reference.embed(strip, grid: stripGrid, into: &part)
        #expect(part.rows == 3 && part.columns == 3 * tiles.count)
        for (place, tile) in tiles.enumerated() {
            for row in 0..<3 {
                let source = ((tile / 3 * 3 + row) * whole.columns + tile % 3 * 3) * whole.channels
                let target = (row * part.columns + place * 3) * part.channels
                let count = 3 * whole.channels
                #expect(whole.values[source..<source + count] == part.values[target..<target + count])
            }
        }
    }

    /// One tile of many tokens, as `whole` makes it, is its own strip.
    @Test func `A whole frame is one tile`() throws {
        let grid = try TileGrid(
            tiling: .whole, frameWidth: 45, frameHeight: 30, inputSide: 15, patch: 5, longSide: 64)
        let (strip, stripGrid) = PrecisionChoice.strip(of: picture, grid: grid, tiles: [0])
        #expect(strip == picture)
        #expect(stripGrid.mapRows == 6 && stripGrid.mapColumns == 9)
        let choice = try PrecisionChoice(
            reference: reference, candidates: [.int8], picture: picture, grid: grid, tiles: [0]
        ) { _ throws(FeatureError) in try engine(close: true) }
        #expect(choice.precision == .int8)
    }

    @Test func `Tiles with the most demanded tokens come first`() {
        var demand = TokenDemand(rows: 6, columns: 9)
        #expect(PrecisionChoice.tiles(of: grid, demand: demand).isEmpty)
        // The last token of tile 0, the first one of tile 1, and one inside of tile 5.
        for (row, column) in [(2, 2), (0, 3), (4, 7)] { demand.insert(row: row, column: column) }
        #expect(PrecisionChoice.tiles(of: grid, demand: demand) == [0, 1, 5])
        // Two tokens in tile 5, three in tile 3.
        for (row, column) in [(5, 8), (3, 0), (4, 1), (5, 2)] { demand.insert(row: row, column: column) }
        #expect(PrecisionChoice.tiles(of: grid, demand: demand) == [3, 5, 0, 1])
        // Nothing said: two rows of three, the second row's second one is in the middle.
        #expect(PrecisionChoice.tiles(of: grid, demand: nil) == [4, 0, 1, 2, 3, 5])
    }

    /// The kernels of this processor: the choice follows from the cosines that it reports.
    @Test(.enabled(if: !PrecisionChoice.candidates.isEmpty, "this processor has neither bf16 nor int8"))
    func `Real candidates are judged by their cosines`() throws {
        let choice = try PrecisionChoice(
            reference: reference, checkpoint: TinyCheckpoint.random(), picture: picture, grid: grid, tiles: [1])
        #expect(choice.engine.precision == choice.precision)
        let good = PrecisionChoice.candidates.first { (choice.cosines[$0] ?? 0) >= PrecisionChoice.leastCosine($0) }
        #expect(choice.precision == good ?? .f32)
    }
}

import Geometry
import Testing

@testable import Features

struct HighNormTokensTests {
    private func map(_ lengths: [Float]) -> TokenMap {
        var map = TokenMap(rows: 1, columns: lengths.count, channels: 1)
        map.lengths = lengths
        return map
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let lengths: [Float]
        let cutoff: LengthCutoff
        let flags: [Bool]
    }

    @Test(arguments: [
        // Median 10, deviations 1 and 0: both bounds lie below 50.
        Case(
            testDescription: "one that is five times as long", lengths: [9, 10, 11, 10, 50, 10], cutoff: .automatic,
            flags: [false, false, false, false, true, false]),
        // Nothing deviates, so the second bound is the median: the first one keeps what is a little longer.
        Case(
            testDescription: "a plain picture", lengths: [10, 10, 10, 10, 10, 19], cutoff: .automatic,
            flags: [false, false, false, false, false, false]),
        // Median 30 with deviation 20: 8 deviations are far beyond twice the median.
        Case(
            testDescription: "lengths that spread", lengths: [10, 10, 30, 50, 100], cutoff: .automatic,
            flags: [false, false, false, false, false]),
        Case(
            testDescription: "a length that was named", lengths: [10, 10.5, 11], cutoff: .length(10.5),
            flags: [false, false, true]),
        Case(
            testDescription: "what is no number", lengths: [10, .nan, 10, .infinity, 11], cutoff: .automatic,
            flags: [false, true, false, true, false]),
        Case(testDescription: "nothing", lengths: [], cutoff: .automatic, flags: []),
        Case(testDescription: "no number at all", lengths: [.nan], cutoff: .automatic, flags: [true]),
    ])
    func `Tokens far longer than the others are found`(_ example: Case) {
        var tokens = HighNormTokens()
        tokens.find(in: map([1, 2, 3]), cutoff: .length(0))
        tokens.find(in: map(example.lengths), cutoff: example.cutoff)
        #expect(tokens.flags == example.flags)
        #expect(tokens.count == example.flags.count { $0 })
    }

    /// Leaving tokens out is the same as giving them the weighted mean of the others of their bin.
    @Test(arguments: [Pooling.mean, .meanPatches, .grid(3)])
    func `Tokens left out weigh nothing, and the others more`(_ pooling: Pooling) throws {
        let grid = try TileGrid(tiling: .fit, frameWidth: 512, frameHeight: 256, inputSide: 8, patch: 1)
        var map = TokenMap(rows: 8, columns: 16, channels: 2)
        for token in 0..<128 {
            map.values[2 * token] = 1
            map.values[2 * token + 1] = Float(token % 16)
        }
        var flags = [Bool](repeating: false, count: 128)
        let boxes = [Box(x: 40, y: 30, width: 200, height: 150)]
        var pooler = BoxPooler(pooling: pooling)
        let whole = pooler.pool(map, grid: grid, boxes: boxes, excluding: flags)
        #expect(whole == pooler.pool(map, grid: grid, boxes: boxes))
        for token in stride(from: 0, to: 128, by: 3) {
            flags[token] = true
            map.values[2 * token] = .nan
            map.values[2 * token + 1] = .nan
        }
        let some = pooler.pool(map, grid: grid, boxes: boxes, excluding: flags)
        #expect(some.unreached == 0)
        for cell in 0..<pooling.cells { #expect(abs(some.vectors.values[2 * cell] - 1) < 1e-6) }
        let none = pooler.pool(map, grid: grid, boxes: boxes, excluding: [Bool](repeating: true, count: 128))
        #expect(none.unreached == 1)
        #expect(none.vectors.values.allSatisfy { $0 == 0 })
    }
}

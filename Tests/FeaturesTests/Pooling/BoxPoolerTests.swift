import Features
import Foundation
import Geometry
import Testing

/// What `scripts/make-golden-roialign.py` writes.
private struct GoldenROIAlign: Decodable {
    struct NamedBox: Decodable {
        let name: String
        let box: [Double]
    }
    let frame: [Int]
    let inputSide: Int
    let patch: Int
    let channels: Int
    let tokens: [Float]
    let boxes: [NamedBox]
    let expected: [String: [[Double]]]

    static func load() throws -> GoldenROIAlign {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/roialign.json").standardized
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
    }
}

@Suite struct BoxPoolerTests {
    @Test(arguments: ["mean", "grid1", "grid2", "grid3"])
    func agreesWithTorchvision(_ name: String) throws {
        let golden = try GoldenROIAlign.load()
        let grid = try TileGrid(
            tiling: .fit, frameWidth: golden.frame[0], frameHeight: golden.frame[1], inputSide: golden.inputSide,
            patch: golden.patch)
        var map = TokenMap(rows: grid.mapRows, columns: grid.mapColumns, channels: golden.channels)
        map.values = golden.tokens
        let boxes = golden.boxes.map { Box(x: $0.box[0], y: $0.box[1], width: $0.box[2], height: $0.box[3]) }
        var pooler = BoxPooler(pooling: try Pooling(name: name))
        let pooled = pooler.pool(map, grid: grid, boxes: boxes)
        let expected = try #require(golden.expected[name])
        for (index, row) in expected.enumerated() {
            for (value, wanted) in zip(pooled.vectors[row: index], row) {
                #expect(abs(Double(value) - wanted) < 2e-6, "\(golden.boxes[index].name)")
            }
            #expect(pooled.vectors[row: index].count == row.count)
        }
        // "wholly left", "wholly below", "far outside", "huge" (no sample of it is within the map), "enormous".
        #expect(pooled.unreached == expected.count { row in row.allSatisfy { $0 == 0 } })
        #expect(pooled.unreached >= 4)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func agreesWithTheSlowTwin(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let grid = try TileGrid(tiling: .pad, frameWidth: 700, frameHeight: 500, inputSide: 64, patch: 8)
        // 37 channels are no multiple of any vector width.
        let map = TokenMap.random(rows: grid.mapRows, columns: grid.mapColumns, channels: 37, using: &random)
        let boxes = (0..<25).map { _ in
            Box(
                x: .random(in: -300...800, using: &random), y: .random(in: -300...600, using: &random),
                width: .random(in: 0...600, using: &random), height: .random(in: 0...600, using: &random))
        }
        for (pooling, bins) in [(Pooling.mean, 7), (.grid(3), 3), (.grid(5), 5)] {
            var pooler = BoxPooler(pooling: pooling)
            let pooled = pooler.pool(map, grid: grid, boxes: boxes)
            for (index, box) in boxes.enumerated() {
                let wanted = ReferenceROIAlign.align(map, grid: grid, box: box, bins: bins, mean: pooling == .mean)
                for (value, wanted) in zip(pooled.vectors[row: index], wanted) {
                    #expect(abs(Double(value) - wanted) < 1e-5)
                }
            }
        }
    }

    @Test func boxesFarBeyondAnyIntegerAreZeroAndCounted() throws {
        let grid = try TileGrid(tiling: .whole, frameWidth: 64, frameHeight: 64, inputSide: 64, patch: 16)
        var map = TokenMap(rows: 4, columns: 4, channels: 2)
        map.values = [Float](repeating: 1, count: 32)
        let greatest = Double.greatestFiniteMagnitude
        let boxes = [
            Box(x: 1e300, y: 0, width: 1, height: 1),
            Box(x: -1e300, y: -1e300, width: 1, height: 1),
            Box(x: greatest, y: greatest, width: greatest, height: greatest),  // the right edge is infinite
            Box(x: .nan, y: 0, width: 1, height: 1),
            Box(x: 0, y: 0, width: .infinity, height: 1),
            Box(x: -.infinity, y: 0, width: .infinity, height: 1),
        ]
        for pooling in [Pooling.mean, .grid(3)] {
            var pooler = BoxPooler(pooling: pooling)
            let pooled = pooler.pool(map, grid: grid, boxes: boxes)
            #expect(pooled.unreached == boxes.count)
            #expect(pooled.vectors.values.allSatisfy { $0 == 0 })
        }
        // Patches of a box without end are all patches right of it; nothing traps.
        var pooler = BoxPooler(pooling: .meanPatches)
        #expect(pooler.pool(map, grid: grid, boxes: boxes).vectors.values.allSatisfy { $0.isFinite })
    }

    @Test func meanPatchesTakesTheTokensWhoseCentreLiesInTheBox() throws {
        // 4×4 tokens of 16 pixels; the number of token (row, column) is 10·row + column.
        let grid = try TileGrid(tiling: .whole, frameWidth: 64, frameHeight: 64, inputSide: 64, patch: 16)
        var map = TokenMap(rows: 4, columns: 4, channels: 1)
        map.values = (0..<16).map { Float($0 / 4 * 10 + $0 % 4) }
        let cases: [(Box, Float)] = [
            (Box(x: 0, y: 0, width: 64, height: 64), 16.5),  // all
            (Box(x: 8, y: 8, width: 16, height: 16), 0),  // a centre on the left and top edge counts, on the others not
            (Box(x: 7, y: 7, width: 18, height: 18), 5.5),  // centres 8 and 24: tokens 0, 1, 10, 11
            (Box(x: 40, y: 25, width: 4, height: 4), 12),  // none inside: the nearest to its centre (42, 27)
            (Box(x: -20, y: 60, width: 30, height: 30), 30),  // partly outside, none inside
            (Box(x: 50, y: 50, width: 0, height: 0), 33),
        ]
        var pooler = BoxPooler(pooling: .meanPatches)
        let pooled = pooler.pool(map, grid: grid, boxes: cases.map(\.0))
        #expect(pooled.vectors.values == cases.map(\.1))
        #expect(pooled.unreached == 0)
        // A box that does not touch the map has no nearest token worth the name.
        let outside = pooler.pool(map, grid: grid, boxes: [Box(x: 65, y: 0, width: 10, height: 10)])
        #expect(outside.unreached == 1)
        #expect(outside.vectors.values == [0])
    }

    @Test func aFrameWithoutBoxesHasNoVectors() throws {
        let grid = try TileGrid(tiling: .fit, frameWidth: 64, frameHeight: 64, inputSide: 32, patch: 16)
        var pooler = BoxPooler(pooling: .grid(2))
        let pooled = pooler.pool(TokenMap(rows: 2, columns: 2, channels: 3), grid: grid, boxes: [])
        #expect(pooled.vectors.count == 0)
        #expect(pooled.vectors.dimension == 12)
    }

    @Test(arguments: [
        ("mean", Pooling.mean), ("mean-patches", .meanPatches), ("grid1", .grid(1)), ("grid16", .grid(16)),
    ])
    func namesAreRead(_ name: String, _ pooling: Pooling) throws {
        #expect(try Pooling(name: name) == pooling)
        #expect(pooling.name == name)
    }

    @Test(arguments: [
        "", "max", "grid", "grid0", "grid17", "grid-3", "grid+3", "grid3x3", "gridN", "grid99999999999999999999",
    ])
    func otherNamesAreRefused(_ name: String) {
        #expect(throws: FeatureError.poolingName(name)) { try Pooling(name: name) }
    }
}

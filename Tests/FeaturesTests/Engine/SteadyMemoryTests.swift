import Foundation
import Geometry
import Testing

@testable import Features

/// Memory is made for the first picture of a size and kept: a long run takes no more than a short one.
struct SteadyMemoryTests {
    /// Resident memory of this process in bytes.
    static func resident() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return 1024 * (try #require(line.split(separator: " ").compactMap { Int($0) }.first))
    }

    // In a process of its own: other tests in this one would be measured too.
    @Test
    func `Memory does not grow from frame to frame`() async {
        await #expect(processExitsWith: .success) {
            let model = TinyCheckpoint.description(
                width: 192, depth: 2, heads: 3, hiddenWidth: 384, patch: 8, side: 112)
            let network = try VisionTransformer(
                checkpoint: TinyCheckpoint.random(model), selection: LayerSelection(layers: [2]), threads: 2)
            let grid = try TileGrid(tiling: .fit, frameWidth: 768, frameHeight: 256, inputSide: 112, patch: 8)
            let picture = TestPicture.random(width: grid.pictureWidth, height: grid.pictureHeight)
            var map = TokenMap()
            for _ in 0..<20 { try network.embed(picture, grid: grid, into: &map) }
            let before = try SteadyMemoryTests.resident()
            for _ in 0..<200 { try network.embed(picture, grid: grid, into: &map) }
            let after = try SteadyMemoryTests.resident()
            #expect(after - before < 2 << 20, "\(before) bytes became \(after)")
        }
    }

    // As a run does: boxes elsewhere in every frame, all precisions; the plain structure and the one of most parts.
    @Test
    func `Memory does not grow over ten thousand tiles`() async {
        await #expect(processExitsWith: .success) { try SteadyMemoryTests.runTiles(ModelStructure()) }
        await #expect(processExitsWith: .success) {
            try SteadyMemoryTests.runTiles(TestStructure.all[TestStructure.all.count - 1].structure)
        }
    }

    static func runTiles(_ structure: ModelStructure) throws {
        let model = TinyCheckpoint.description(
            width: 64, depth: 2, heads: 2, hiddenWidth: 128, patch: 8, side: 64, structure: structure)
        let grid = try TileGrid(tiling: .fit, frameWidth: 1024, frameHeight: 256, inputSide: 64, patch: 8)
        let picture = TestPicture.random(width: grid.pictureWidth, height: grid.pictureHeight)
        for precision in Precision.allCases where precision.isSupported {
            let network = try VisionTransformer(
                checkpoint: TinyCheckpoint.random(model), selection: LayerSelection(layers: [2]),
                precision: precision, threads: 2)
            var (map, demand, pooler) = (TokenMap(), TokenDemand(), BoxPooler(pooling: .mean))
            var tiles = 0
            var before = 0
            var frame = 0
            while tiles < 11_000 {
                let boxes = (0..<4).map {
                    Box(x: Double((frame * 7 + $0 * 256) % 900), y: 60, width: 40, height: 90)
                }
                pooler.demand(grid: grid, boxes: boxes, into: &demand)
                try network.embed(picture, grid: grid, demand: demand, into: &map)
                tiles += network.lastWork.tilesEmbedded
                frame += 1
                if before == 0, tiles >= 1000 { before = try SteadyMemoryTests.resident() }
            }
            let after = try SteadyMemoryTests.resident()
            #expect(after - before < 2 << 20, "\(precision): \(before) bytes became \(after)")
        }
    }
}

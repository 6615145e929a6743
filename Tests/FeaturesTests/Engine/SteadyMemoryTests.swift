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
}

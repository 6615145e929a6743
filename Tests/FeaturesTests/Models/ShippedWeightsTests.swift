import Foundation
import Geometry
import Testing

@testable import Features

/// The model that ships, against timm on the same file (scripts/make-golden-default.py).
struct ShippedWeightsTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        .standardized
        .path(percentEncoded: false)

    @Test func tokensAreTimms() throws {
        let checkpoint = try Checkpoint(path: Self.root + "Models/vtrack-tiny.safetensors")
        let description = checkpoint.description
        let layer = try #require(description.preferredLayer.flatMap { Int($0) })
        let golden = try SafetensorsFile(path: Self.root + "Tests/FeaturesTests/Fixtures/default-model.safetensors")
        let expected = try golden.floats("tokens")

        let side = description.inputSide
        var image = RGBImage(width: side, height: side)
        for y in 0..<side {
            for x in 0..<side {
                for c in 0..<3 {
                    image.pixels[(y * side + x) * 3 + c] = UInt8((x * (c + 3) + y * (5 - c) + 7 * (x * y / 16)) % 256)
                }
            }
        }
        let network = try VisionTransformer(
            checkpoint: checkpoint, selection: LayerSelection(layers: [layer]), threads: 1)
        let found = try network.sequence(of: image, finalNorm: true)
        let width = description.width
        #expect(found.count == description.gridSide * description.gridSide * width)
        let kept = stride(from: 0, to: found.count / width, by: 29).flatMap { found[($0 * width)..<(($0 + 1) * width)] }
        #expect(FamilyGolden.error(kept, expected) < 1e-4)
    }
}

import Geometry
import Testing

@testable import Features

private enum Reference {
    static let weights = "weights/deit_tiny_patch16_224.safetensors"
    static let tokens = "weights/deit_tiny_patch16_224.transformers_ref.safetensors"
    static let crops = [
        "0001_000000_x500_y140", "0001_000020_x200_y150", "0016_000002_x600_y140", "0016_000012_x900_y146",
    ]
}

/// The network against tokens that an independent implementation (Transformers' ViTModel) computed from real weights.
@Suite(.enabled(if: TestData.has(Reference.weights), "shared/data/weights is not here"))
struct ReferenceParityTests {
    /// The reference's normalised input turned back into the 8-bit picture it came from.
    private func picture(_ crop: String, _ reference: SafetensorsFile, _ model: ModelDescription) throws -> RGBImage {
        let input = try reference.floats(crop + ".input")
        var image = RGBImage(width: 224, height: 224)
        for colour in 0..<3 {
            for pixel in 0..<224 * 224 {
                let value = Double(input[colour * 224 * 224 + pixel]) * model.std[colour] + model.mean[colour]
                image.pixels[pixel * 3 + colour] = UInt8((value * 255).rounded())
            }
        }
        return image
    }

    private func relativeError(_ found: [Float], _ expected: [Float]) -> Double {
        var (difference, length) = (0.0, 0.0)
        for (a, b) in zip(found, expected) {
            difference += Double(a - b) * Double(a - b)
            length += Double(b) * Double(b)
        }
        return (difference / length).squareRoot()
    }

    @Test(arguments: Reference.crops)
    func `Input and tokens agree to 1e-4`(crop: String) throws {
        let checkpoint = try Checkpoint(path: TestData.folder + "/" + Reference.weights)
        let reference = try SafetensorsFile(path: TestData.folder + "/" + Reference.tokens)
        let model = checkpoint.description
        let image = try picture(crop, reference, model)

        // The normalised input, patch by patch as the engine unfolds it.
        let table = PixelTable(mean: model.mean, std: model.std)
        let input = try reference.floats(crop + ".input")
        var unfolded = [Float](repeating: 0, count: input.count)
        for colour in 0..<3 {
            for pixel in 0..<224 * 224 {
                unfolded[colour * 224 * 224 + pixel] =
                    table.values[colour * 256 + Int(image.pixels[pixel * 3 + colour])]
            }
        }
        #expect(relativeError(unfolded, input) < 1e-6)

        // Blocks count from 1 here and from 0 in the reference's names.
        for (layer, norm, name) in [
            (1, false, "block0_out"), (12, false, "block11_out_prenorm"), (12, true, "final_norm_tokens"),
        ] {
            let network = try VisionTransformer(
                checkpoint: checkpoint, selection: LayerSelection(layers: [layer]), threads: 2)
            let tokens = try network.sequence(of: image, finalNorm: norm)
            let expected = try reference.floats("\(crop).\(name)")
            #expect(tokens.count == expected.count)
            let error = relativeError(tokens, expected)
            #expect(error < 1e-4, "\(name): \(error)")
        }
    }
}

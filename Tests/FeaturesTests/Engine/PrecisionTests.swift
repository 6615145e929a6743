import Foundation
import Geometry
import Testing

@testable import Features

/// The faster precisions against single precision.
struct PrecisionTests {
    static let fast = Precision.allCases.filter { $0 != .f32 && $0.isSupported }

    static func cosines(_ a: [Float], _ b: [Float], width: Int) -> [Double] {
        stride(from: 0, to: a.count, by: width).map { start in
            var (product, first, second) = (0.0, 0.0, 0.0)
            for index in start..<start + width {
                product += Double(a[index]) * Double(b[index])
                first += Double(a[index]) * Double(a[index])
                second += Double(b[index]) * Double(b[index])
            }
            return product / (first * second).squareRoot()
        }.sorted()
    }

    @Test(arguments: fast, [TokenKind.output, .queries, .keys, .values])
    func `Every layer and kind of token is close to single precision`(
        _ precision: Precision, _ token: TokenKind
    ) throws {
        let model = TinyCheckpoint.description(
            width: 192, depth: 3, heads: 3, hiddenWidth: 384, patch: 4, side: 56)
        // Weights as small as in real models: with attention far from uniform rounding is amplified.
        let checkpoint = Checkpoint(Architecture(description: model, seed: 3, standardDeviation: 0.05))
        let picture = TestPicture.random(width: 56, height: 56)
        for layer in [0, 1, 2, 3] where layer > 0 || token == .output {
            let selection = LayerSelection(layers: [layer], token: token)
            let exact = try VisionTransformer(checkpoint: checkpoint, selection: selection, threads: 2)
                .sequence(of: picture, finalNorm: true)
            let found = try VisionTransformer(
                checkpoint: checkpoint, selection: selection, precision: precision, threads: 2
            ).sequence(of: picture, finalNorm: true)
            let error = VisionTransformerTests.relativeError(found, exact.map(Double.init))
            #expect(error < (precision == .bf16 ? 1e-2 : 5e-2), "layer \(layer): \(error)")
            let cosine = Self.cosines(found, exact, width: model.width)[0]
            #expect(cosine > (precision == .bf16 ? 0.9999 : 0.998), "layer \(layer): \(cosine)")
        }
    }

    @Test(arguments: fast)
    func `The number of threads does not change a bit`(_ precision: Precision) throws {
        let checkpoint = TinyCheckpoint.random(
            TinyCheckpoint.description(width: 192, depth: 2, heads: 3, hiddenWidth: 384, patch: 4, side: 56))
        for columns in [1, 2, 3, 5] {
            let grid = try TileGrid(
                tiling: .fit, frameWidth: 256 * columns, frameHeight: 256, inputSide: 56, patch: 4)
            let picture = TestPicture.random(width: grid.pictureWidth, height: grid.pictureHeight)
            let maps = try [1, 2, 3, 4].map { threads in
                let network = try VisionTransformer(
                    checkpoint: checkpoint, selection: LayerSelection(layers: [2]), precision: precision,
                    threads: threads)
                var map = TokenMap()
                try network.embed(picture, grid: grid, into: &map)
                try network.embed(picture, grid: grid, into: &map)
                return map
            }
            for map in maps { #expect(map == maps[0]) }
        }
    }

    @Test(
        .enabled(if: TestData.has("weights/deit_tiny_patch16_224.safetensors"), "shared/data/weights is not here"),
        arguments: fast)
    func `Tokens of a real model are close to single precision`(_ precision: Precision) throws {
        let checkpoint = try Checkpoint(path: TestData.folder + "/weights/deit_tiny_patch16_224.safetensors")
        let reference = try SafetensorsFile(
            path: TestData.folder + "/weights/deit_tiny_patch16_224.transformers_ref.safetensors")
        let crop = "0001_000000_x500_y140"
        let input = try reference.floats(crop + ".input")
        let model = checkpoint.description
        var image = RGBImage(width: 224, height: 224)
        for colour in 0..<3 {
            for pixel in 0..<224 * 224 {
                let value = Double(input[colour * 224 * 224 + pixel]) * model.std[colour] + model.mean[colour]
                image.pixels[pixel * 3 + colour] = UInt8((value * 255).rounded())
            }
        }
        let network = try VisionTransformer(
            checkpoint: checkpoint, selection: LayerSelection(layers: [12]), precision: precision, threads: 2)
        let tokens = try network.sequence(of: image, finalNorm: true)
        let expected = try reference.floats(crop + ".final_norm_tokens")
        let error = VisionTransformerTests.relativeError(tokens, expected.map(Double.init))
        let cosines = Self.cosines(tokens, expected, width: model.width)
        switch precision {
        // A trained model amplifies what rounding its weights alone does (docs/performance.md).
        case .bf16: #expect(error < 3e-2 && cosines[cosines.count / 2] > 0.999, "\(error)")
        default: #expect(cosines[cosines.count / 2] > 0.995, "\(cosines[cosines.count / 2])")
        }
    }
}

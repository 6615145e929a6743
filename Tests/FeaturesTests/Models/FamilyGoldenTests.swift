import Foundation
import Geometry
import Testing

@testable import Features

/// Every family in every dialect against an implementation that is not this one.
struct FamilyGoldenTests {
    /// The bound of the project: relative error in single precision.
    private let bound = 1e-4

    /// All tokens of some layers, one array a layer.
    private func tokens(
        _ checkpoint: Checkpoint, _ layers: [Int], of image: RGBImage, finalNorm: Bool
    ) throws -> [[Float]] {
        try layers.map { layer in
            let network = try VisionTransformer(
                checkpoint: checkpoint, selection: LayerSelection(layers: [layer]), threads: 1)
            return try network.sequence(of: image, finalNorm: finalNorm)
        }
    }

    @Test(arguments: FamilyGolden.all)
    func `Every block gives the reference's tokens`(_ golden: FamilyGolden) throws {
        let checkpoint = try golden.open()
        let expected = try #require(try golden.expected("tile"))
        let depth = checkpoint.description.depth
        #expect(expected.tokens["\(depth)"] != nil && depth == 2)
        var errors: [Double] = []
        for (layer, found) in try tokens(checkpoint, Array(0...depth), of: expected.image, finalNorm: false).enumerated() {
            let reference = try #require(expected.tokens["\(layer)"])
            // Layer 0 is what the first block reads, the patches' tokens alone.
            errors.append(FamilyGolden.error(found, reference))
            #expect(errors[layer] < bound, "block \(layer)")
        }
        #expect(checkpoint.description.hasFinalNorm == (expected.tokens["norm"] != nil))
        if let norm = expected.tokens["norm"] {
            let found = try tokens(checkpoint, [depth], of: expected.image, finalNorm: true)[0]
            errors.append(FamilyGolden.error(found, norm))
            #expect(errors[depth + 1] < bound, "after the final norm")
        }
        if ProcessInfo.processInfo.environment["VTRACK_PRINT_ERRORS"] != nil {
            print("FAMILY tile \(golden.file) \(errors.max() ?? 0)")
        }
    }

    @Test(arguments: FamilyGolden.all)
    func `Positions are stretched as the reference does`(_ golden: FamilyGolden) throws {
        // Some references take pictures of one size only.
        guard let expected = try golden.expected("wide") else { return }
        let checkpoint = try golden.open()
        let depth = checkpoint.description.depth
        let reference = try #require(expected.tokens["\(depth)"])
        let found = try tokens(checkpoint, [depth], of: expected.image, finalNorm: false)[0]
        let error = FamilyGolden.error(found, reference)
        #expect(error < bound)
        if ProcessInfo.processInfo.environment["VTRACK_PRINT_ERRORS"] != nil {
            print("FAMILY wide \(golden.file) \(error)")
        }
    }

    @Test(arguments: FamilyGolden.all)
    func `The family is told and nothing is assumed`(_ golden: FamilyGolden) throws {
        let checkpoint = try golden.open()
        #expect(checkpoint.description.family == golden.family)
        #expect(!checkpoint.warnings.contains { $0.contains("does not state") }, "\(checkpoint.warnings)")
    }

    @Test(arguments: FamilyGolden.all.filter { !$0.file.hasSuffix(".npz") })
    func `A tensor that no family has is refused by name`(_ golden: FamilyGolden) throws {
        let file = try WeightsFormat.open(path: golden.path)
        var tensors: [String: (shape: [Int], values: [Float])] = [:]
        for (name, entry) in file.entries where [.float32, .float16].contains(entry.type) && entry.count > 0 {
            tensors[name] = (entry.shape.isEmpty ? [1] : entry.shape, try file.floats(name))
        }
        let block = try #require(tensors.keys.filter { $0.contains("norm1.weight") || $0.contains("layernorm_before.weight") || $0.contains("ln_1.weight") || $0.contains("layer_norm1.weight") }.filter { !$0.contains("decoder") && !$0.contains("text") && !$0.hasPrefix("transformer.") }.max())
        let name = block.replacing(/(norm1|layernorm_before|ln_1|layer_norm1)\.weight/, with: "attn.surprise.weight")
        tensors[name] = ([1], [0])
        try TestData.withFolder { folder in
            let path = folder + "/" + (golden.file.split(separator: "/").last.map(String.init) ?? "") + ".safetensors"
            try TinyCheckpoint.write(tensors, to: path)
            let error = try #require(throws: FeatureError.self) {
                try Checkpoint(path: path, overrides: CheckpointOverrides(heads: 2))
            }
            #expect(error.description.contains("\"\(name)\""), "\(error)")
        }
    }
}

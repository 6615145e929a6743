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
        for (layer, found) in try tokens(checkpoint, Array(0...depth), of: expected.image, finalNorm: false)
            .enumerated()
        {
            let reference = try #require(expected.tokens["\(layer)"])
            // Layer 0 is what the first block reads.
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

    /// The tensors of a file that numbers can be read from.
    private func tensors(of path: String) throws -> [String: (shape: [Int], values: [Float])] {
        let file = try WeightsFormat.open(path: path)
        var tensors: [String: (shape: [Int], values: [Float])] = [:]
        for (name, entry) in file.entries where [.float32, .float16].contains(entry.type) && entry.count > 0 {
            tensors[name] = (entry.shape.isEmpty ? [1] : entry.shape, try file.floats(name))
        }
        return tensors
    }

    @Test(arguments: FamilyGolden.all.filter { !$0.file.hasSuffix(".npz") })
    func `A tensor that no family has is refused by name`(_ golden: FamilyGolden) throws {
        var tensors = try tensors(of: golden.path)
        // One beside the first norm of the last block, which every dialect has under one of these names.
        let norm = /(norm1|layernorm_before|ln_1|layer_norm1)\.weight$/
        let last = tensors.keys.filter { name in
            name.contains(norm) && !name.contains("decoder")
                && !["text", "transformer."].contains { name.hasPrefix($0) }
        }.max()
        let name = try #require(last).replacing(norm, with: "attn.surprise.weight")
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

    @Test(arguments: [
        // What training runs put before the names, and what of theirs lies beside the model.
        ("module.", "module.head.weight"), ("backbone.", "head.mlp.0.weight"),
        ("module.backbone.", "module.head.last_layer.weight_g"), ("teacher.", "student.cls_token"),
        ("teacher.backbone.", "teacher.head.mlp.0.weight"), ("teacher.module.backbone.", "optimizer.state.0.step"),
        ("state_dict.", "optimizer.param"), ("state_dict.module.", "state_dict.module.head.weight"),
        ("state_dict.model.", "epoch"), ("model.", "optimizer.param"), ("model.module.", "model.module.head.bias"),
        ("model_ema.", "model.cls_token"), ("state_dict_ema.", "state_dict.cls_token"),
        ("encoder.", "decoder.0.weight"),
    ])
    func `A model is the same under every nesting`(prefix: String, beside: String) throws {
        let golden = try #require(FamilyGolden.all.first { $0.file == "dinov2/dinov2_vitb14_pretrain.pth" })
        let expected = try #require(try golden.expected("tile"))
        let plain = try tensors(of: golden.path)
        var nested = Dictionary(uniqueKeysWithValues: plain.map { (prefix + $0.key, $0.value) })
        nested[beside] = ([1], [0])
        try TestData.withFolder { folder in
            let path = folder + "/model.safetensors"
            try TinyCheckpoint.write(nested, to: path)
            let checkpoint = try Checkpoint(path: path, overrides: CheckpointOverrides(heads: 2))
            #expect(checkpoint.description.family == "dinov2")
            let found = try tokens(checkpoint, [2], of: expected.image, finalNorm: true)
            #expect(found == (try tokens(golden.open(), [2], of: expected.image, finalNorm: true)))
        }
    }

    @Test
    func `A flag names the family where nothing shows it`() throws {
        let golden = try #require(FamilyGolden.all.first { $0.file == "dino/dino_vitbase16_pretrain.pth" })
        let weights = try tensors(of: golden.path)
        try TestData.withFolder { folder in
            let path = folder + "/weights.safetensors"
            try TinyCheckpoint.write(weights, to: path)
            let unknown = try Checkpoint(path: path, overrides: CheckpointOverrides(heads: 2))
            #expect(unknown.description.family == nil)
            #expect(unknown.description.structure.positions == .learned(.resized))
            #expect(unknown.warnings.contains { $0.contains("does not state") })
            let named = try Checkpoint(path: path, overrides: CheckpointOverrides(heads: 2, family: "dino"))
            #expect(named.description.structure.positions == .learned(.offset) && named.warnings.isEmpty)
            let augreg = try Checkpoint(path: path, overrides: CheckpointOverrides(heads: 2, family: "augreg"))
            #expect(augreg.description.mean == [0.5, 0.5, 0.5])
            let error = try #require(throws: FeatureError.self) {
                try Checkpoint(path: path, overrides: CheckpointOverrides(family: "dyno"))
            }
            #expect(error.description.contains("\"dyno\"") && error.description.contains("dinov2"))
        }
    }

    @Test
    func `Names of families are their own`() {
        #expect(Set(Checkpoint.families).count == ModelFamily.all.count)
        for family in ModelFamily.all { #expect(family.variantOf.map { ModelFamily.named($0) != nil } ?? true) }
    }

    @Test(arguments: [
        // A configuration beside DINOv3's gated MLP, and what the message names.
        (#"{"hidden_act": "gelu"}"#, "silu"), (#"{"hidden_act": "relu6"}"#, "relu6"), (#"{"rope_theta": 0}"#, "rotary"),
        (#"{"num_attention_heads": 4}"#, "its tensors have 2"),
    ])
    func `A configuration that contradicts the tensors is refused`(text: String, says: String) throws {
        let file = "dinov3/dinov3_vits16plus_pretrain_lvd1689m-4057cbaa.pth"
        try TestData.withFolder { folder in
            try FileManager.default.copyItem(
                atPath: FamilyGolden.folder + "/" + file, toPath: folder + "/dinov3.pth")
            try Data(text.utf8).write(to: URL(filePath: folder + "/config.json"))
            let error = try #require(throws: FeatureError.self) { try Checkpoint(path: folder + "/dinov3.pth") }
            #expect(error.description.contains(says) && error.category == .configuration, "\(error)")
        }
    }

    @Test
    func `A checkpoint of Flax says how it is converted`() throws {
        // {"params": {}} in MessagePack, and some more, as flax.serialization writes it.
        let bytes: [UInt8] = [0x83, 0xA6] + Array("params".utf8) + [0x80, 0xA4] + Array("step".utf8) + [0x01]
        try TestData.withFolder { folder in
            try Data(bytes).write(to: URL(filePath: folder + "/loca_vbase_imnet1k"))
            let error = try #require(throws: FeatureError.self) { try Checkpoint(path: folder + "/loca_vbase_imnet1k") }
            #expect(
                error.description.contains("MessagePack") && error.description.contains("convert-flax-checkpoint.py"))
        }
    }
}

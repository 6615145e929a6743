import Foundation
import Geometry
import Testing

@testable import Features

/// Which files are models, what is read off them, and what is said where something is wrong.
struct CheckpointTests {
    typealias Tensors = [String: (shape: [Int], values: [Float])]

    private static let tiny = TinyCheckpoint.random()

    private func load(
        _ tensors: Tensors, metadata: [String: String] = [:], files: [String: String] = [:],
        overrides: CheckpointOverrides = CheckpointOverrides()
    ) throws -> Checkpoint {
        try TestData.withFolder { folder in
            try TinyCheckpoint.write(tensors, to: folder + "/model.safetensors", metadata: metadata)
            for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: folder + "/" + name)) }
            return try Checkpoint(path: folder + "/model.safetensors", overrides: overrides)
        }
    }

    private func timm() throws -> Tensors { try TinyCheckpoint.tensors(of: Self.tiny, names: .timm) }

    @Test(
        .enabled(if: TestData.has("weights/deit_tiny_patch16_224.safetensors"), "shared/data/weights is not here"))
    func `DeiT-Tiny's sizes are read off its tensors`() throws {
        let checkpoint = try Checkpoint(path: TestData.folder + "/weights/deit_tiny_patch16_224.safetensors")
        let model = checkpoint.description
        #expect(model.name == "deit_tiny_patch16_224")
        #expect(model.dialect == .timm)
        #expect([model.width, model.depth, model.heads, model.hiddenWidth] == [192, 12, 3, 768] as [Int])
        #expect([model.patch, model.inputSide, model.prefixTokens] == [16, 224, 1] as [Int])
        #expect(model.layerNormEpsilon == 1e-6)
        #expect(model.mean == [0.485, 0.456, 0.406] && model.std == [0.229, 0.224, 0.225])
        #expect(model.hasFinalNorm)
        #expect(model.family == "deit", "the file has its authors' name")
        #expect(checkpoint.warnings.isEmpty, "what the family's authors used is not assumed")
    }

    @Test(arguments: ["", "vit.", "deit."], [1, 2])
    func `Hugging Face's names give the same tokens as timm's`(nesting: String, prefixTokens: Int) throws {
        try TestData.withFolder { folder in
            let source = TinyCheckpoint.random(TinyCheckpoint.description(prefixTokens: prefixTokens))
            let overrides = CheckpointOverrides(layerNormEpsilon: 1e-6, heads: 3)
            var tokens: [[Float]] = []
            for (names, nesting) in [(CheckpointNames.timm, ""), (.huggingFace, nesting)] {
                let path = folder + "/\(names.dialect.rawValue).safetensors"
                try TinyCheckpoint.write(
                    try TinyCheckpoint.tensors(of: source, names: names, nesting: nesting), to: path)
                let checkpoint = try Checkpoint(path: path, overrides: overrides)
                #expect(checkpoint.description.dialect == names.dialect)
                #expect(checkpoint.description.prefixTokens == prefixTokens)
                let network = try VisionTransformer(
                    checkpoint: checkpoint, selection: LayerSelection(layers: [3]), threads: 1)
                tokens.append(try network.sequence(of: TestPicture.random(width: 15, height: 15), finalNorm: true))
            }
            #expect(tokens[0] == tokens[1], "the same numbers in the same products")
        }
    }

    @Test
    func `Each dialect has its own default epsilon`() throws {
        let overrides = CheckpointOverrides(heads: 3)
        #expect(try load(try timm(), overrides: overrides).description.layerNormEpsilon == 1e-6)
        let other = try TinyCheckpoint.tensors(of: Self.tiny, names: .huggingFace)
        #expect(try load(other, overrides: overrides).description.layerNormEpsilon == 1e-12)
    }

    @Test
    func `Heads, poolers and mask tokens are not needed`() throws {
        var tensors = try timm()
        for name in ["head.weight", "head.bias", "head_dist.weight", "pre_logits.fc.weight"] {
            tensors[name] = ([2, 60], [Float](repeating: 0, count: 120))
        }
        #expect(try load(tensors).description.depth == 3)
        var other = try TinyCheckpoint.tensors(of: Self.tiny, names: .huggingFace, nesting: "vit.")
        for name in ["classifier.weight", "vit.pooler.dense.weight", "vit.embeddings.mask_token"] {
            other[name] = ([2, 60], [Float](repeating: 0, count: 120))
        }
        #expect(try load(other).description.depth == 3)
    }

    @Test
    func `A model with fc-norm only gives raw tokens and says so`() throws {
        var tensors = try timm()
        tensors["norm.weight"] = nil
        tensors["norm.bias"] = nil
        tensors["fc_norm.weight"] = ([60], [Float](repeating: 1, count: 60))
        let checkpoint = try load(tensors)
        #expect(!checkpoint.description.hasFinalNorm)
        #expect(checkpoint.warnings.contains { $0.contains("no final LayerNorm") })
    }

    struct Damage: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let says: [String]
        let apply: @Sendable (inout Tensors) -> Void
    }

    @Test(arguments: [
        Damage(testDescription: "missing tensor", says: ["\"blocks.1.mlp.fc2.bias\" is missing", "[60]"]) {
            $0["blocks.1.mlp.fc2.bias"] = nil
        },
        Damage(testDescription: "missing block", says: ["\"blocks.1.", "is missing"]) { tensors in
            for name in tensors.keys where name.hasPrefix("blocks.1.") { tensors[name] = nil }
        },
        Damage(
            testDescription: "wrong shape",
            says: ["\"blocks.2.attn.qkv.weight\"", "found", "[60, 180]", "expected [180, 60]"]
                .filter { $0 != "found" }
        ) { $0["blocks.2.attn.qkv.weight"]?.shape = [60, 180] },
        Damage(testDescription: "fewer positions", says: ["\"pos_embed\"", "[1, 8, 60]", "[1, 1 + g*g, 60]"]) {
            $0["pos_embed"] = ([1, 8, 60], [Float](repeating: 0, count: 480))
        },
        Damage(testDescription: "flat patches", says: ["\"patch_embed.proj.weight\"", "[60, 75]"]) {
            $0["patch_embed.proj.weight"]?.shape = [60, 75]
        },
        Damage(testDescription: "another family", says: ["\"blocks.0.attn.norm.weight\" and 1 more", "not supported"]) {
            $0["blocks.0.attn.norm.weight"] = ([60], [Float](repeating: 0, count: 60))
            $0["rope.freqs"] = ([1], [0])
        },
        Damage(testDescription: "LayerScale in one block", says: ["\"blocks.1.ls1.gamma\" is missing"]) {
            $0["blocks.0.ls1.gamma"] = ([60], [Float](repeating: 0, count: 60))
        },
        Damage(testDescription: "a block twice", says: ["block 1", "twice"]) {
            $0["blocks.0.1.norm1.weight"] = ([60], [Float](repeating: 1, count: 60))
        },
        Damage(testDescription: "no key's bias in one block", says: ["\"blocks.2.attn.qkv.bias\" is missing"]) {
            $0["blocks.2.attn.qkv.bias"] = nil
        },
        Damage(testDescription: "no positions", says: ["\"pos_embed\" is missing"]) { $0["pos_embed"] = nil },
        Damage(testDescription: "registers of another width", says: ["\"reg_token\"", "[1, 4, 61]"]) {
            $0["reg_token"] = ([1, 4, 61], [Float](repeating: 0, count: 244))
        },
        Damage(testDescription: "a thousand registers", says: ["\"reg_token\"", "1000"]) {
            $0["reg_token"] = ([1, 1000, 60], [Float](repeating: 0, count: 60000))
        },
        Damage(testDescription: "an MLP that does not fit", says: ["\"blocks.0.mlp.fc2.weight\"", "[60, 70]"]) {
            $0["blocks.0.mlp.fc2.weight"] = ([60, 70], [Float](repeating: 0, count: 4200))
        },
        Damage(testDescription: "relative positions of no grid", says: ["relative_position_bias_table", "[30, 3]"]) {
            $0["rel_pos_bias.relative_position_bias_table"] = ([30, 3], [Float](repeating: 0, count: 90))
        },
        Damage(testDescription: "block number", says: ["\"blocks.x.a\""]) { $0["blocks.x.a"] = ([1], [0]) },
        Damage(testDescription: "a million blocks", says: ["block \"1000000\""]) {
            $0["blocks.1000000.a"] = ([1], [0])
        },
        Damage(testDescription: "no blocks", says: ["no blocks"]) { tensors in
            for name in tensors.keys where name.hasPrefix("blocks.") { tensors[name] = nil }
        },
        Damage(testDescription: "not a model", says: ["none of its 1 tensors"]) { $0 = ["a": ([1], [0])] },
        Damage(testDescription: "no tensors", says: ["none of its 0 tensors"]) { $0 = [:] },
    ])
    func `A wrong model is refused by the tensor's name`(_ damage: Damage) throws {
        var tensors = try timm()
        damage.apply(&tensors)
        let error = try #require(throws: FeatureError.self) { try load(tensors) }
        for text in damage.says { #expect(error.description.contains(text), "\(error)") }
        #expect(error.category == .badData)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func `A weight that is not finite is refused by name`(value: Float) throws {
        var tensors = try timm()
        tensors["blocks.1.mlp.fc1.weight"]?.values[7] = value
        try TestData.withFolder { folder in
            let path = folder + "/model.safetensors"
            try TinyCheckpoint.write(tensors, to: path)
            let checkpoint = try Checkpoint(path: path)
            // The block is not needed for layer 1, and then not read.
            _ = try VisionTransformer(checkpoint: checkpoint, selection: LayerSelection(layers: [1]), threads: 1)
            #expect(
                throws: FeatureError.weights(.notFinite(path: path, tensor: "blocks.1.mlp.fc1.weight", index: 7))
            ) {
                try VisionTransformer(checkpoint: checkpoint, selection: LayerSelection(layers: [2]), threads: 1)
            }
        }
    }

    @Test
    func `Flags win over metadata, metadata over files beside, files over defaults`() throws {
        let files = [
            "config.json":
                #"{"num_attention_heads": 5, "layer_norm_eps": 1e-5, "hidden_size": 60, "id2label": {"0": "cat"}}"#,
            "preprocessor_config.json": #"{"image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6]}"#,
        ]
        let beside = try load(try timm(), files: files)
        #expect(beside.description.heads == 5)
        #expect(beside.description.layerNormEpsilon == 1e-5)
        #expect(beside.description.mean == [0.1, 0.2, 0.3] && beside.description.std == [0.4, 0.5, 0.6])
        #expect(beside.warnings.isEmpty)

        let metadata = [
            "layer_norm_eps": "1e-06", "mean": "[0.485, 0.456, 0.406]", "std": "0.25 0.25 0.25", "num_heads": "6",
            "vtrack.layer": "2", "vtrack.pool": "grid3",
        ]
        let inside = try load(try timm(), metadata: metadata, files: files)
        #expect(inside.description.heads == 6)
        #expect(inside.description.layerNormEpsilon == 1e-6)
        #expect(inside.description.mean == [0.485, 0.456, 0.406] && inside.description.std == [0.25, 0.25, 0.25])
        #expect(inside.description.preferredLayer == "2")
        #expect(inside.description.preferredPool == "grid3")

        let stated = try load(
            try timm(), metadata: metadata, files: files,
            overrides: CheckpointOverrides(layerNormEpsilon: 1e-3, mean: [0, 0, 0], std: [1, 1, 1], heads: 2))
        #expect(stated.description.heads == 2)
        #expect(stated.description.layerNormEpsilon == 1e-3)
        #expect(stated.description.mean == [0, 0, 0] && stated.description.std == [1, 1, 1])
    }

    @Test
    func `A configuration of timm gives mean and standard deviation`() throws {
        let text = #"{"architecture": "tiny", "pretrained_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.2, 0.2, 0.2]}}"#
        let checkpoint = try load(try timm(), files: ["config.json": text])
        #expect(checkpoint.description.mean == [0.5, 0.5, 0.5] && checkpoint.description.std == [0.2, 0.2, 0.2])
    }

    @Test
    func `Another model's configuration is not used`() throws {
        let text = #"{"num_attention_heads": 5, "hidden_size": 768}"#
        let checkpoint = try load(try timm(), files: ["config.json": text])
        #expect(checkpoint.description.heads == 1, "60 channels are less than two heads of 64")
        #expect(checkpoint.warnings.contains { $0.contains("another model") })
    }

    @Test(arguments: [
        // Text, and what the message names.
        ("{", "config.json"), ("[]", "config.json"), (#"{"num_attention_heads": "3"}"#, "num_attention_heads"),
        (#"{"num_attention_heads": 7}"#, "7 heads"), (#"{"num_attention_heads": -3}"#, "-3 heads"),
        (#"{"num_attention_heads": 1e99}"#, "config.json"), (#"{"layer_norm_eps": 0}"#, "epsilon"),
        (#"{"pretrained_cfg": {"std": [1, 0, 1]}}"#, "standard deviation"),
        (#"{"pretrained_cfg": {"mean": [1, 0]}}"#, "mean"),
        (String(repeating: "[", count: 100_000), "config.json"),
        ("{\"a\":" + String(repeating: "[", count: 100_000), "config.json"),
        (String(repeating: " ", count: (1 << 20) + 1), "1048577 bytes"), ("\u{0}", "config.json"),
    ])
    func `A damaged configuration is refused by name`(text: String, says: String) throws {
        let error = try #require(throws: FeatureError.self) { try load(try timm(), files: ["config.json": text]) }
        #expect(error.description.contains(says), "\(error)")
        #expect(error.category == .configuration)
    }

    @Test(arguments: [
        ("mean", "[0.1, x, 0.3]"), ("std", "[]"), ("num_heads", "3.5"), ("layer_norm_eps", "small"),
        ("layer_norm_eps", "nan"), ("std", "nan nan nan"),
    ])
    func `Damaged metadata is refused by its key`(key: String, text: String) throws {
        let error = try #require(throws: FeatureError.self) { try load(try timm(), metadata: [key: text]) }
        #expect(error.category == .configuration)
    }

    @Test
    func `A mean and a standard deviation have three numbers whoever states them`() throws {
        let overrides = CheckpointOverrides(mean: [0.5])
        #expect(throws: FeatureError.self) { try load(try timm(), overrides: overrides) }
    }

    @Test
    func `An architecture is known by its name`() throws {
        #expect(try Checkpoint(architecture: "vit_base_patch16_224").description.heads == 12)
        let known = ["vit_tiny_patch16_224", "vit_small_patch16_224", "vit_base_patch16_224"]
        let error = #expect(throws: FeatureError.self) { try Checkpoint(architecture: "vit_huge") }
        #expect(error?.category == .usage)
        for name in known { #expect(error?.description.contains(name) == true) }
    }
}

import Foundation
import Testing

@testable import Features

/// A model is the same model from every file that PyTorch may have written it to.
struct TorchModelTests {
    /// How scripts/make-golden-torch.py saves a model: as it is, in PyTorch's older format, in `model`, in `state_dict`
    /// with `module.`, in a training checkpoint of DINO, and with another order of dimensions in memory.
    private static let kinds = [
        ".pth", "-legacy.bin", "-model.pth", "-state_dict.pt", "-teacher.pth", "-channels_last.pth",
    ]

    @Test(arguments: kinds)
    func `A tiny model gives the same tokens as from safetensors`(kind: String) throws {
        let overrides = CheckpointOverrides(layerNormEpsilon: 1e-6, heads: 2)
        var tokens: [[Float]] = []
        for name in ["vit.safetensors", "vit" + kind] {
            let checkpoint = try Checkpoint(path: TorchGolden.path(name), overrides: overrides)
            #expect(checkpoint.description.width == 8 && checkpoint.description.inputSide == 4)
            #expect(checkpoint.description.name == name.prefix { $0 != "." })
            let network = try VisionTransformer(
                checkpoint: checkpoint, selection: LayerSelection(layers: [1]), threads: 1)
            tokens.append(try network.sequence(of: TestPicture.random(width: 4, height: 4), finalNorm: true))
        }
        #expect(tokens[0].count == 5 * 8)
        #expect(tokens[0] == tokens[1])
    }

    /// A folder with the output of `scripts/make-golden-torch.py --model`.
    private static let realFiles = ProcessInfo.processInfo.environment["VTRACK_TORCH_FILES"]

    @Test(
        .enabled(if: realFiles != nil, "VTRACK_TORCH_FILES is not set: see scripts/make-golden-torch.py"),
        arguments: kinds)
    func `A real model has the same weights as in safetensors`(kind: String) throws {
        let folder = try #require(Self.realFiles)
        let expected = try Checkpoint(path: folder + "/model.safetensors")
        let found = try Checkpoint(path: folder + "/model" + kind)
        #expect(found.description.depth == expected.description.depth)
        var parts: [ModelPart] = [.classToken, .positions, .patchWeight, .patchBias, .finalNormWeight, .finalNormBias]
        for block in 0..<expected.description.depth {
            parts += expected.description.structure.blockParts.map { .block(block, $0) }
        }
        for part in parts { #expect(try found.values(of: part) == expected.values(of: part), "\(part)") }
    }

    @Test
    func `A weight that is no tensor is refused by name and by what made it`() throws {
        let pickle = TestPickle.dictionary([
            (
                TestPickle.text("model"),
                TestPickle.dictionary([
                    (
                        TestPickle.text("patch_embed.proj.weight"),
                        TestPickle.call(TestPickle.global("bitsandbytes.nn", "Params4bit"), [])
                    ),
                    (TestPickle.text("cls_token"), TestPickle.tensor()),
                ])
            )
        ])
        try TestData.withFolder { folder in
            let path = folder + "/model.pth"
            let archive = TestArchive(
                pickle: TestPickle.file(pickle), storages: ["0": [UInt8](repeating: 0, count: 16)])
            try Data(archive.bytes).write(to: URL(filePath: path))
            let error = try #require(throws: FeatureError.self) { try Checkpoint(path: path) }
            for text in [path, "\"model.patch_embed.proj.weight\"", "bitsandbytes.nn.Params4bit"] {
                #expect(error.description.contains(text), "\(error)")
            }
        }
    }

    @Test
    func `What lies in the model's dictionary belongs to the model`() {
        let nesting = CheckpointNesting(container: "teacher.", wrappers: ["module.", "backbone."])
        let ignored = ["head."]
        for name in [
            "optimizer.x", "student.module.backbone.cls_token", "teacher.head.a", "teacher.module.head.a",
            "teacher.module.backbone.head.a",
        ] {
            #expect(nesting.isBeside(name, ignored: ignored), "\(name)")
        }
        for name in ["teacher.x", "teacher.module.rope", "teacher.module.backbone.blocks.0.ls1", "teacher.xhead.a"] {
            #expect(!nesting.isBeside(name, ignored: ignored), "\(name)")
        }
    }

    @Test
    func `Every nesting is tried once`() {
        for names in CheckpointNames.all {
            let prefixes = CheckpointNesting.all(of: names).map(\.prefix)
            #expect(prefixes.first == "")
            #expect(Set(prefixes).isSuperset(of: ["module.", "teacher.backbone.", "state_dict.module.", "model."]))
            #expect(Set(prefixes).count == prefixes.count)
        }
    }
}

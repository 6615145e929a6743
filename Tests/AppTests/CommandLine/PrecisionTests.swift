import Features
import Foundation
import Testing

@testable import App

/// `--precision`, `--reuse` and `--compute` on processors that have less, and what report and summary say of them.
@Suite struct PrecisionTests {
    private let folder: ScratchFolder
    private let model: [String]
    private let boxes = ["--boxes", TestFiles.demoTruth, "--classes", "1,3"]

    init() throws {
        folder = try ScratchFolder()
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
        model = ["--model", folder.path("tiny.safetensors")]
    }

    private func run(_ arguments: [String], processor: String? = nil) throws -> CommandRun {
        let result = try CommandRun.vtrack(
            arguments, environment: processor.map { ["ONEDNN_MAX_CPU_ISA": $0] } ?? [:], in: folder.url)
        #expect(result.status == 0, "\(arguments): \(result.errors)")
        return result
    }

    private func report() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: try #require(folder.data("r.json")))
        return try #require(object as? [String: Any])
    }

    private func reportedModel() throws -> [String: Any] { try #require(report()["model"] as? [String: Any]) }

    private static let fallbacks: [(String, String)] = [
        ("int8", "AVX-512 VNNI"),
        ("bf16", "AVX-512 BF16"),
    ]

    /// A processor without the instructions: a warning names them, the report both precisions, and the results are
    /// those of f32 on the same processor.
    @Test(arguments: fallbacks)
    func namedPrecisionFallsBack(_ precision: String, _ instructions: String) throws {
        let outputs = { (name: String) in ["--out", "\(name).txt", "--features", "\(name).safetensors"] }
        _ = try run(["run", TestFiles.demoClip] + boxes + model + outputs("f32"), processor: "AVX2")
        let result = try run(
            ["run", TestFiles.demoClip, "--precision", precision, "--report", "r.json"] + boxes + model
                + outputs("other"), processor: "AVX2")
        #expect(result.errors.contains("warning: "))
        #expect(result.errors.contains(instructions))
        #expect(result.output.contains("f32 instead of \(precision)"))
        let model = try reportedModel()
        #expect(model["precision"] as? String == "f32")
        #expect(model["precision_asked"] as? String == precision)
        #expect(model["precision_cosine"] is NSNull)
        #expect(folder.data("f32.txt") == folder.data("other.txt"))
        #expect(folder.data("f32.safetensors") == folder.data("other.safetensors"))
    }

    /// `auto` has nothing to try there, and nothing to warn of.
    @Test func autoOnAnOldProcessor() throws {
        let result = try run(
            ["run", TestFiles.demoClip, "--precision", "auto", "--report", "r.json"] + boxes + model, processor: "AVX2")
        #expect(!result.errors.contains("AVX"))
        #expect(result.output.contains("f32 (auto)"))
        let model = try reportedModel()
        #expect(model["precision"] as? String == "f32")
        #expect(model["precision_asked"] as? String == "auto")
        #expect((model["precision_cosine"] as? [String: Double])?.isEmpty == true)
    }

    @Test func embedFallsBackToo() throws {
        let arguments = ["embed", TestFiles.demoClip, "--frames", "1-2", "--out"]
        _ = try run(arguments + ["a.safetensors"] + model, processor: "AVX2")
        let result = try run(arguments + ["b.safetensors", "--precision", "int8"] + model, processor: "AVX2")
        #expect(result.errors.contains("AVX-512 VNNI"))
        #expect(folder.data("a.safetensors") == folder.data("b.safetensors"))
    }

    /// int8 goes to bf16 where the processor has that, else to f32; f32 goes nowhere.
    @Test(arguments: [
        (Precision.int8, [Precision.f32, .bf16, .int8], Precision.int8),
        (.int8, [.f32, .bf16], .bf16),
        (.int8, [.f32], .f32),
        (.bf16, [.f32, .bf16], .bf16),
        // A faster one is no replacement for a more exact one.
        (.bf16, [.f32, .int8], .f32),
        (.f32, [.f32, .bf16, .int8], .f32),
    ])
    func replacements(_ asked: Precision, _ supported: [Precision], _ expected: Precision) {
        let found = PrecisionAsked.runnable(asked) { supported.contains($0) }
        #expect(found.precision == expected)
        #expect((found.warning == nil) == (asked == expected))
    }

    /// The configuration file chooses, and the option wins over it.
    @Test func configurationChooses() throws {
        let file = try folder.write("features:\n  precision: int8\n", to: "c.yaml")
        let arguments = ["run", TestFiles.demoClip, "--report", "r.json", "--config", file] + boxes + model
        _ = try run(arguments, processor: "AVX2")
        #expect(try reportedModel()["precision_asked"] as? String == "int8")
        _ = try run(arguments + ["--precision", "f32"], processor: "AVX2")
        #expect(try reportedModel()["precision_asked"] as? String == "f32")
    }

    /// With everything computed, every tile of every frame with boxes counts; without, none counts twice.
    ///
    /// Tracks are the same.
    @Test func tilesAreCounted() throws {
        _ = try run(
            ["run", TestFiles.demoClip, "--compute", "all", "--report", "r.json", "--out", "dense.txt"] + boxes + model)
        let dense = try #require(try report()["tiles"] as? [String: Int])
        let frames = Set(
            try String(contentsOfFile: TestFiles.demoTruth, encoding: .utf8).split(separator: "\n")
                .filter { ["1", "3"].contains($0.split(separator: ",")[7]) }.map { $0.split(separator: ",")[0] })
        // 640×360 is two tiles.
        #expect(dense == ["embedded": 2 * frames.count, "skipped": 0, "reused": 0])
        _ = try run(["run", TestFiles.demoClip, "--report", "r.json", "--out", "sparse.txt"] + boxes + model)
        let sparse = try #require(try report()["tiles"] as? [String: Int])
        #expect(sparse.values.reduce(0, +) == 2 * frames.count)
        #expect(folder.data("dense.txt") == folder.data("sparse.txt"))
        _ = try run(
            ["run", TestFiles.demoClip, "--compute", "tiles", "--report", "r.json", "--out", "tiles.txt"] + boxes
                + model)
        #expect(try report()["tiles"] as? [String: Int] == sparse)
        #expect(folder.data("tiles.txt") == folder.data("sparse.txt"))
        // Without a model there are no tiles.
        _ = try run(["run", TestFiles.demoClip, "--model", "none", "--report", "r.json"] + boxes)
        #expect(try report()["tiles"] is NSNull)
    }

    /// Frames that statistics are taken from are embedded whole: the same ones however the tiles lie.
    @Test func statisticsSeeEveryToken() throws {
        let drop = ["--drop-variance", "8", "--standardize"]
        for (name, extra) in [("a", []), ("b", ["--compute", "all"])] {
            _ = try run(
                ["run", TestFiles.demoClip, "--features", "\(name).safetensors", "--out", "\(name).txt"]
                    + ["--save-statistics", "s\(name).safetensors"] + drop + extra + boxes + model)
        }
        #expect(folder.data("sa.safetensors") == folder.data("sb.safetensors"))
        #expect(folder.data("a.safetensors") == folder.data("b.safetensors"))
    }
}

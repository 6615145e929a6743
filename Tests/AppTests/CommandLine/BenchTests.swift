import Features
import Foundation
import Testing

/// `vtrack bench` with a tiny random network: its figures are in order, and what cannot be measured is said.
@Suite struct BenchTests {
    private let folder: ScratchFolder
    private let model: [String]

    init() throws {
        folder = try ScratchFolder()
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
        model = ["--model", folder.path("tiny.safetensors"), "--rounds", "1"]
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func report(_ arguments: [String]) throws -> [String: Any] {
        let run = try CommandRun.vtrack(["bench", "--json"] + arguments, in: folder.url)
        #expect(run.status == 0, "\(arguments): \(run.errors)")
        return try object(run.output)
    }

    /// Every key is there, and the rates follow from the times.
    @Test func resultsAreConsistent() throws {
        let report = try report(["--precision", "f32", "--batch", "2,1", "--threads", "1"] + model)
        #expect(report["threads"] as? Int == 1)
        #expect(report["model"] as? String == "tiny")
        #expect((report["instructions"] as? String)?.isEmpty == false)
        #expect((report["skipped"] as? [Any])?.isEmpty == true)
        let results = try #require(report["results"] as? [[String: Any]])
        #expect(results.map { $0["batch"] as? Int } == [2, 1])
        for result in results {
            #expect(result["precision"] as? String == "f32")
            func number(_ key: String) throws -> Double { try #require(result[key] as? Double, "\(key)") }
            let milliseconds = try number("ms_per_image")
            #expect(milliseconds > 0)
            #expect(try number("best_ms") <= milliseconds)
            #expect(abs(try number("images_per_second") * milliseconds / 1000 - 1) < 1e-9)
            #expect(abs(try number("share") * number("matrix_gflops") / number("gflops") - 1) < 1e-9)
            // 16 patches and a class token of width 64, an MLP of 128, two blocks: operations of the matrix products.
            let (n, d, f) = (17.0, 64.0, 128.0)
            let operations = 2 * 16 * d * 768 + 2 * (2 * n * d * (4 * d + 2 * f) + 4 * n * n * d)
            #expect(abs(try number("gflops") * milliseconds * 1e6 / operations - 1) < 1e-9)
            #expect(try number("peak_memory_mb") > 1)
            #expect(result["token_cosine_median"] is NSNull)
        }
    }

    /// Early exit runs fewer operations: the rate is counted for the blocks that are run.
    @Test func anEarlierLayerIsMeasuredAsSuch() throws {
        let report = try report(["--precision", "f32", "--batch", "1", "--layer", "1"] + model)
        #expect(report["layer"] as? String == "1")
        let result = try #require((report["results"] as? [[String: Any]])?.first)
        let (n, d, f) = (17.0, 64.0, 128.0)
        let operations = 2 * 16 * d * 768 + (2 * n * d * (4 * d + 2 * f) + 4 * n * n * d)
        let (rate, time) = (result["gflops"] as? Double ?? 0, result["ms_per_image"] as? Double ?? 0)
        #expect(abs(rate * time * 1e6 / operations - 1) < 1e-9)
    }

    /// f32 against itself differs in nothing, on random pixels and on a source's frames.
    @Test func accuracyOfSinglePrecisionIsPerfect() throws {
        for source in [[], [TestFiles.demoClip]] {
            let report = try report(source + ["--precision", "f32", "--batch", "1", "--accuracy"] + model)
            let result = try #require((report["results"] as? [[String: Any]])?.first)
            #expect(abs((result["token_cosine_median"] as? Double ?? 0) - 1) < 1e-12)
            #expect(result["relative_error"] as? Double == 0)
        }
    }

    /// An architecture's name is enough, and the table has a line for each measurement.
    @Test func architectureGivesRandomWeights() throws {
        let run = try CommandRun.vtrack([
            "bench", "--model", "deit_tiny_patch16_224", "--layer", "0", "--precision", "f32", "--batch", "1,2",
            "--rounds", "2",
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("deit_tiny_patch16_224"))
        #expect(run.output.contains("matrix GFLOP/s"))
        #expect(run.output.split(separator: "\n").count { $0.hasPrefix("f32 ") } == 2)
    }

    /// What the processor lacks is left out of a list that holds something it has, and is an error alone.
    @Test(arguments: [Precision.bf16, .int8])
    func missingPrecisions(_ precision: Precision) throws {
        let plain = ["ONEDNN_MAX_CPU_ISA": "AVX2"]
        let list = "f32,\(precision.rawValue)"
        let mixed = try CommandRun.vtrack(
            ["bench", "--json", "--precision", list, "--batch", "1"] + model, environment: plain, in: folder.url)
        #expect(mixed.status == 0)
        #expect(mixed.errors.contains("\(precision.rawValue) left out"))
        let report = try object(mixed.output)
        #expect((report["results"] as? [[String: Any]])?.map { $0["precision"] as? String } == ["f32"])
        #expect((report["skipped"] as? [[String: Any]])?.map { $0["precision"] as? String } == [precision.rawValue])
        #expect((report["instructions"] as? String) == "AVX2")
        let alone = try CommandRun.vtrack(
            ["bench", "--precision", precision.rawValue, "--batch", "1"] + model, environment: plain, in: folder.url)
        #expect(alone.status == 64)
        #expect(alone.errors.contains(precision.rawValue))
        // Asked for nothing, it measures what there is.
        let all = try CommandRun.vtrack(
            ["bench", "--json", "--batch", "1"] + model, environment: plain, in: folder.url)
        #expect(all.status == 0, "\(all.errors)")
        #expect((try object(all.output)["results"] as? [Any])?.count == 1)
    }

    /// Each line on standard input is answered by one measurement.
    @Test func pacedRounds() throws {
        let lines = URL(fileURLWithPath: try folder.write("\n\n\n", to: "lines"))
        let run = try CommandRun.vtrack(
            ["bench", "--precision", "f32", "--batch", "1", "--paced"] + model, input: lines)
        #expect(run.status == 0, "\(run.errors)")
        let answers = try run.output.split(separator: "\n").map { try object(String($0)) }
        #expect(answers.count == 4)
        #expect(answers.first?["ready"] as? Bool == true)
        #expect(answers.dropFirst().allSatisfy { ($0["ms_per_image"] as? Double ?? 0) > 0 })
    }

    /// The stages of a run, with a checkpoint and with random weights; nothing is written.
    @Test func stagesOfARun() throws {
        let clip = [TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--classes", "1,3", "--precision", "f32"]
        let random = ["--model", "vit_tiny_patch16_224", "--layer", "0", "--pool", "grid2"]
        for arguments in [clip + model, clip + random, clip + model + ["--batch", "1"]] {
            let before = folder.names
            let report = try report(arguments)
            #expect(folder.names == before)
            #expect((report["results"] as? [Any])?.count == (arguments.contains("--batch") ? 1 : 0))
            let stages = try #require((report["stages"] as? [[String: Any]])?.first)
            #expect(stages["frames"] as? Int ?? 0 >= 150)
            #expect(stages["boxes"] as? Int ?? 0 > 1000)
            for key in ["seconds", "frames_per_second", "decode", "embed", "pool", "associate", "load"] {
                #expect(stages[key] as? Double ?? 0 > 0, "\(key)")
            }
        }
    }
}

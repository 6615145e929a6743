import Foundation
import Testing

/// Every command that takes a model takes the one that ships where none is named.
@Suite struct DefaultModelCommandTests {
    private let prefix: InstalledPrefix
    private let boxes = ["--boxes", TestFiles.demoTruth, "--classes", "1,3"]

    init() throws { prefix = try InstalledPrefix() }

    private func vtrack(_ arguments: [String]) throws -> CommandRun {
        let result = try prefix.vtrack(arguments)
        #expect(result.status == 0, "\(arguments): \(result.errors)")
        return result
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// `embed` and `stats` give what they give with the name.
    @Test func embedAndStats() throws {
        for arguments in [["embed"], ["model", "stats"]] {
            let frames = arguments + [TestFiles.demoClip, "--frames", "1-2", "--quiet", "--out"]
            _ = try vtrack(frames + ["a"])
            _ = try vtrack(frames + ["b", "--model", "vtrack-tiny"])
            #expect(prefix.scratch.data("a") == prefix.scratch.data("b"), "\(arguments)")
        }
    }

    /// A sweep's winner names the model and not this machine's place of it, and can be run.
    @Test func sweepWritesTheName() throws {
        _ = try vtrack(
            ["sweep", TestFiles.demoClip, "--deltas", "5", "--pools", "mean", "--write-config", "best.yaml", "--quiet"]
                + boxes)
        let text = try #require(prefix.scratch.text("best.yaml"))
        #expect(text.contains("  model: \"vtrack-tiny\"\n"), "\(text)")
        #expect(!text.contains(prefix.scratch.url.path))
        _ = try vtrack(["run", TestFiles.demoClip, "--config", "best.yaml", "--report", "r.json", "--quiet"] + boxes)
        #expect(try prefix.reportedModel()["name"] as? String == "vtrack-tiny")
    }

    /// `compare` puts it beside the baselines; a configuration's model takes its place, and with `none` they are alone.
    @Test func compare() throws {
        func labels(_ more: [String]) throws -> [String] {
            _ = try vtrack(
                ["compare", TestFiles.demoClip, "--deltas", "5", "--out", "c.json", "--quiet"] + boxes + more)
            let entries = try json(prefix.scratch.text("c.json") ?? "")["entries"] as? [[String: Any]]
            return try #require(entries).compactMap { $0["label"] as? String }
        }
        let baselines = ["histogram", "iou", "centre"]
        #expect(try labels([]) == ["vtrack-tiny"] + baselines)
        #expect(try labels(["--models", "vtrack-tiny,vtrack-tiny:layer=2:pool=mean"]).count == 2)
        try TinyCheckpoint.write(to: prefix.scratch.path("own.safetensors"), seed: 2)
        let own = try prefix.scratch.write("features:\n  model: own.safetensors\n", to: "own.yaml")
        #expect(try labels(["--config", own]) == ["own"] + baselines)
        let none = try prefix.scratch.write("features:\n  model: none\n", to: "none.yaml")
        #expect(try labels(["--config", none]) == baselines)
    }

    /// `bench` measures the blocks that a run computes.
    @Test func bench() throws {
        let plain = try json(
            try vtrack(["bench", "--json", "--rounds", "1", "--precision", "f32", "--batch", "1"]).output)
        #expect(plain["model"] as? String == "vtrack-tiny")
        #expect(plain["layer"] as? String == InstalledPrefix.layer)
        let stages = try json(
            try vtrack(["bench", TestFiles.demoClip, "--json", "--precision", "f32"] + boxes).output)
        #expect((stages["stages"] as? [Any])?.count == 1)
    }

    /// `model list` shows it first, `info` and `verify` take it without an argument, and there is nothing to pull.
    @Test func modelCommands() throws {
        let text = try vtrack(["model", "list"]).output.split(separator: "\n")
        #expect(text[1].hasPrefix("vtrack-tiny ") && text[1].contains("ships"), "\(text[1])")
        let list = try vtrack(["model", "list", "--json"]).output
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [[String: Any]])
        #expect(rows[0]["path"] as? String == prefix.model)
        #expect(rows[0]["licence"] as? String == "Apache-2.0")
        #expect(rows.map { $0["ships"] as? Bool } == [true] + rows.dropFirst().map { _ in false })
        #expect(try vtrack(["model", "list", "--pulled", "--json"]).output == "[\n\n]\n")

        try prefix.writeModel(metadata: ["training_commit": "0123abc"])
        for arguments in [["model", "info"], ["model", "info", "vtrack-tiny"]] {
            let info = try vtrack(arguments).output
            for words in ["vtrack-tiny", "training_commit = 0123abc", "vtrack.layer = \(InstalledPrefix.layer)"] {
                #expect(info.contains(words), "\(info)")
            }
        }
        #expect(try vtrack(["model", "verify"]).output.contains(prefix.model))
        let pull = try vtrack(["model", "pull", "vtrack-tiny"])
        #expect(pull.output == prefix.model + "\n")
        #expect(pull.errors.contains("ships with vtrack"))
        #expect(!pull.errors.contains("yours"))
    }

    /// A user's own file of that name is what every command names.
    @Test func ownFile() throws {
        let own = prefix.scratch.path("own")
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: prefix.model, toPath: own + "/vtrack-tiny.safetensors")
        let environment = ["VTRACK_MODELS": own]
        let list = try prefix.vtrack(["model", "list", "--json"], environment: environment).output
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [[String: Any]])
        #expect(rows[0]["path"] as? String == own + "/vtrack-tiny.safetensors")
        // Nobody knows what it is and under which licence.
        #expect(rows[0]["source"] as? String == own + "/vtrack-tiny.safetensors")
        #expect(rows[0]["ships"] as? Bool == false)
        #expect(rows[0]["licence"] as? String == "?")
        let pull = try prefix.vtrack(["model", "pull", "vtrack-tiny"], environment: environment)
        #expect(pull.output == own + "/vtrack-tiny.safetensors\n")
        #expect(pull.errors.contains("this file of yours goes before it"))
    }

    @Test func emptyName() throws {
        let result = try prefix.vtrack(["model", "info", ""])
        #expect(result.status == 64, "\(result.errors)")
        #expect(result.errors.contains("empty"))
    }

    /// An evaluation knows the model by its content: another file of that name is not answered from the cache, nor
    /// taken for what a folder's results were made with.
    @Test func evaluationNoticesAnotherFile() throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: prefix.scratch.path("set"), withIntermediateDirectories: false)
        try manager.createSymbolicLink(
            atPath: prefix.scratch.path("set/A.mp4"), withDestinationPath: TestFiles.demoClip)
        let rows = try String(contentsOfFile: TestFiles.demoTruth, encoding: .utf8).split(separator: "\n")
        let first = rows.filter { Int($0.prefix { $0 != "," }) ?? 0 <= 20 }
        _ = try prefix.scratch.write(first.joined(separator: "\n") + "\n", to: "set/A.gt.txt")
        func evaluate(_ out: String, _ more: [String] = []) throws -> CommandRun {
            try vtrack(
                ["eval", "folder", "set", "--cache", "kept", "--no-html", "--deltas", "1,5", "--out", out] + more)
        }
        func kept() -> Int { ((try? manager.contentsOfDirectory(atPath: prefix.scratch.path("kept"))) ?? []).count }
        let result = try evaluate("a")
        #expect(result.output.contains("vtrack-tiny"), "\(result.output)")
        let filesOfOne = kept()
        #expect(filesOfOne > 0)
        _ = try evaluate("b")
        #expect(kept() == filesOfOne)
        #expect(prefix.scratch.text("a/report.json") == prefix.scratch.text("b/report.json"))
        try prefix.writeModel(seed: 2)
        _ = try evaluate("c")
        #expect(kept() > filesOfOne)
        // A record of the first file is not this configuration's.
        _ = try evaluate("a", ["--resume"])
        #expect(prefix.scratch.text("a/report.json") == prefix.scratch.text("c/report.json"))
        #expect(prefix.scratch.text("a/report.json") != prefix.scratch.text("b/report.json"))
    }
}

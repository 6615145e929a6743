import Foundation
import Testing

/// `eval` gives the same bytes whatever happened to it, and says what it left out.
@Suite struct EvalTests {
    private let scratch: ScratchFolder

    /// A plain folder with three sequences that can be evaluated and one without boxes.
    init() throws {
        scratch = try ScratchFolder()
        try TinyCheckpoint.write(to: scratch.path("a.safetensors"))
        let manager = FileManager.default
        try manager.createDirectory(atPath: scratch.path("set"), withIntermediateDirectories: true)
        let truth = try String(contentsOfFile: TestFiles.demoTruth, encoding: .utf8)
        let rows = truth.split(separator: "\n").filter { Int($0.prefix { $0 != "," }) ?? 0 <= 25 }
        for (index, name) in ["A", "B", "C", "D"].enumerated() {
            try manager.createSymbolicLink(
                atPath: scratch.path("set/\(name).mp4"), withDestinationPath: TestFiles.demoClip)
            // Sequences of different lengths.
            guard name != "D" else { continue }
            let own = rows.filter { Int($0.prefix { $0 != "," }) ?? 0 <= 25 - 5 * index }
            _ = try scratch.write(own.joined(separator: "\n") + "\n", to: "set/\(name).gt.txt")
        }
    }

    private func eval(
        _ out: String, _ more: [String] = [], root: String = "set", expect status: Int32 = 0
    ) throws -> CommandRun {
        let run = try CommandRun.vtrack(
            [
                "eval", "folder", root, "--model", "a.safetensors", "--deltas", "1,5,0.5s", "--cache", "cache", "--out",
                out,
            ] + more, in: scratch.url)
        #expect(run.status == status, "\(more): \(run.errors)")
        return run
    }

    private func merge(_ folders: [String], _ more: [String] = [], expect status: Int32 = 0) throws -> CommandRun {
        let run = try CommandRun.vtrack(["eval", "merge", "--out", "merged"] + folders + more, in: scratch.url)
        #expect(run.status == status, "\(folders): \(run.errors)")
        return run
    }

    /// All files but the one with times.
    private func contents(_ out: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: scratch.path(out)) where name != "timings.json"
        {
            files[name] = scratch.data("\(out)/\(name)")
        }
        return files
    }

    private func json(_ name: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: try #require(scratch.data(name)))
        return try #require(object as? [String: Any])
    }

    private func cached(_ out: String) throws -> [String: Bool] {
        let timings = try json("\(out)/timings.json")
        let sequences = try #require(timings["sequences"] as? [String: [String: Any]])
        return sequences.compactMapValues { $0["cached"] as? Bool }
    }

    @Test func sameBytesHoweverItRan() throws {
        let first = try eval("a")
        #expect(first.output.contains("skipped: D"))
        let expected = try contents("a")
        let names =
            ["evaluation.json", "report.csv", "report.html", "report.json"]
            + ["A", "B", "C"].flatMap {
                ["sequences/\($0).json", "tracks/\($0).txt"]
            }
        #expect(Set(names).isSubset(of: expected.keys))
        #expect(try cached("a") == ["A": false, "B": false, "C": false])
        // From the cache, and with other numbers of jobs and threads.
        _ = try eval("b", ["--jobs", "3", "--threads", "2"])
        #expect(try contents("b") == expected)
        #expect(try cached("b") == ["A": true, "B": true, "C": true])
        _ = try eval("c", ["--cache", "none", "--jobs", "1", "--threads", "1"])
        #expect(try contents("c") == expected)
        // Resumed, where one record is missing, one is cut short, and one has no tracks any more.
        try FileManager.default.removeItem(atPath: scratch.path("b/sequences/A.json"))
        let whole = try #require(scratch.data("b/sequences/B.json"))
        try whole.prefix(100).write(to: scratch.url.appending(path: "b/sequences/B.json"))
        try FileManager.default.removeItem(atPath: scratch.path("b/tracks/C.txt"))
        let refused = try eval("b", expect: 64)
        #expect(refused.errors.contains("--resume"))
        _ = try eval("b", ["--resume"])
        #expect(try contents("b") == expected)
        // Shards, more than there are sequences too.
        for count in [2, 5] {
            let parts = (1...count).map { "part\($0)of\(count)" }
            for (index, part) in parts.enumerated() { _ = try eval(part, ["--shard", "\(index + 1)/\(count)"]) }
            _ = try merge(parts, ["--overwrite"])
            #expect(try contents("merged") == expected)
            let lacking = try merge(Array(parts.dropFirst()), ["--overwrite"], expect: 65)
            #expect(lacking.errors.contains("1/\(count)"))
            let twice = try merge(parts + [parts[0]], ["--overwrite"], expect: 65)
            #expect(twice.errors.contains("each once"))
            let partial = try merge(Array(parts.dropFirst()), ["--overwrite", "--partial"])
            #expect(partial.output.contains("PARTIAL"))
            #expect(try json("merged/report.json")["partial"] as? Bool == true)
        }
        _ = try eval("other", ["--shard", "1/2", "--layer", "1"])
        let mixed = try merge(["other", "part2of2"], ["--overwrite"], expect: 65)
        #expect(mixed.errors.contains("model"))
        // Records of another configuration, as a run that was killed while it resumed leaves them.
        let manifest = try #require(scratch.data("part1of2/evaluation.json"))
        try manifest.write(to: scratch.url.appending(path: "other/evaluation.json"))
        let stale = try merge(["other", "part2of2"], ["--overwrite"], expect: 65)
        #expect(stale.errors.contains("missing"))
    }

    // Other gaps and another tracker come from the cache; another layer and other pixels do not.
    @Test func whatMissesTheCache() throws {
        _ = try eval("a")
        let tracker = try scratch.write("tracker:\n  match_limit: 1.0\n", to: "t.yaml")
        _ = try eval("b", ["--config", tracker, "--deltas", "2"])
        #expect(try cached("b").values.allSatisfy { $0 })
        _ = try eval("c", ["--layer", "1"])
        #expect(try cached("c").values.allSatisfy { !$0 })
        var clip = try #require(FileManager.default.contents(atPath: TestFiles.demoClip))
        clip.append(contentsOf: [0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65])
        try FileManager.default.removeItem(atPath: scratch.path("set/B.mp4"))
        try clip.write(to: scratch.url.appending(path: "set/B.mp4"))
        _ = try eval("d")
        #expect(try cached("d") == ["A": true, "B": false, "C": true])
        try TinyCheckpoint.write(to: scratch.path("a.safetensors"), seed: 2)
        _ = try eval("e")
        #expect(try cached("e").values.allSatisfy { !$0 })
    }

    // The rest is evaluated, the report names the bad one, and scores say that they are partial.
    @Test func oneBadSequenceAmongGoodOnes() throws {
        try Data("no video".utf8).write(to: scratch.url.appending(path: "broken.mp4"))
        try FileManager.default.removeItem(atPath: scratch.path("set/B.mp4"))
        try FileManager.default.moveItem(atPath: scratch.path("broken.mp4"), toPath: scratch.path("set/B.mp4"))
        let run = try eval("a", expect: 65)
        #expect(run.errors.contains("B") && run.output.contains("PARTIAL"))
        let report = try json("a/report.json")
        #expect(report["partial"] as? Bool == true)
        #expect((report["failed"] as? [[String: Any]])?.compactMap { $0["sequence"] as? String } == ["B"])
        let trackers = try #require(report["trackers"] as? [String: [String: Any]])
        let scores = try #require(trackers["vtrack"]?["sequences"] as? [String: Any])
        #expect(scores.keys.sorted() == ["A", "C"])
        #expect((scratch.text("a/report.html") ?? "").contains("artial"))
        // Mended: resuming tries it again.
        try FileManager.default.removeItem(atPath: scratch.path("set/B.mp4"))
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("set/B.mp4"), withDestinationPath: TestFiles.demoClip)
        _ = try eval("a", ["--resume"])
        #expect(try json("a/report.json")["partial"] as? Bool == false)
    }

    @Test func strictRefusesSkippedSequences() throws {
        let run = try eval("a", ["--strict"], expect: 65)
        #expect(run.errors.contains("D"))
        #expect(scratch.data("a/report.json") != nil)
    }

    // Truth as boxes gives full marks; `score` finds in the tracks what `eval` wrote.
    @Test func scoreFindsTheSame() throws {
        _ = try eval("a")
        let score = try CommandRun.vtrack(
            ["score", "folder", "--gt", "set", "--tracks", "a/tracks", "--partial", "--json", "s.json", "--quiet"],
            in: scratch.url)
        #expect(score.status == 0, "\(score.errors)")
        let (scores, report) = (try json("s.json"), try json("a/report.json"))
        let scored = try #require(scores["trackers"] as? [String: [String: Any]])
        let evaluated = try #require(report["trackers"] as? [String: [String: Any]])
        let found = try #require(scored.values.first?["sequences"] as? NSDictionary)
        let own = try #require(evaluated["vtrack"]?["sequences"] as? NSDictionary)
        #expect(found == own)
    }

    // Another detector's boxes: no retrieval, and that is said.
    @Test func detectionsOfAFolder() throws {
        try FileManager.default.createDirectory(atPath: scratch.path("boxes"), withIntermediateDirectories: true)
        let run = try eval("a", ["--boxes", "boxes"], expect: 65)
        #expect(run.errors.contains("A.txt"))
        for name in ["A", "B", "C"] {
            _ = try scratch.write("1,-1,10,10,50,60,0.9\n2,-1,12,10,50,60,0.9\n", to: "boxes/\(name).txt")
        }
        let second = try eval("b", ["--boxes", "boxes"])
        #expect(second.output.contains("retrieval was not measured"))
        #expect((try json("b/report.json")["retrieval"] as? [Any])?.isEmpty == true)
    }
}

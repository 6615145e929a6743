import Foundation
import Testing

/// What becomes of a folder that an earlier `eval` wrote.
@Suite struct EvalFolderTests {
    private let scratch: ScratchFolder

    /// Plain folders: `set` with A and B, `other` with X.
    init() throws {
        scratch = try ScratchFolder()
        let truth = try String(contentsOfFile: TestFiles.demoTruth, encoding: .utf8)
        let rows = truth.split(separator: "\n").filter { Int($0.prefix { $0 != "," }) ?? 0 <= 8 }
        for name in ["set/A", "set/B", "other/X"] {
            let folder = String(name.prefix { $0 != "/" })
            try FileManager.default.createDirectory(atPath: scratch.path(folder), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path("\(name).mp4"), withDestinationPath: TestFiles.demoClip)
            _ = try scratch.write(rows.joined(separator: "\n") + "\n", to: "\(name).gt.txt")
        }
    }

    private func eval(
        _ arguments: [String], root: String = "set", out: String = "a", expect status: Int32 = 0
    ) throws -> String {
        let run = try CommandRun.vtrack(
            ["eval", "folder", root, "--model", "none", "--no-html", "--cache", "none", "--out", out] + arguments,
            in: scratch.url)
        #expect(run.status == status, "\(arguments): \(run.errors)")
        return run.errors
    }

    private func merge(_ folders: [String], _ more: [String], expect status: Int32) throws -> String {
        let run = try CommandRun.vtrack(["eval", "merge", "--no-html"] + folders + more, in: scratch.url)
        #expect(run.status == status, "\(folders) \(more): \(run.errors)")
        return run.errors
    }

    private func files(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: scratch.path(folder)).sorted()) ?? []
    }

    // An input under whatever name is no output; what the output held stays until all inputs are good.
    @Test func mergingDestroysNothing() throws {
        for part in ["1", "2"] { _ = try eval(["--shard", "\(part)/2"], out: "p\(part)") }
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("link"), withDestinationPath: scratch.path("p1"))
        for out in ["p1", "./p1/", "link", scratch.path("p2")] {
            for more in [[], ["--overwrite"]] {
                let errors = try merge(["p1", "p2"], ["--out", out] + more, expect: 64)
                #expect(errors.contains("also the input"))
            }
        }
        #expect(files("p1/sequences") == ["A.json"] && files("p2/tracks") == ["B.txt"])
        _ = try merge(["p1", "p2"], ["--out", "whole"], expect: 0)
        #expect(try merge(["p1", "p2"], ["--out", "whole"], expect: 64).contains("holds 2 finished sequences"))
        _ = try scratch.write("", to: "p2/tracks/B.txt")
        _ = try merge(["p1", "p2"], ["--out", "whole", "--overwrite"], expect: 65)
        #expect(files("whole/sequences") == ["A.json", "B.json"])
        #expect(scratch.data("whole/tracks/B.txt")?.isEmpty == false)
    }

    @Test func resumingIntoAnotherEvaluation() throws {
        _ = try eval([])
        let manifest = try #require(scratch.text("a/evaluation.json"))
        var halved = manifest.replacing(#/"half" ?: ?null/#, with: #""half": "val""#)
        try #require(halved != manifest)
        halved = halved.replacing(#/"benchmark" ?: ?"folder"/#, with: #""benchmark": "mot17""#)
        _ = try scratch.write(halved, to: "a/evaluation.json")
        let mixed = try eval(["--resume"], expect: 64)
        #expect(mixed.contains("mot17, half val") && mixed.contains("this one is of folder:"))
        _ = try scratch.write(manifest, to: "a/evaluation.json")
        #expect(try eval(["--resume"], root: "other", expect: 64).contains("no sequence in common"))
        #expect(files("a/sequences") == ["A.json", "B.json"])
        _ = try eval(["--overwrite"], root: "other")
        #expect(files("a/sequences") == ["X.json"] && files("a/tracks") == ["X.txt"])
    }

    // What stays and what is done again is said; what belongs to no sequence any more goes.
    @Test func resumingSaysWhatStays() throws {
        _ = try eval([])
        #expect(try eval(["--resume"]).contains("2 finished sequences kept, 0 to do"))
        let deltas = try eval(["--resume", "--deltas", "3"])
        #expect(deltas.contains("0 finished sequences kept, 2 to do"))
        #expect(deltas.contains("2 finished sequences done again: their configuration differs in deltas"))
        _ = try eval(["--resume", "--deltas", "3", "--sequences", "A"])
        #expect(files("a/tracks") == ["A.txt", "B.txt"])
        let truth = try #require(scratch.text("set/A.gt.txt"))
        _ = try scratch.write(
            truth.split(separator: "\n").dropLast().joined(separator: "\n") + "\n", to: "set/A.gt.txt")
        for ending in ["mp4", "gt.txt"] { try FileManager.default.removeItem(atPath: scratch.path("set/B.\(ending)")) }
        let fewer = try eval(["--resume", "--deltas", "3"])
        #expect(fewer.contains("A is done again: its pictures, ground truth or boxes"))
        #expect(fewer.contains("deleted") && fewer.contains("B"))
        #expect(files("a/sequences") == ["A.json"] && files("a/tracks") == ["A.txt"])
    }

    @Test func failedRunsDoNotBlock() throws {
        #expect(try eval(["--boxes", "nothere"], expect: 66).contains("--boxes"))
        let file = try scratch.write("1,-1,10,10,50,60,0.9\n", to: "boxes.txt")
        #expect(try eval(["--boxes", file], expect: 64).contains("is a file"))
        #expect(scratch.names.contains("a") == false)
        try FileManager.default.createDirectory(atPath: scratch.path("boxes"), withIntermediateDirectories: true)
        _ = try eval(["--boxes", "boxes"], expect: 65)
        _ = try scratch.write("1,-1,10,10,50,60,0.9\n", to: "boxes/A.txt")
        _ = try eval(["--boxes", "boxes"], expect: 65)
        #expect(try eval([], expect: 64).contains("holds 1 finished sequence (and 1 failed)"))
        _ = try scratch.write("1,-1,10,10,50,60,0.9\n", to: "boxes/B.txt")
        #expect(try eval(["--boxes", "boxes", "--resume"]).contains("1 finished sequence kept, 1 to do"))
    }
}

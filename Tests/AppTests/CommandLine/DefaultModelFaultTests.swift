import Foundation
import Testing

/// The model that ships is not there, or is not what it should be.
@Suite struct DefaultModelFaultTests {
    private let boxes = ["--boxes", TestFiles.demoTruth, "--classes", "1,3", "--quiet"]

    /// A program that was copied alone says where it looked and what helps, and leaves nothing behind.
    @Test func missing() throws {
        let prefix = try InstalledPrefix(withModel: false)
        let before = prefix.scratch.names
        for arguments in [
            ["run", TestFiles.demoClip] + boxes, ["embed", TestFiles.demoClip, "--out", "x"],
            ["sweep", TestFiles.demoClip] + boxes, ["bench"], ["model", "info"], ["model", "verify"],
            ["model", "info", "vtrack-tiny"], ["model", "pull", "vtrack-tiny"],
            ["model", "stats", TestFiles.demoClip, "--out", "x"],
            ["run", TestFiles.demoClip, "--model", "vtrack-tiny"]
                + boxes, ["compare", TestFiles.demoClip] + boxes,
            ["compare", TestFiles.demoClip, "--models", "vtrack-tiny"]
                + boxes,
        ] {
            let result = try prefix.vtrack(arguments, environment: ["VTRACK_MODELS": "/own"])
            #expect(result.status == 66, "\(arguments): \(result.errors)")
            for words in [
                "/own/vtrack-tiny.safetensors", prefix.scratch.path("cache/vtrack/models/vtrack-tiny.safetensors"),
                prefix.model, "--model none", "--model FILE",
            ] {
                #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
            }
        }
        #expect(prefix.scratch.names == before)
        let list = try prefix.vtrack(["model", "list", "--json"])
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
        #expect(rows[0]["name"] as? String == "vtrack-tiny")
        #expect(rows[0]["path"] is NSNull)
    }

    /// What is no checkpoint, or has metadata that nothing can be made of, is named with its path.
    @Test func damaged() throws {
        let prefix = try InstalledPrefix()
        let whole = try #require(FileManager.default.contents(atPath: prefix.model))
        func refused(_ status: Int32, _ words: [String]) throws {
            let result = try prefix.vtrack(["run", TestFiles.demoClip] + boxes)
            #expect(result.status == status, "\(result.errors)")
            for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
            #expect(!prefix.scratch.names.contains("tracks.txt"))
        }
        for bytes in [Data(), Data("version https://git-lfs.github.com/spec/v1\n".utf8), whole.dropLast(100)] {
            try bytes.write(to: URL(fileURLWithPath: prefix.model))
            try refused(65, [prefix.model, "install vtrack anew", "--model FILE", "--model none"])
        }
        for (key, value, says) in [
            ("vtrack.layer", "3", "\"3\", expected 0…2 or last; name one with --layer"),
            ("vtrack.layer", "-1", "\"-1\", expected"), ("vtrack.layer", "first", "\"first\", expected"),
            ("vtrack.pool", "grid0", "\"grid0\", expected mean, mean-patches or gridN; name one with --pool"),
            ("vtrack.pool", "\u{1B}[31mred\u{7}", "\"\u{FFFD}[31mred\u{FFFD}\""),
            ("vtrack.pool", String(repeating: "x", count: 10_000), String(repeating: "x", count: 80) + "…"),
            ("mean", "grey", "grey"),
        ] {
            try prefix.writeModel(metadata: [key: value])
            try refused(78, [prefix.model, key, says])
        }
    }

    /// What a command asks for, or does not use, is not asked of the file; and the file can be looked at.
    @Test func wrongMetadataCanBeOverruled() throws {
        let prefix = try InstalledPrefix()
        try prefix.writeModel(metadata: ["vtrack.layer": "first", "vtrack.pool": "grid0"])
        let short = ["--frames", "1-5"]
        for arguments in [
            ["run", TestFiles.demoClip, "--layer", "1", "--pool", "mean", "--out", "t.txt", "--quiet"]
                + boxes.prefix(4),
            ["embed", TestFiles.demoClip, "--layer", "1", "--out", "e.safetensors", "--quiet"] + short,
            ["sweep", TestFiles.demoClip, "--layers", "1", "--pools", "mean", "--quiet"] + boxes.prefix(4),
            ["model", "stats", TestFiles.demoClip, "--layer", "1", "--out", "s.safetensors", "--quiet"] + short,
            ["model", "info"], ["model", "verify"],
        ] {
            let result = try prefix.vtrack(arguments)
            #expect(result.status == 0, "\(arguments): \(result.errors)")
        }
    }

    /// A file of the model's name where the user happens to be is not the model.
    @Test func fileInTheWorkingFolder() throws {
        let prefix = try InstalledPrefix()
        _ = try prefix.scratch.write("junk", to: "vtrack-tiny")
        for arguments in [
            ["compare", TestFiles.demoClip] + boxes,
            ["run", TestFiles.demoClip, "--model", "vtrack-tiny", "--out", "t.txt"] + boxes,
        ] {
            let result = try prefix.vtrack(arguments)
            #expect(result.status == 0, "\(arguments): \(result.errors)")
        }
    }
}

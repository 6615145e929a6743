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
            try refused(65, [prefix.model])
        }
        for (key, value) in [
            ("vtrack.layer", "3"), ("vtrack.layer", "first"), ("vtrack.pool", "grid0"), ("mean", "grey"),
        ] {
            try prefix.writeModel(metadata: [key: value])
            try refused(78, [prefix.model, key, value])
        }
    }
}

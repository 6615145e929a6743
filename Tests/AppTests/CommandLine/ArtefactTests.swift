import Foundation
import Testing

/// Tokens of high norm are counted in the report and on every line, and can be left out.
@Suite struct ArtefactTests {
    private let folder: ScratchFolder
    private let base: [String]

    init() throws {
        folder = try ScratchFolder()
        try TinyCheckpoint.write(to: folder.path("a.safetensors"))
        base =
            ["run", TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--classes", "1,3", "--model", "a.safetensors"]
            + ["--format", "jsonl", "--out", "t.jsonl", "--report", "r.json", "--features", "f.safetensors"]
    }

    private func report() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: try #require(folder.data("r.json")))
        return try #require(object as? [String: Any])
    }

    @Test func tokensAreCounted() throws {
        // Nobody asks: nothing is said.
        #expect(try CommandRun.vtrack(base, in: folder.url).status == 0)
        #expect(try report()["high_norm_tokens"] is NSNull)
        #expect(folder.text("t.jsonl")?.contains("high_norm_tokens") == false)
        let plain = folder.data("f.safetensors")

        // Every length is above this one: 4×8 tokens a frame.
        #expect(try CommandRun.vtrack(base + ["--artefact-norm", "0.0001"], in: folder.url).status == 0)
        let counted = try #require(try report()["high_norm_tokens"] as? [String: Any])
        let frames = try #require(counted["frames"] as? Int)
        #expect(counted["count"] as? Int == 32 * frames)
        #expect(counted["tokens"] as? Int == 32 * frames)
        #expect(counted["dropped"] as? Bool == false)
        #expect(folder.text("t.jsonl")?.contains(#"{"frame":1,"high_norm_tokens":32,"tracks":["#) == true)
        // Counting changes no vector, and the lines read back as boxes.
        #expect(folder.data("f.safetensors") == plain)
        #expect(try CommandRun.vtrack(["track", "--boxes", "t.jsonl", "--out", "x.txt"], in: folder.url).status == 0)

        // With none left every box is one that no token reaches.
        #expect(
            try CommandRun.vtrack(base + ["--artefact-norm", "0.0001", "--drop-artefacts"], in: folder.url).status == 0)
        let dropped = try report()
        let model = try #require(dropped["model"] as? [String: Any])
        #expect(model["boxes_unreached"] as? Int == dropped["boxes"] as? Int)

        // Nothing is longer than this: dropping changes nothing.
        #expect(
            try CommandRun.vtrack(base + ["--artefact-norm", "1e30", "--drop-artefacts"], in: folder.url).status == 0)
        #expect(folder.data("f.safetensors") == plain)
    }

    @Test func wrongUseIsRefused() throws {
        for extra in [["--artefact-norm", "0"], ["--artefact-norm", "x"], ["--drop-artefacts", "--reuse", "1"]] {
            #expect(try CommandRun.vtrack(base + extra, in: folder.url).status == 64)
        }
    }
}

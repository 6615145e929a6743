import Features
import Foundation
import Testing

/// `vtrack model info`, `verify` and `stats` on files.
@Suite(.timeLimit(.minutes(1))) struct ModelCommandTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
    }

    private func vtrack(_ arguments: [String]) throws -> CommandRun {
        try CommandRun.vtrack(arguments, in: folder.url)
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func info() throws {
        let text = try vtrack(["model", "info", "tiny.safetensors", "--tensors"])
        #expect(text.status == 0, "\(text.errors)")
        for words in [
            "safetensors, names of timm", "64 channels, 2 blocks, 1 heads", "class token", "blocks.1.mlp.fc2.weight",
        ] {
            #expect(text.output.contains(words), "\(words): \(text.output)")
        }
        let facts = try object(try vtrack(["model", "info", "tiny.safetensors", "--json"]).output)
        #expect(facts["width"] as? Int == 64)
        #expect(facts["tensor_count"] as? Int == 30)
        #expect(facts["tensors"] == nil)
        #expect((facts["structure"] as? [String: Any])?["final_norm"] as? Bool == true)
        #expect((facts["notes"] as? [String])?.contains { $0.contains("assumed") } == true)
        #expect((facts["sha256"] as? String)?.count == 64)
        #expect(try vtrack(["model", "info", "none.safetensors"]).status == 66)
        #expect(try vtrack(["model", "list"]).output.contains("dinov2-vitb14-reg"))
    }

    /// A number that is none is found and named, wherever it is.
    @Test func verify() throws {
        let good = try vtrack(["model", "verify", "tiny.safetensors"])
        #expect(good.status == 0, "\(good.errors)")
        #expect(good.output.contains("30 tensors"))
        var bytes = try #require(folder.data("tiny.safetensors"))
        for (offset, byte) in [UInt8(0), 0, 0xC0, 0x7F].enumerated() { bytes[bytes.count - 8 + offset] = byte }
        try bytes.write(to: folder.url.appending(path: "nan.safetensors"))
        let bad = try vtrack(["model", "verify", "nan.safetensors"])
        #expect(bad.status == 65)
        #expect(bad.errors.contains("blocks.1.mlp.fc2.bias") && bad.errors.contains("index 62"), "\(bad.errors)")
        try bytes.dropLast(4).write(to: folder.url.appending(path: "short.safetensors"))
        #expect(try vtrack(["model", "verify", "short.safetensors"]).status == 65)
        // On record beside the file, as sha256sum writes it.
        _ = try folder.write(String(repeating: "0", count: 64) + "  tiny.safetensors\n", to: "tiny.safetensors.sha256")
        let other = try vtrack(["model", "verify", "tiny.safetensors"])
        #expect(other.status == 65 && other.errors.contains("SHA-256"), "\(other.errors)")
    }

    /// The statistics are those that a run over the same frames collects, and a run takes them.
    @Test func stats() throws {
        let model = ["--model", "tiny.safetensors"]
        let first = try vtrack(
            ["model", "stats", TestFiles.demoClip, "--frames", "1-3", "--out", "s.safetensors", "--top", "4", "--json"]
                + model)
        #expect(first.status == 0, "\(first.errors)")
        let summary = try object(first.output)
        #expect(summary["frames"] as? Int == 3)
        let top = try #require(summary["top"] as? [[String: Any]])
        let statistics = try ChannelStatistics(contentsOf: folder.path("s.safetensors"))
        #expect(statistics.channels == 64)
        #expect(statistics.count == summary["tokens"] as? Int)
        let order = statistics.variances.indices.sorted { statistics.variances[$0] > statistics.variances[$1] }
        #expect(top.map { $0["channel"] as? Int } == Array(order.prefix(4)))
        #expect(
            try vtrack(
                [
                    "run", TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--out", "t.txt", "--drop-variance", "4",
                    "--statistics", "s.safetensors",
                ] + model
            ).status == 0)
        // Nothing is left where nothing was computed, and a folder of the wrong kind is no source.
        #expect(
            try vtrack(
                ["model", "stats", TestFiles.demoClip, "--frames", "9000-9001", "--out", "n.safetensors"] + model
            ).status == 65)
        #expect(!folder.names.contains("n.safetensors"))
        #expect(try vtrack(["model", "stats", TestFiles.demoClip, "--out", "x", "--model", "none"]).status == 64)
        #expect(try vtrack(["model", "stats", TestFiles.demoClip, "--out", "-"] + model).status == 64)
    }
}

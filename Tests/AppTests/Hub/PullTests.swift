import Features
import Foundation
import Testing

@testable import App

/// `vtrack model pull` as it should go, and what `--model` makes of it.
@Suite(.timeLimit(.minutes(1))) struct PullTests {
    private let home: HubHome
    private let weights: [UInt8]

    init() throws {
        home = try HubHome()
        try TinyCheckpoint.write(to: home.folder.path("tiny.safetensors"))
        weights = [UInt8](try #require(home.folder.data("tiny.safetensors")))
    }

    private func vtrack(_ hub: HubDouble, _ arguments: [String], _ more: [String: String] = [:]) throws -> CommandRun {
        try CommandRun.vtrack(arguments, environment: home.environment(hub.server, more), in: home.folder.url)
    }

    /// The configuration comes too; a second pull fetches nothing; the repository's name is a model.
    @Test func modelByRepository() throws {
        let configuration = Array(#"{"num_attention_heads": 2, "layer_norm_eps": 1e-5}"#.utf8)
        let hub = try HubDouble(["model.safetensors": weights, "config.json": configuration])
        let first = try home.pull(hub.server)
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.errors.contains("agrees with the SHA-256 that the server states"))
        let second = try home.pull(hub.server)
        #expect(second.output == first.output)
        #expect(second.errors.contains("was here already"))
        #expect(hub.fetches(of: "model.safetensors").count == 1)
        #expect(hub.fetches(of: "config.json").count == 1)
        #expect(home.folder.text("hf/hub/models--org--tiny/refs/main") == HubDouble.commit)

        let info = try vtrack(hub, ["model", "info", "org/tiny", "--json"])
        #expect(info.status == 0, "\(info.errors)")
        let facts = try #require(try JSONSerialization.jsonObject(with: Data(info.output.utf8)) as? [String: Any])
        #expect(facts["name"] as? String == "tiny")
        #expect(facts["sha256"] as? String == HubDouble.digest(weights))
        #expect(facts["heads"] as? Int == 2)

        let run = try vtrack(
            hub, ["embed", TestFiles.demoClip, "--model", "org/tiny", "--frames", "1", "--out", "t.safetensors"])
        #expect(run.status == 0, "\(run.errors)")
        let verified = try vtrack(hub, ["model", "verify", "org/tiny"])
        #expect(verified.status == 0 && verified.output.contains("as it was pulled"), "\(verified.errors)")

        // One byte of the blob changes: verify says so, and a pull brings the good one back.
        let blob = home.folder.path("hf/hub/models--org--tiny/blobs/\(HubDouble.digest(weights))")
        var damaged = weights
        damaged[damaged.count - 1] ^= 1
        try Data(damaged).write(to: URL(fileURLWithPath: blob))
        let refused = try vtrack(hub, ["model", "verify", "org/tiny"])
        #expect(refused.status == 65 && refused.errors.contains("pull it again"), "\(refused.errors)")
        #expect(try home.pull(hub.server).status == 0)
        #expect(try vtrack(hub, ["model", "verify", "org/tiny"]).status == 0)
    }

    /// A name of the registry, once its repository has been pulled, and before.
    @Test func modelByName() throws {
        let weights = weights
        let server = try TestServer { request in
            request.path == "/facebook/dino-vits16/resolve/main/pytorch_model.bin"
                || request.path.hasSuffix("\(HubDouble.commit)/pytorch_model.bin")
                ? HubDouble.usual(weights, request, ranges: true) : TestServer.Reply(status: 404)
        }
        let environment = home.environment(server)
        func vtrack(_ arguments: [String]) throws -> CommandRun {
            try CommandRun.vtrack(arguments, environment: environment, in: home.folder.url)
        }
        let before = try vtrack(
            ["run", TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--model", "dino-vits16"])
        #expect(before.status == 66)
        #expect(before.errors.contains("vtrack model pull dino-vits16"), "\(before.errors)")
        #expect(try vtrack(["model", "list", "--pulled", "--json"]).output == "[\n\n]\n")

        let pull = try vtrack(["model", "pull", "dino-vits16"])
        #expect(pull.status == 0, "\(pull.errors)")
        #expect(pull.errors.contains("licence Apache-2.0"))
        let list = try vtrack(["model", "list", "--pulled", "--json"])
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
        #expect(rows.map { $0["name"] as? String } == ["dino-vits16"])
        #expect((rows.first?["path"] as? String).map { $0 + "\n" } == pull.output)
        let info = try vtrack(["model", "info", "dino-vits16"])
        #expect(info.output.contains("dino-vits16"))
        // Of which family it is, only its name says.
        #expect(info.output.contains("family          dino\n"), "\(info.output)")
    }

    @Test func unknownName() throws {
        let server = try TestServer { _ in TestServer.Reply(status: 404) }
        let run = try home.pull(server, ["dino-vitb17"])
        #expect(run.status == 66)
        #expect(run.errors.contains("dino-vitb16"), "\(run.errors)")
        #expect(server.requests.isEmpty)
        // What only a person can fetch.
        let byHand = try home.pull(server, ["simmim-vitb16"])
        #expect(byHand.status == 66)
        #expect(byHand.errors.contains("https://github.com/microsoft/SimMIM"))
        #expect(server.requests.isEmpty)
    }

    @Test func offline() throws {
        let hub = try HubDouble(["model.safetensors": weights])
        let refused = try home.pull(hub.server, ["org/tiny"], ["HF_HUB_OFFLINE": "1"])
        #expect(refused.status == 69)
        #expect(refused.errors.contains("HF_HUB_OFFLINE"))
        #expect(hub.server.requests.isEmpty)
        #expect(try home.pull(hub.server).status == 0)
        let asked = hub.server.requests.count
        let there = try home.pull(hub.server, ["org/tiny"], ["HF_HUB_OFFLINE": "yes"])
        #expect(there.status == 0)
        #expect(there.output == home.snapshot("model.safetensors") + "\n")
        #expect(hub.server.requests.count == asked)
    }

    /// A model in two files and their index; an index that leads elsewhere.
    @Test func modelInSeveralFiles() throws {
        let index = Array(
            #"{"metadata": {}, "weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}"#.utf8)
        let files = ["model.safetensors.index.json": index, "one.safetensors": [1, 2, 3], "two.safetensors": [4]]
        let hub = try HubDouble(files)
        let run = try home.pull(hub.server)
        #expect(run.status == 0, "\(run.errors)")
        for (name, content) in files {
            #expect(FileManager.default.contents(atPath: home.snapshot(name)).map { [UInt8]($0) } == content)
        }
        for name in ["../../../x.safetensors", "/etc/x.safetensors", "sub/x.safetensors", ".x.safetensors", "x.bin"] {
            let bad = Array(#"{"weight_map": {"a": "\#(name)"}}"#.utf8)
            let refused = try home.pull(try HubDouble(["model.safetensors.index.json": bad]).server)
            #expect(refused.status == 65, "\(name): \(refused.errors)")
        }
    }

    /// Tags and commits that would be paths are not used as such.
    @Test func hostileHeaders() throws {
        let hub = try HubDouble(["model.safetensors": weights]) { reply, _, _ in
            reply.headers["ETag"] = "\"../../../../evil\""
            reply.headers["X-Repo-Commit"] = "../../evil"
        }
        let run = try home.pull(hub.server)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("states no digest"))
        let repository = home.folder.path("hf/hub/models--org--tiny")
        #expect(try FileManager.default.contentsOfDirectory(atPath: repository + "/blobs").first?.count == 64)
        #expect(try FileManager.default.contentsOfDirectory(atPath: repository + "/snapshots") == ["main"])
        let everything = FileManager.default.enumerator(atPath: home.folder.url.path)?.compactMap { $0 as? String }
        #expect(everything?.contains { $0.contains("evil") } == false)
    }

    /// Small files have git's SHA-1 for a tag, which is compared with as well.
    @Test func gitDigest() throws {
        let content = Array("hello\n".utf8)
        let weights = weights
        // git hash-object of these six bytes.
        let tag = "ce013625030ba8dba906f756967f9e9ca394464a"
        for damages in [false, true] {
            let hub = try HubDouble(["model.safetensors": weights, "config.json": content]) { reply, request, turn in
                guard request.path.hasSuffix("config.json") else { return }
                reply.headers["ETag"] = "\"\(tag)\""
                if damages, turn > 0 { reply.body[0] = 0 }
            }
            let home = try HubHome()
            let run = try home.pull(hub.server)
            #expect(run.status == (damages ? 65 : 0), "\(run.errors)")
            #expect(run.errors.contains("git SHA-1"))
            #expect(home.blobs.contains(tag) == !damages)
        }
    }

    /// From an address that is no repository's: resumed by If-Range, and known again by the digest on record.
    @Test func authorsServer() throws {
        let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let hub = try HubDouble(["model.pth": content]) { reply, _, turn in
            reply.headers["ETag"] = "\"opaque\""
            if turn == 1 { reply.cut = 40_000 }
        }
        let model = KnownModel(
            "some-model", "Some", millions: nil, licence: "none",
            .web(address: "\(hub.server.address)/org/tiny/resolve/x/model.pth"))
        let environment = HubEnvironment([
            "HF_ENDPOINT": "https://huggingface.co", "HF_TOKEN": "secret", "XDG_CACHE_HOME": home.folder.path("cache"),
        ])
        func pull(pinned: String? = nil) throws -> ModelPull.Pulled {
            let client = HubClient(environment: environment, patience: Patience(), check: {}, say: { _ in })
            var pull = ModelPull(client: client, progress: PullProgress(mode: .none))
            return try pull.pull(
                pinned == nil
                    ? model
                    : KnownModel("pinned", "Some", millions: nil, licence: "none", model.source, sha256: pinned))
        }
        let first = try pull()
        #expect(first.path == home.folder.path("cache/vtrack/models/some-model.pth"))
        #expect(FileManager.default.contents(atPath: first.path).map { [UInt8]($0) } == content)
        #expect(first.files.map(\.isNew) == [true])
        #expect(RecordedDigest.expected(of: first.path) == HubDouble.digest(content))
        #expect(try pull().files.map(\.isNew) == [false])
        #expect(hub.server.requests.allSatisfy { $0.headers["authorization"] == nil })
        // Damaged later: fetched again.
        try Data(content.reversed()).write(to: URL(fileURLWithPath: first.path))
        #expect(try pull().files.map(\.isNew) == [true])
        // A digest that vtrack knows wins over whatever the server has.
        #expect(throws: HubError.self) { try pull(pinned: String(repeating: "0", count: 64)) }
        #expect(!FileManager.default.fileExists(atPath: home.folder.path("cache/vtrack/models/pinned.pth")))
        #expect(try pull(pinned: HubDouble.digest(content)).files.map(\.isNew) == [true])
    }
}

import Crypto
import Foundation
import Glibc
import Synchronization

/// A Hub with one repository, `org/tiny`, whose way of answering a test can change request by request.
final class HubDouble: Sendable {
    /// What became of a request: the usual reply, changed or not; `turn` counts GETs of that path from 1.
    typealias Change = @Sendable (_ reply: inout TestServer.Reply, _ request: TestServer.Request, _ turn: Int) -> Void

    static let commit = "0123456789abcdef0123456789abcdef01234567"
    let server: TestServer

    /// - Parameters:
    ///   - files: Contents by name.
    ///   - ranges: Whether parts of files are given.
    ///   - change: What is done otherwise than a good server does it.
    init(
        _ files: [String: [UInt8]], ranges: Bool = true, change: @escaping Change = { _, _, _ in }
    ) throws {
        let counted = Counter()
        server = try TestServer { request in
            let turn = request.method == "GET" ? counted.next(request.path) : 0
            let name = request.path.prefix { $0 != "?" }.components(separatedBy: "/resolve/").last?.split(
                separator: "/"
            ).dropFirst()
                .joined(separator: "/")
            var reply = TestServer.Reply()
            if let name, let content = files[name] {
                reply = Self.usual(content, request, ranges: ranges)
            } else {
                reply.status = 404
            }
            change(&reply, request, turn)
            return reply
        }
    }

    /// The reply of a good server that has the bytes itself.
    static func usual(_ content: [UInt8], _ request: TestServer.Request, ranges: Bool) -> TestServer.Reply {
        let tag = "\"\(digest(content))\""
        var reply = TestServer.Reply(
            headers: ["ETag": tag, "X-Repo-Commit": commit, "Content-Length": "\(content.count)"], body: content)
        if let range = request.headers["range"], ranges, request.headers["if-range"] ?? tag == tag,
            let start = Int(range.dropFirst("bytes=".count).dropLast()), start < content.count
        {
            reply.status = 206
            reply.body = Array(content[start...])
            reply.headers["Content-Length"] = "\(reply.body.count)"
            reply.headers["Content-Range"] = "bytes \(start)-\(content.count - 1)/\(content.count)"
        }
        return reply
    }

    /// GETs of a file.
    func fetches(of name: String) -> [TestServer.Request] {
        server.requests.filter { $0.method == "GET" && $0.path.hasSuffix("/\(name)") }
    }

    static func digest(_ content: [UInt8]) -> String {
        SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()
    }

    private final class Counter: Sendable {
        private let turns = Mutex<[String: Int]>([:])
        func next(_ path: String) -> Int {
            turns.withLock {
                $0[path, default: 0] += 1
                return $0[path, default: 0]
            }
        }
    }
}

/// A user's home with nothing in it, and `vtrack model` in it.
struct HubHome {
    let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// The environment of a run: nothing of the machine's own caches, tokens and proxies.
    func environment(_ server: TestServer, _ more: [String: String] = [:]) -> [String: String] {
        [
            "HF_ENDPOINT": server.address, "HF_HOME": folder.path("hf"), "HF_HUB_CACHE": "",
            "HUGGINGFACE_HUB_CACHE": "", "HF_TOKEN": "", "HUGGING_FACE_HUB_TOKEN": "", "HF_TOKEN_PATH": "",
            "HF_HUB_OFFLINE": "", "TRANSFORMERS_OFFLINE": "", "XDG_CACHE_HOME": folder.path("cache"),
            "HOME": folder.path("home"), "VTRACK_MODELS": "", "http_proxy": "", "HTTP_PROXY": "", "all_proxy": "",
            "no_proxy": "*",
        ].merging(more) { $1 }
    }

    /// `vtrack model pull MODEL`.
    func pull(
        _ server: TestServer, _ arguments: [String] = ["org/tiny"], _ more: [String: String] = [:]
    ) throws -> CommandRun {
        try CommandRun.vtrack(
            ["model", "pull"] + arguments, environment: environment(server, more), in: folder.url)
    }

    /// Names of blobs in the cache: complete files, and parts.
    var blobs: [String] {
        let path = folder.path("hf/hub/models--org--tiny/blobs")
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// The path that a pulled file has.
    func snapshot(_ name: String) -> String {
        folder.path("hf/hub/models--org--tiny/snapshots/\(HubDouble.commit)/\(name)")
    }
}

import Foundation
import Testing

/// Redirects are followed, and the access token stays with the server it is for.
@Suite(.timeLimit(.minutes(1))) struct PullRedirectTests {
    private static let name = "model.safetensors"
    private static let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 17 >> 2) }
    private let home: HubHome

    init() throws {
        home = try HubHome()
    }

    private func pull(_ server: TestServer) throws -> CommandRun {
        try home.pull(server, ["org/tiny"], ["HF_TOKEN": "secret"])
    }

    private func expectWhole(_ run: CommandRun) {
        #expect(run.status == 0, "\(run.errors)")
        #expect(FileManager.default.contents(atPath: home.snapshot(Self.name)).map { [UInt8]($0) } == Self.content)
        #expect(!run.errors.contains("secret"))
    }

    /// A renamed repository: the same server, with the token.
    @Test func anotherPath() throws {
        let hub = try HubDouble([Self.name: Self.content]) { reply, request, _ in
            guard request.path.hasPrefix("/org/") else { return }
            reply = TestServer.Reply(
                status: 307, headers: ["Location": request.path.replacingOccurrences(of: "/org/", with: "/new/")])
        }
        expectWhole(try pull(hub.server))
        #expect(hub.server.requests.contains { $0.path.hasPrefix("/new/") })
        #expect(hub.server.requests.allSatisfy { $0.headers["authorization"] == "Bearer secret" })
    }

    /// As the Hub does it with large files: to a server of another port, or of another name; with the facts in the
    /// redirect, or not.
    @Test(arguments: [("127.0.0.1", true), ("localhost", true), ("127.0.0.1", false)])
    func anotherHost(_ host: String, _ isLinked: Bool) throws {
        let store = try HubDouble([Self.name: Self.content]) { reply, request, turn in
            // What that server calls the file is its own affair.
            reply.headers["ETag"] = "\"multipart-3\""
            if turn == 1 { reply.cut = 50_000 }
        }
        let port = store.server.port
        let hub = try HubDouble([Self.name: Self.content]) { reply, request, _ in
            guard request.path.hasSuffix(Self.name) else { return }
            reply = TestServer.Reply(
                status: 302,
                headers: [
                    "Location": "http://\(host):\(port)/org/tiny/resolve/x/\(Self.name)?key=hidden",
                    "X-Repo-Commit": HubDouble.commit,
                ])
            if isLinked {
                reply.headers["X-Linked-Etag"] = "\"\(HubDouble.digest(Self.content))\""
                reply.headers["X-Linked-Size"] = "\(Self.content.count)"
            }
        }
        let run = try pull(hub.server)
        expectWhole(run)
        #expect(!run.errors.contains("hidden"))
        #expect(hub.server.requests.allSatisfy { $0.headers["authorization"] == "Bearer secret" })
        #expect(!store.server.requests.isEmpty)
        #expect(store.server.requests.allSatisfy { $0.headers["authorization"] == nil })
        #expect(store.server.requests.contains { $0.headers["range"] == "bytes=50000-" })
    }

    /// The same name with another port is another server, also where the facts are asked for.
    @Test func smallFilesElsewhere() throws {
        let store = try HubDouble(["config.json": Array("{}".utf8)])
        let address = store.server.address
        let hub = try HubDouble([Self.name: Self.content]) { reply, request, _ in
            guard request.path.hasSuffix("/config.json") else { return }
            reply = TestServer.Reply(
                status: 301, headers: ["Location": "\(address)/org/tiny/resolve/main/config.json"])
        }
        expectWhole(try pull(hub.server))
        #expect(store.server.requests.count == 2)
        #expect(store.server.requests.allSatisfy { $0.headers["authorization"] == nil })
        #expect(FileManager.default.contents(atPath: home.snapshot("config.json")) == Data("{}".utf8))
    }

    @Test(arguments: [
        // Where a redirect leads, and what the message says.
        (nil as String?, "to no address"), ("file:///etc/passwd", "to no address"),
        ("ftp://127.0.0.1/", "to no address"),
        ("http://", "to no address"), ("/org/tiny/resolve/main/model.safetensors", "more than 8 redirects"),
    ])
    func nowhere(_ location: String?, _ says: String) throws {
        let hub = try HubDouble([:]) { reply, _, _ in
            reply = TestServer.Reply(status: 302, headers: location.map { ["Location": $0] } ?? [:])
        }
        let run = try pull(hub.server)
        #expect(run.status == 65, "\(run.errors)")
        #expect(run.errors.contains(says), "\(run.errors)")
        #expect(home.blobs.isEmpty)
    }
}

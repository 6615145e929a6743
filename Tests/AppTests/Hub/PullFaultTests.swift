import Foundation
import Testing

/// `vtrack model pull` against servers that misbehave: each has the outcome it should have, and nothing incomplete
/// ever has a model's name.
@Suite(.timeLimit(.minutes(1))) struct PullFaultTests {
    private static let name = "model.safetensors"
    /// Enough for several writes of the socket.
    private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    private let home: HubHome

    init() throws {
        home = try HubHome()
    }

    private func hub(
        ranges: Bool = true, change: @escaping HubDouble.Change = { _, _, _ in }
    ) throws -> HubDouble {
        try HubDouble([Self.name: Self.content], ranges: ranges, change: change)
    }

    /// The file is whole, under its name, and nothing else is left.
    private func expectWhole(_ run: CommandRun) {
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == home.snapshot(Self.name) + "\n")
        #expect(FileManager.default.contents(atPath: home.snapshot(Self.name)).map { [UInt8]($0) } == Self.content)
        #expect(home.blobs == [HubDouble.digest(Self.content)])
    }

    /// There is no file; a part of so many bytes may be there.
    private func expectNothing(_ run: CommandRun, status: Int32, part: Int? = nil) {
        #expect(run.status == status, "\(run.errors)")
        #expect(run.output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: home.snapshot(Self.name)))
        let name = HubDouble.digest(Self.content) + ".incomplete"
        #expect(home.blobs == (part == nil ? [] : [name]))
        if let part {
            let path = home.folder.path("hf/hub/models--org--tiny/blobs/\(name)")
            #expect(FileManager.default.contents(atPath: path).map { [UInt8]($0) } == Array(Self.content.prefix(part)))
        }
    }

    @Test(arguments: [
        // The body ends early, or the connection is reset, after so many bytes.
        (TestServer.Reply.Ending.close, 100_000), (.reset, 100_000), (.close, 1), (.reset, 299_999),
    ])
    func `A transfer that breaks goes on where it stopped`(ending: TestServer.Reply.Ending, cut: Int) throws {
        let hub = try hub { reply, request, turn in
            guard request.path.hasSuffix(Self.name), turn == 1 else { return }
            reply.cut = cut
            reply.ending = ending
        }
        expectWhole(try home.pull(hub.server))
        let fetches = hub.fetches(of: Self.name)
        #expect(fetches.count == 2)
        #expect(fetches.last?.headers["range"] == "bytes=\(cut)-")
        #expect(fetches.last?.headers["if-range"] == "\"\(HubDouble.digest(Self.content))\"")
    }

    @Test(arguments: [TestServer.Reply.Ending.close, .reset])
    func `A transfer that breaks again and again is given up, and another run goes on`(
        ending: TestServer.Reply.Ending
    ) throws {
        let broken = try hub { reply, request, turn in
            guard request.path.hasSuffix(Self.name) else { return }
            reply.cut = 50_000
            reply.ending = ending
        }
        expectNothing(try home.pull(broken.server, ["org/tiny", "--retries", "1"]), status: 74, part: 100_000)
        let good = try hub()
        expectWhole(try home.pull(good.server))
        #expect(good.fetches(of: Self.name).map { $0.headers["range"] } == ["bytes=100000-"])
    }

    /// The server ignores Range and sends everything again.
    @Test func rangesNotSupported() throws {
        let hub = try hub(ranges: false) { reply, request, turn in
            if request.path.hasSuffix(Self.name), turn == 1 { reply.cut = 100_000 }
        }
        let run = try home.pull(hub.server)
        expectWhole(run)
        #expect(run.errors.contains("starting anew"))
    }

    /// The server answers a range with another one, or says that there is no such range.
    @Test(arguments: [206, 416])
    func anotherRange(_ status: Int) throws {
        let hub = try hub { reply, request, turn in
            guard request.path.hasSuffix(Self.name) else { return }
            if turn == 1 { reply.cut = 100_000 }
            guard turn == 2 else { return }
            reply.status = status
            reply.headers["Content-Range"] = status == 206 ? "bytes 7-299999/300000" : "bytes */300000"
        }
        expectWhole(try home.pull(hub.server))
        #expect(hub.fetches(of: Self.name).map { $0.headers["range"] } == [nil, "bytes=100000-", nil])
    }

    /// Bytes that are not the file's: refused, deleted, and what was there before stays.
    @Test func wrongHash() throws {
        let hub = try hub { reply, request, turn in
            if turn == 1, request.path.hasSuffix(Self.name) { reply.body[12_345] ^= 1 }
        }
        let run = try home.pull(hub.server)
        expectNothing(run, status: 65)
        #expect(run.errors.contains("SHA-256") && run.errors.contains(HubDouble.digest(Self.content)))
        // The second time the server has it right.
        expectWhole(try home.pull(hub.server))
    }

    @Test func goodFileIsNotOverwritten() throws {
        expectWhole(try home.pull(try hub().server))
        let bad = try HubDouble([Self.name: Array(Self.content.reversed())]) { reply, request, turn in
            reply.headers["X-Repo-Commit"] = String(HubDouble.commit.reversed())
            if turn > 0, request.path.hasSuffix(Self.name) { reply.body[0] ^= 1 }
        }
        #expect(try home.pull(bad.server).status == 65)
        // Offline, the name still leads to the good file.
        let run = try home.pull(bad.server, ["org/tiny"], ["HF_HUB_OFFLINE": "1"])
        expectWhole(run)
    }

    /// More bytes than announced, and a length that HEAD and GET do not agree on.
    @Test func moreThanAnnounced() throws {
        let hub = try hub { reply, request, turn in
            if turn > 0, request.path.hasSuffix(Self.name) {
                reply.body += [1, 2, 3]
                reply.headers["Content-Length"] = "\(reply.body.count)"
            }
        }
        let run = try home.pull(hub.server)
        expectNothing(run, status: 65)
        #expect(run.errors.contains("were announced"))
    }

    @Test(arguments: [
        // The server's status, the token there is, the exit status, what the message says.
        (404, "", Int32(66), "there is no such file"), (401, "", 77, "set HF_TOKEN"),
        (403, "secret", 77, "accept the model's licence"), (400, "", 66, "status 400"),
    ])
    func refused(_ status: Int, _ token: String, _ expected: Int32, _ says: String) throws {
        let hub = try hub { reply, _, _ in
            reply = TestServer.Reply(status: status, headers: ["X-Error-Message": "a reason"])
        }
        let run = try home.pull(hub.server, ["org/tiny:\(Self.name)"], ["HF_TOKEN": token])
        expectNothing(run, status: expected)
        #expect(run.errors.contains(says) && run.errors.contains("a reason"), "\(run.errors)")
        #expect(!run.errors.contains("secret"))
    }

    @Test func tooManyRequests() throws {
        let hub = try hub { reply, request, turn in
            guard turn == 1, request.path.hasSuffix(Self.name) else { return }
            reply = TestServer.Reply(status: 429, headers: ["Retry-After": "1"])
        }
        let started = ContinuousClock.now
        expectWhole(try home.pull(hub.server))
        #expect(ContinuousClock.now - started >= .seconds(1))
    }

    @Test(arguments: [
        // Status, Retry-After, exit status: for ever, and always busy.
        (429, "1000000", Int32(75)), (429, "1e300", 75), (429, "Fri, 31 Dec 2999 23:59:59 GMT", 75), (503, "0", 69),
        (500, "", 69),
        (429, "nonsense", 75),
    ])
    func busyForEver(_ status: Int, _ after: String, _ expected: Int32) throws {
        let hub = try hub { reply, _, _ in
            reply = TestServer.Reply(status: status, headers: after.isEmpty ? [:] : ["Retry-After": after])
        }
        let started = ContinuousClock.now
        expectNothing(try home.pull(hub.server, ["org/tiny", "--retries", "1"]), status: expected)
        #expect(ContinuousClock.now - started < .seconds(20))
    }

    /// Nothing comes: before the answer, or in the middle of the body.
    @Test(arguments: [true, false])
    func stalled(_ answers: Bool) throws {
        let hub = try hub { reply, request, turn in
            guard turn > 0, request.path.hasSuffix(Self.name) else { return }
            if answers {
                reply.cut = 70_000
                reply.ending = .silence
            } else {
                reply.delay = 4
            }
        }
        let run = try home.pull(hub.server, ["org/tiny", "--read-timeout", "1", "--retries", "0"])
        expectNothing(run, status: 75, part: answers ? 70_000 : 0)
        #expect(run.errors.contains("nothing came for 1.0 s"))
    }

    @Test func nobodyThere() throws {
        let address: String
        do { address = try hub().server.address }
        let run = try CommandRun.vtrack(
            ["model", "pull", "org/tiny", "--retries", "1"],
            environment: home.environment(try hub().server, ["HF_ENDPOINT": address]), in: home.folder.url)
        expectNothing(run, status: 69)
    }

    /// The limit that a process has on the size of its files stands for the disk: it needs no root.
    @Test func diskFull() throws {
        let hub = try hub()
        let run = try CommandRun.shell(
            "ulimit -f 64; exec \"$0\" model pull org/tiny", [CommandRun.binary.path],
            environment: home.environment(hub.server), in: home.folder.url)
        #expect(run.errors.contains("cannot write: File too large"), "\(run.errors)")
        expectNothing(run, status: 74, part: 65_536)
        // With room again, it goes on from there.
        expectWhole(try home.pull(hub.server))
        #expect(hub.fetches(of: Self.name).last?.headers["range"] == "bytes=65536-")
    }

    /// A real file system of 128 KB: the file is known not to fit before it is asked for.
    @Test(.enabled(if: getuid() == 0 && TestFiles.tool("unshare"), "mounting needs root"))
    func smallFileSystem() throws {
        let hub = try hub()
        let script = """
            mkdir -p hf && mount -t tmpfs -o size=128k tmpfs hf || exit 99
            "$0" model pull org/tiny; status=$?
            find hf -type f -size +0 >left
            exit $status
            """
        let run = try CommandRun.shell(
            "exec unshare --mount bash -c \"$0\" \"$@\"", [script, CommandRun.binary.path],
            environment: home.environment(hub.server), in: home.folder.url)
        if run.status == 99 || run.status == 1 { return }
        #expect(run.status == 74, "\(run.errors)")
        #expect(run.errors.contains("No space left on device"), "\(run.errors)")
        #expect(home.folder.text("left") == "")
        #expect(hub.fetches(of: Self.name).isEmpty)
    }

    /// A signal ends the pull at once and leaves what came.
    @Test func terminated() throws {
        let hub = try hub { reply, request, turn in
            guard turn == 1, request.path.hasSuffix(Self.name) else { return }
            reply.cut = 100_000
            reply.ending = .silence
        }
        let script = """
            "$0" model pull org/tiny & pid=$!
            for i in $(seq 100); do
                [ "$(cat hf/hub/models--org--tiny/blobs/*.incomplete 2>/dev/null | wc -c)" = 100000 ] && break
                sleep 0.1
            done
            kill -TERM $pid
            wait $pid
            """
        let run = try CommandRun.shell(
            script, [CommandRun.binary.path], environment: home.environment(hub.server), in: home.folder.url)
        expectNothing(run, status: 143, part: 100_000)
        expectWhole(try home.pull(hub.server))
        #expect(hub.fetches(of: Self.name).last?.headers["range"] == "bytes=100000-")
    }

    @Test func twoAtOnce() throws {
        let hub = try hub { reply, request, turn in
            if turn > 0, request.path.hasSuffix(Self.name) { reply.delay = 1 }
        }
        let script = """
            "$0" model pull org/tiny >first 2>first.err & first=$!
            "$0" model pull org/tiny; second=$?
            wait $first || exit 90
            exit $second
            """
        let run = try CommandRun.shell(
            script, [CommandRun.binary.path], environment: home.environment(hub.server), in: home.folder.url)
        expectWhole(run)
        #expect(home.folder.text("first") == run.output)
        #expect(hub.fetches(of: Self.name).count == 1)
        #expect((run.errors + (home.folder.text("first.err") ?? "")).contains("another process is pulling it"))
    }
}

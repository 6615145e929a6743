import Foundation
import Glibc
import Synchronization

/// A server of HTTP/1.1 on this machine that does what a test tells it, however wrong that is: plain sockets, a thread
/// and a connection for each request.
final class TestServer: Sendable {
    /// What a client asked for.
    struct Request: Sendable {
        var method: String
        var path: String
        /// Values by lower-case names.
        var headers: [String: String]
    }

    /// What the server answers, and how.
    struct Reply: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body: [UInt8] = []
        /// Bytes of the body after which the connection ends; nil sends all.
        var cut: Int?
        /// How it ends there.
        var ending = Ending.close
        /// Seconds before the first byte.
        var delay = 0.0

        enum Ending: Sendable {
            case close, reset, silence
        }
    }

    let port: UInt16
    private let listener: Int32
    private let seen = Mutex<[Request]>([])
    private let handler: @Sendable (Request) -> Reply

    /// `http://127.0.0.1:PORT`.
    var address: String { "http://127.0.0.1:\(port)" }

    /// Every request so far.
    var requests: [Request] { seen.withLock { $0 } }

    /// Starts to listen on a free port.
    init(_ handler: @escaping @Sendable (Request) -> Reply) throws {
        self.handler = handler
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let failed = unsafe withUnsafeMutablePointer(to: &place) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, size) != 0 || listen(descriptor, 64) != 0
                    || getsockname(descriptor, address, &size) != 0
            }
        }
        if failed { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: place.sin_port)
        let (seen, listener) = (self.seenRequests, self.listener)
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    // Ended by deinit; anything else (too many descriptors, a client that is gone again) passes.
                    if errno == EINVAL { break }
                    usleep(1000)
                    continue
                }
                Thread.detachNewThread { Self.serve(connection, seen, handler) }
            }
            close(listener)
        }
    }

    // The threads outlive the server by a moment and must not keep it.
    private var seenRequests: @Sendable (Request) -> Void {
        { [weak self] request in self?.seen.withLock { $0.append(request) } }
    }

    /// Ends the thread that accepts, which closes the listener: closed here, its number could be another server's before
    /// that thread asks it for one more connection, and would then take one of that server's.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    private static func serve(
        _ connection: Int32, _ note: @Sendable (Request) -> Void, _ handler: @Sendable (Request) -> Reply
    ) {
        defer { close(connection) }
        guard let request = read(connection) else { return }
        note(request)
        let reply = handler(request)
        if reply.delay > 0 { Thread.sleep(forTimeInterval: reply.delay) }
        var headers = reply.headers
        if headers["Content-Length"] == nil { headers["Content-Length"] = "\(reply.body.count)" }
        headers["Connection"] = "close"
        let lines = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
        guard write(connection, Array("HTTP/1.1 \(reply.status) Status\r\n\(lines)\r\n".utf8)) else { return }
        if request.method == "HEAD" { return }
        guard write(connection, Array(reply.body.prefix(reply.cut ?? reply.body.count))) else { return }
        switch reply.cut == nil ? .close : reply.ending {
        case .close: break
        case .reset:
            waitUntilRead(connection)
            var linger = linger(l_onoff: 1, l_linger: 0)
            unsafe setsockopt(
                connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        case .silence:
            // Until the client goes away, or the guard ends it.
            var wait = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&wait, 1, 30_000)
        }
    }

    /// Waits until the client, on this machine, has read what was sent: a reset throws away what it has not.
    ///
    /// The kernel lists every socket with its ports and the bytes that nobody has read yet (proc_net_tcp.rst).
    private static func waitUntilRead(_ connection: Int32) {
        func port(_ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) -> String {
            var place = sockaddr_in()
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            _ = unsafe withUnsafeMutablePointer(to: &place) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    unsafe name(connection, address, &size)
                }
            }
            return String(format: ":%04X", Int(UInt16(bigEndian: place.sin_port)))
        }
        let (own, client) = unsafe (port(getsockname), port(getpeername))
        // The list is no snapshot: bytes could be missed on their way from one row to the other if both were looked at in
        // one reading. Once none is left here, only the client can have some.
        waitUntilEmpty(from: own, to: client) { $0.hasPrefix("00000000:") }
        waitUntilEmpty(from: client, to: own) { $0.hasSuffix(":00000000") }
    }

    /// Waits until the queues (tx_queue:rx_queue) of the socket with these ports are empty, or it is gone, for ten seconds.
    private static func waitUntilEmpty(from own: String, to other: String, _ isEmpty: (Substring) -> Bool) {
        for _ in 0..<1000 {
            // Not String(contentsOfFile:), which takes one page of a file that states no size.
            let list = try? FileHandle(forReadingAtPath: "/proc/net/tcp")?.readToEnd()
            let sockets = String(decoding: list ?? Data(), as: UTF8.self)
            // sl, local_address, rem_address, st, tx_queue:rx_queue, …
            let isWaitedFor = sockets.split(separator: "\n").map { $0.split(separator: " ") }.contains {
                $0.count > 4 && $0[1].hasSuffix(own) && $0[2].hasSuffix(other) && !isEmpty($0[4])
            }
            if !isWaitedFor { return }
            Thread.sleep(forTimeInterval: 0.01)
        }
    }

    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
            let got = unsafe recv(connection, &block, block.count, 0)
            if got <= 0 || bytes.count > 1 << 16 { return nil }
            bytes += block[..<got]
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        return Request(method: String(words[0]), path: String(words[1]), headers: headers)
    }

    private static func write(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let sent = unsafe bytes.withUnsafeBytes { buffer in
                unsafe send(connection, buffer.baseAddress! + done, buffer.count - done, Int32(MSG_NOSIGNAL))
            }
            if sent <= 0 { return false }
            done += sent
        }
        return true
    }
}

import Foundation

/// Fetches one file: goes on where an earlier attempt stopped, starts anew where it must, and gives the file its name
/// only when it is whole and right.
struct Download {
    /// What a file turned out to be.
    struct Result: Equatable {
        let path: String
        let bytes: Int
        /// SHA-256 of the content.
        let sha256: String
        /// What the content was compared with; nil where nobody states a digest.
        let checked: String?
    }

    let client: HubClient
    let address: URL
    /// What the server said beforehand.
    let facts: FileFacts
    /// SHA-256 that the file must have, whatever the server says; nil leaves it to the server.
    let pinned: String?
    /// The name for progress.
    let name: String
    /// Where bytes are collected.
    let part: String
    /// Where the file will be.
    let place: String

    /// An attempt that got this far was worth it: the next ones are counted anew.
    private static let worthwhile = 1 << 20
    /// Bytes that may wait for the disk where the transfer can be broken off and resumed.
    private static let maximumWaiting = 64 << 20

    /// Fetches the file.
    ///
    /// - Throws: `HubError`, `AppError` for the disk, or what the client's `check` throws.
    func run(_ progress: inout PullProgress) throws -> Result {
        try FilePlace.makeFolder(of: part)
        try FilePlace.makeFolder(of: place)
        var file = try PartFile(path: part, place: place)
        // Bytes without a name that tells what they are part of are of no use.
        if facts.name == nil { try file.clear() }
        if let size = facts.size {
            if file.count > size { try file.clear() }
            guard file.hasRoom(for: size - file.count) else {
                throw AppError.output(path: place, operation: "write", code: ENOSPC)
            }
        }
        if file.count > 0 { client.say("\(name): going on after \(file.count) bytes") }
        let total = try fetch(&file, &progress)
        progress.finish()
        return try finish(file, total: total)
    }

    /// Fetches what is missing, in as many attempts as it takes; returns the size that the server stated.
    private func fetch(_ file: inout PartFile, _ progress: inout PullProgress) throws -> Int? {
        var retries = Retries(client.patience)
        var total = facts.size
        // Breaking off a transfer that is too fast for the disk pays only where the server can go on.
        var resumes = true
        while total.map({ file.count < $0 }) ?? true {
            let before = file.count
            do {
                let (stated, isWhole) = try attempt(&file, total: total, resumes: &resumes, &progress)
                total = total ?? stated
                if isWhole { break }
                if file.count - before >= Self.worthwhile { retries.reset() }
            } catch let error as HubError where error.isPassing {
                progress.finish()
                if file.count - before >= Self.worthwhile { retries.reset() }
                try client.wait(retries.next(after: error))
            }
        }
        return total
    }

    /// One request and what comes of it.
    ///
    /// - Returns: The whole file's size where the server stated it, and whether all of it has come.
    private func attempt(
        _ file: inout PartFile, total: Int?, resumes: inout Bool, _ progress: inout PullProgress
    ) throws -> (total: Int?, isWhole: Bool) {
        var headers: [String: String] = [:]
        if file.count > 0 {
            headers["Range"] = "bytes=\(file.count)-"
            if let tag = facts.strongTag { headers["If-Range"] = tag }
        }
        let exchange = try client.send("GET", address, headers: headers)
        defer { exchange.transfer.close() }
        guard let answer = exchange.answers.last else { return (nil, false) }
        var end = total
        var isResumable = true
        switch answer.status {
        case 206:
            guard let range = ContentRange(answer.headers["content-range"] ?? ""), range.start == file.count,
                total == nil || range.total == nil || range.total == total
            else {
                // Bytes of somewhere else: what has come is worth nothing without them.
                try file.clear()
                throw restart("the server sent another part of the file than it was asked for")
            }
            end = end ?? range.total
        case 416:
            try file.clear()
            throw restart("the server has no such part of the file")
        case 200:
            if file.count > 0 {
                client.say("\(name): the server cannot go on in the middle: starting anew")
                // Whatever it states: see Accept-Ranges below.
                resumes = false
                try file.clear()
            }
            let isPlain = (answer.headers["content-encoding"] ?? "identity") == "identity"
            end = end ?? (isPlain ? answer.count("content-length") : nil)
            isResumable = answer.headers["accept-ranges"] == "bytes"
        default:
            throw HubError.answer(
                address: HubClient.text(address), problem: "status \(answer.status) to a plain request")
        }
        return (
            end, try receive(exchange.transfer, into: &file, total: end, resumes: resumes && isResumable, &progress)
        )
    }

    /// Takes bytes until the transfer ends; false where it was broken off because the disk is slower than the network.
    private func receive(
        _ transfer: HTTPTransfer, into file: inout PartFile, total: Int?, resumes: Bool, _ progress: inout PullProgress
    ) throws -> Bool {
        while true {
            guard let event = try transfer.next(within: client.patience.silence, check: client.check) else {
                throw HubError.stalled(address: HubClient.text(address), seconds: client.patience.silence)
            }
            switch event {
            case .answer: continue
            case .bytes(let data):
                try file.append(data)
                progress.update(name, bytes: file.count, total: total)
                if let total, file.count > total {
                    file.delete()
                    throw HubError.size(address: HubClient.text(address), found: file.count, expected: total)
                }
                if resumes, transfer.waiting > Self.maximumWaiting { return false }
            case .failure(let reason):
                throw broken(file, total, reason)
            case .end:
                if let total, file.count < total { throw broken(file, total, "it ended early") }
                return true
            }
        }
    }

    private func broken(_ file: borrowing PartFile, _ total: Int?, _ reason: String) -> HubError {
        .broken(address: HubClient.text(address), received: file.count, expected: total, reason: reason)
    }

    /// What came is worth nothing: the next attempt begins at the first byte.
    private func restart(_ reason: String) -> HubError {
        .unreachable(address: HubClient.text(address), reason: reason)
    }

    /// Deletes what has come; the error says why.
    private func different(
        _ file: borrowing PartFile, _ kind: String, _ found: String, _ expected: String
    ) -> HubError {
        file.delete()
        return .digest(address: HubClient.text(address), kind: kind, found: found, expected: expected)
    }

    /// Compares, and publishes.
    private func finish(_ file: borrowing PartFile, total: Int?) throws -> Result {
        let found = file.sha256
        var checked: [String] = []
        if let pinned {
            guard found == pinned.lowercased() else { throw different(file, "SHA-256", found, pinned) }
            checked.append("the SHA-256 known to vtrack")
        }
        if let expected = facts.sha256 {
            guard found == expected else { throw different(file, "SHA-256", found, expected) }
            checked.append("the SHA-256 that the server states")
        } else if let expected = facts.gitSHA1 {
            let sum = try file.gitSHA1()
            guard sum == expected else { throw different(file, "git SHA-1", sum, expected) }
            checked.append("the git SHA-1 that the server states")
        }
        if let total, file.count != total {
            file.delete()
            throw HubError.size(address: HubClient.text(address), found: file.count, expected: total)
        }
        try file.publish()
        return Result(
            path: place, bytes: file.count, sha256: found,
            checked: checked.isEmpty ? nil : checked.joined(separator: " and "))
    }
}

/// `Content-Range: bytes FIRST-LAST/TOTAL` (RFC 9110 §14.4).
struct ContentRange: Equatable {
    let start: Int
    let end: Int
    /// nil where the server does not know.
    let total: Int?

    init?(_ header: String) {
        let words = header.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start >= 0, end >= start else { return nil }
        self.start = start
        self.end = end
        total = Int(parts[1])
        guard parts[1] == "*" || total.map({ $0 > end }) == true else { return nil }
    }
}

import Crypto
import Foundation
import Glibc
import Logging
import Synchronization

/// Vectors and colour histograms of sequences that were computed before, by the digest of all they depend on.
///
/// Files appear complete or not at all, so that any number of processes may share a folder. Where all of them take more
/// than the limit, those that were used least recently go.
final class FeatureCache: Sendable {
    let folder: String
    /// The most bytes that all files may take.
    let limit: Int
    private let logger: Logger
    // What makes room runs in one thread at a time.
    private let room = Mutex<Void>(())

    private static let ending = ".features"
    /// What a killed process left is deleted when it is older than this, in seconds.
    private static let abandonedAfter = 86_400.0

    /// Makes the folder.
    init(folder: String, limit: Int, logger: Logger) throws(AppError) {
        self.folder = folder
        self.limit = limit
        self.logger = logger
        try FilePlace.makeFolder(of: path("0"))
    }

    /// What was computed before under a key; nil where nothing was, or where it is damaged, which is said.
    func open(_ key: String, check: () throws -> Void) throws -> FeatureFileReader? {
        let path = path(key)
        do {
            guard let reader = try FeatureFileReader(path: path, key: bytes(of: key), check: check) else { return nil }
            // The time of the last use decides what goes first.
            _ = unsafe utimensat(AT_FDCWD, path, nil, 0)
            return reader
        } catch let damage as FeatureFileReader.Damage {
            logger.warning("\(path) is deleted from the feature cache: \(damage.text)")
            unsafe unlink(path)
            return nil
        }
    }

    /// A file to be filled under a key; nil where the cache cannot be written, which is said.
    func create(_ key: String, opening: FeatureOpening) -> FeatureFileWriter? {
        do {
            return try FeatureFileWriter(path: path(key), key: bytes(of: key), opening: opening)
        } catch {
            logger.warning(
                "the feature cache is not used: \(ExitStatus.describe(error).message ?? "it cannot be written")")
            return nil
        }
    }

    /// A word that was noted under a key.
    func note(_ key: String) -> String? {
        try? String(contentsOfFile: "\(folder)/\(key).note", encoding: .utf8)
    }

    /// Notes a word; where that fails it is found out again.
    func write(note: String, _ key: String) { try? FilePlace.write(note, to: "\(folder)/\(key).note") }

    /// Deletes what was used least recently, until all is within the limit.
    func makeRoom() {
        room.withLock { _ in
            var files: [(path: String, used: Double, bytes: Int)] = []
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                let path = "\(folder)/\(name)"
                var facts = stat()
                guard unsafe lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { continue }
                let used = Double(facts.st_mtim.tv_sec) + Double(facts.st_mtim.tv_nsec) * 1e-9
                if name.hasSuffix(".partial"), Date().timeIntervalSince1970 - used > Self.abandonedAfter {
                    unsafe unlink(path)
                }
                if name.hasSuffix(Self.ending) { files.append((path, used, Int(facts.st_size))) }
            }
            var total = files.reduce(0) { $0 + $1.bytes }
            for file in files.sorted(by: { ($0.used, $0.path) < ($1.used, $1.path) }) where total > limit {
                unsafe unlink(file.path)
                total -= file.bytes
            }
        }
    }

    private func path(_ key: String) -> String { "\(folder)/\(key)\(Self.ending)" }

    private func bytes(of key: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = key.utf8[...]
        while let high = rest.popFirst(), let low = rest.popFirst() {
            bytes.append(UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16) ?? 0)
        }
        return bytes
    }
}

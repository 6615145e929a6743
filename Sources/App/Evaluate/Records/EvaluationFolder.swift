import Crypto
import Foundation
import Glibc

/// The folder that an evaluation writes: the manifest, a record and a tracks file for each sequence, reports.
///
///     evaluation.json       the manifest
///     sequences/SEQ.json    records, each complete or not there
///     tracks/SEQ.txt        tracks, there before their record is
///
/// One process at a time writes to it.
final class EvaluationFolder: Sendable {
    let path: String
    private let lock: Int32

    /// Opens a folder that is written to, making it where it is missing; nobody else may be writing there.
    init(writing path: String) throws(AppError) {
        self.path = path
        for folder in ["sequences", "tracks"] { try FilePlace.makeFolder(of: "\(path)/\(folder)/x") }
        lock = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw .output(path: path, operation: "create", code: errno) }
        // Some network file systems have no locks; two runs into one folder are then the user's to avoid.
        if flock(lock, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            _ = close(lock)
            throw .busy(path: path)
        }
    }

    /// Opens a folder that is only read.
    init(reading path: String) {
        self.path = path
        lock = -1
    }

    deinit { if lock >= 0 { _ = close(lock) } }

    var manifestPath: String { "\(path)/evaluation.json" }
    func recordPath(_ name: String) -> String { "\(path)/sequences/\(Self.fileName(name)).json" }
    func tracksPath(_ name: String, ending: String) -> String { "\(path)/tracks/\(Self.fileName(name)).\(ending)" }

    /// A sequence's name as a file may have it: one name within the folder, whatever the benchmark calls the sequence.
    ///
    /// Two names never become one: what is not allowed is written as in a URL.
    static func fileName(_ name: String) -> String {
        let safe = name.replacing("%", with: "%25").replacing("/", with: "%2F")
        return safe.hasPrefix(".") ? "%2E" + safe.dropFirst() : safe
    }

    /// Deletes what a killed process left, whose names nobody else uses now.
    func clearAbandoned() {
        for folder in [path, "\(path)/sequences", "\(path)/tracks"] {
            for name in names(in: folder) where name.hasPrefix(".") && name.hasSuffix(".partial") {
                unsafe unlink("\(folder)/\(name)")
            }
        }
    }

    /// Deletes all records and tracks, for a new start.
    func clear() {
        for folder in ["\(path)/sequences", "\(path)/tracks"] {
            for name in names(in: folder) where name != "." && name != ".." { unsafe unlink("\(folder)/\(name)") }
        }
    }

    /// A record; nil where there is none that can be read.
    func record(_ name: String) -> SequenceRecord? {
        guard let data = FileManager.default.contents(atPath: recordPath(name)),
            let record = try? EvaluationJSON.decode(SequenceRecord.self, from: data), record.name == name
        else { return nil }
        return record
    }

    /// Puts a record in its place.
    func write(_ record: SequenceRecord) throws {
        try FilePlace.write(
            String(decoding: EvaluationJSON.compact(record), as: UTF8.self) + "\n", to: recordPath(record.name))
    }

    /// The manifest; nil where there is none that can be read.
    func manifest() -> EvaluationManifest? {
        FileManager.default.contents(atPath: manifestPath).flatMap {
            try? EvaluationJSON.decode(EvaluationManifest.self, from: $0, hasOnlyNumbers: true)
        }
    }

    /// Puts the manifest in its place.
    func write(_ manifest: EvaluationManifest) throws {
        try FilePlace.write(manifest.json(), to: manifestPath)
    }

    /// Whether a record's tracks are there as they were written.
    func hasTracks(of record: SequenceRecord, ending: String) -> Bool {
        hasTracks(record.tracks, of: record.name, ending: ending)
    }

    /// Whether a sequence's tracks have this digest; nil: it needs none.
    func hasTracks(_ expected: String?, of name: String, ending: String) -> Bool {
        guard let expected else { return true }
        return (try? FileDigest.sha256(of: [tracksPath(name, ending: ending)])) == expected
    }

    /// The names of what lies in a folder; none where there is no such folder.
    func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }
}

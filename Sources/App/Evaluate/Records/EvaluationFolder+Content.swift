import Foundation
import Glibc

/// What decides about a record's fate, without its figures.
struct RecordHead: Decodable {
    var name: String
    var configuration: String
    var failure: String?
    var skipped: String?
    var tracks: String?

    /// Whether it has results.
    var isFinished: Bool { failure == nil && skipped == nil }
}

extension EvaluationFolder {
    /// What the readable records say.
    func heads() -> [RecordHead] {
        recordFiles().compactMap { file in
            FileManager.default.contents(atPath: "\(path)/sequences/\(file)").flatMap {
                try? EvaluationJSON.decode(RecordHead.self, from: $0)
            }
        }
    }

    /// Refuses a folder whose finished sequences would be lost; failed and skipped ones are no loss.
    ///
    /// - Parameter choice: What the user can do about it.
    func refuseFinished(_ heads: [RecordHead], choice: String) throws(AppError) {
        let finished = heads.count(where: \.isFinished)
        guard finished > 0 else { return }
        let failed = heads.count { $0.failure != nil }
        let skipped = heads.count - finished - failed
        var others: [String] = []
        if failed > 0 { others.append("\(failed) failed") }
        if skipped > 0 { others.append("\(skipped) skipped") }
        throw .usage(
            "\(path) holds \(finished) finished \(finished == 1 ? "sequence" : "sequences")"
                + (others.isEmpty ? "" : " (and \(others.joined(separator: ", ")))") + ": \(choice)")
    }

    /// Deletes the record and the tracks of sequences.
    func remove(_ names: some Sequence<String>) {
        for name in names {
            unsafe unlink(recordPath(name))
            for ending in Self.trackEndings { unsafe unlink(tracksPath(name, ending: ending)) }
        }
    }

    /// Deletes records and tracks of all but these sequences; returns the names of the files, without their endings.
    func removeStrays(keeping names: [String]) -> [String] {
        let present = Set(names.map(Self.fileName))
        var strays: Set<String> = []
        for (folder, endings) in [("sequences", ["json"]), ("tracks", Self.trackEndings)] {
            for file in self.names(in: "\(path)/\(folder)") where !file.hasPrefix(".") {
                guard let ending = endings.first(where: { file.hasSuffix(".\($0)") }) else { continue }
                let name = String(file.dropLast(ending.count + 1))
                guard !present.contains(name) else { continue }
                unsafe unlink("\(path)/\(folder)/\(file)")
                strays.insert(name)
            }
        }
        return strays.sorted()
    }

    private static let trackEndings = ["txt", "json"]

    private func recordFiles() -> [String] {
        names(in: "\(path)/sequences").filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
    }
}

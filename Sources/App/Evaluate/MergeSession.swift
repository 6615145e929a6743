import Evaluation
import Foundation
import Logging

/// One `vtrack eval merge`: checks that the parts belong together, copies what they hold, pools.
struct MergeSession {
    /// A folder that is merged.
    private struct Part {
        let folder: EvaluationFolder
        let manifest: EvaluationManifest
    }

    private let command: EvalMergeCommand
    private let parts: [Part]

    /// Reads the parts' manifests and compares them.
    init(_ command: EvalMergeCommand) throws {
        self.command = command
        if let input = command.folders.first(where: { FilePlace.isSame($0, command.out) }) {
            throw AppError.usage(
                "\(command.out) is where the result goes and also the input \(input): name another folder with --out")
        }
        parts = try command.folders.map { path throws(AppError) in
            let folder = EvaluationFolder(reading: path)
            guard let manifest = folder.manifest() else {
                throw .unsuitable(
                    path: path, message: "no evaluation.json that this vtrack can read: give folders of vtrack eval")
            }
            return Part(folder: folder, manifest: manifest)
        }
        guard let first = parts.first else { throw AppError.usage("name the folders that are to be merged") }
        for part in parts.dropFirst() { try Self.requireSame(first, part) }
    }

    /// Copies records and tracks, pools and publishes.
    func run() throws {
        let manifest = parts[0].manifest
        let ending = SequenceTracks.ending(of: .init(rawValue: manifest.configuration.benchmark) ?? .folder)
        var places: [String: (folder: EvaluationFolder, hasTracks: Bool)] = [:]
        for part in parts {
            let digest = try part.manifest.configuration.digest()
            for name in part.manifest.own {
                guard let record = part.folder.record(name), record.configuration == digest else { continue }
                try Self.requireTracks(of: record, in: part.folder, ending: ending)
                guard places.updateValue((part.folder, record.tracks != nil), forKey: name) == nil else {
                    throw AppError.unsuitable(
                        path: part.folder.path,
                        message: "\(name) is in another of the folders too: merge the shards of one evaluation, each "
                            + "once")
                }
            }
        }
        let missing = manifest.sequences.filter { places[$0] == nil }
        guard missing.isEmpty || command.partial else {
            throw AppError.unsuitable(
                path: command.folders.joined(separator: ", "),
                message: "\(missing.count) of \(manifest.sequences.count) sequences are missing\(lacking()): "
                    + "\(missing.joined(separator: ", ")); finish their shards, or merge what is there with --partial")
        }
        var whole = manifest
        whole.shard = nil
        let out = try EvaluationFolder(writing: command.out)
        let heads = out.heads()
        if command.overwrite {
            out.clear()
        } else {
            try out.refuseFinished(heads, choice: "--overwrite deletes them")
            out.remove(heads.map(\.name))
        }
        out.clearAbandoned()
        try out.write(whole)
        for name in manifest.sequences {
            guard let place = places[name] else { continue }
            try copy(name, from: place.folder, hasTracks: place.hasTracks, to: out, ending: ending)
        }
        try writeTimings(to: out)
        try EvaluationResults(folder: out, manifest: whole, names: command.reports)
            .publish(strict: command.strict, quiet: command.quiet)
    }

    private static func requireSame(_ first: Part, _ other: Part) throws {
        let differing = try first.manifest.configuration.differences(from: other.manifest.configuration)
        guard differing.isEmpty else {
            throw AppError.unsuitable(
                path: other.folder.path,
                message: "its configuration differs from that of \(first.folder.path) in "
                    + "\(differing.joined(separator: ", ")): evaluate all shards with the same options")
        }
        guard first.manifest.sequences == other.manifest.sequences, first.manifest.skipped == other.manifest.skipped
        else {
            throw AppError.unsuitable(
                path: other.folder.path,
                message: "it is of other sequences than \(first.folder.path): evaluate all shards on the same folder "
                    + "with the same --split, --seqmap and --sequences")
        }
    }

    private static func requireTracks(
        of record: SequenceRecord, in folder: EvaluationFolder, ending: String
    ) throws(AppError) {
        guard folder.hasTracks(of: record, ending: ending) else {
            throw .unsuitable(
                path: folder.tracksPath(record.name, ending: ending),
                message: "the tracks are not those of their record; run the shard with --resume")
        }
    }

    /// Which shards were not given, where the parts say of how many they are.
    private func lacking() -> String {
        let shards = parts.compactMap { $0.manifest.shard.flatMap(Shard.init(argument:)) }
        guard let count = shards.first?.count, shards.allSatisfy({ $0.count == count }), count <= 1000 else {
            return ""
        }
        let absent = (1...count).filter { number in !shards.contains { $0.number == number } }
        return absent.isEmpty
            ? "" : " (no folder of shard \(absent.map { "\($0)/\(count)" }.joined(separator: ", ")))"
    }

    /// Copies what `run` has found sound.
    private func copy(
        _ name: String, from source: EvaluationFolder, hasTracks: Bool, to out: EvaluationFolder, ending: String
    ) throws {
        guard let data = FileManager.default.contents(atPath: source.recordPath(name)) else {
            throw AppError.unsuitable(
                path: source.recordPath(name), message: "this record cannot be read; run its shard with --resume")
        }
        if hasTracks {
            let path = source.tracksPath(name, ending: ending)
            guard let tracks = FileManager.default.contents(atPath: path) else {
                throw AppError.input(path: path, what: "the tracks", code: ENOENT)
            }
            try FilePlace.write(String(decoding: tracks, as: UTF8.self), to: out.tracksPath(name, ending: ending))
        }
        try FilePlace.write(String(decoding: data, as: UTF8.self), to: out.recordPath(name))
    }

    /// The parts' times together.
    private func writeTimings(to out: EvaluationFolder) throws {
        var merged = EvaluationTimings(jobs: 0, threads: 0, load: 0, total: 0, sequences: [:])
        for part in parts {
            guard let data = FileManager.default.contents(atPath: "\(part.folder.path)/timings.json"),
                let timings = try? EvaluationJSON.decode(EvaluationTimings.self, from: data, hasOnlyNumbers: true)
            else { continue }
            merged.jobs = max(merged.jobs, timings.jobs)
            merged.threads = max(merged.threads, timings.threads)
            merged.load += timings.load
            merged.total += timings.total
            merged.sequences.merge(timings.sequences) { first, _ in first }
        }
        try FilePlace.write(merged.json(), to: "\(out.path)/timings.json")
    }
}

extension EvaluationConfiguration {
    /// The keys whose values are others.
    func differences(from other: EvaluationConfiguration) throws -> [String] {
        let values = try [self, other].map { configuration in
            try JSONSerialization.jsonObject(with: EvaluationJSON.compact(configuration)) as? [String: Any] ?? [:]
        }
        return try Set(values[0].keys).union(values[1].keys).sorted().filter { key in
            try text(values[0][key]) != text(values[1][key])
        }
    }

    private func text(_ value: Any?) throws -> Data {
        try JSONSerialization.data(withJSONObject: [value ?? NSNull()], options: [.sortedKeys])
    }
}

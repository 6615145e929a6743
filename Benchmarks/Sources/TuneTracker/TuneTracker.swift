import Foundation
import Tracker

/// Tunes the tracker on MOT17 and says what tuning is worth on sequences that it has not seen.
///
///     TuneTracker evaluate DATA [key=value …]           HOTA of a configuration, default: the preset
///     TuneTracker write DATA OUT [key=value …]          OUT/gt/vtrack/data/SEQ.txt and OUT/public/…, for TrackEval
///     TuneTracker search DATA ROUNDS SEED [key=value …] local search over all sequences
///     TuneTracker leave-one-out DATA ROUNDS SEED        for each sequence, a search over the others
///
/// DATA holds mot17-gt/ (gt.txt, seqinfo.ini) and mot17/ (det.txt).
@main
struct TuneTracker {
    let names: [String]
    let groundTruth: [MOTSequence]
    let detections: [MOTSequence]

    static func main() async throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 2 else {
            print("usage: TuneTracker evaluate|write|search|leave-one-out DATA …")
            exit(64)
        }
        let (mode, data) = (arguments.removeFirst(), arguments.removeFirst())
        let names = try MOTSequence.names(data: data)
        let tuner = TuneTracker(
            names: names,
            groundTruth: try names.map { try MOTSequence(data: data, name: $0, boxes: .groundTruth) },
            detections: try names.map { try MOTSequence(data: data, name: $0, boxes: .publicDetections) })
        let settings = arguments.filter { $0.contains("=") }
        let numbers = arguments.compactMap { Int($0) }
        switch mode {
        case "evaluate": try await tuner.evaluate(settings)
        case "write": try tuner.write(to: arguments.first ?? ".", settings)
        case "search": try await tuner.search(rounds: numbers.first ?? 100, seed: numbers.last ?? 1, settings)
        case "leave-one-out": try await tuner.leaveOneOut(rounds: numbers.first ?? 100, seed: numbers.last ?? 1)
        default: exit(64)
        }
    }

    private func configuration(_ settings: [String]) throws -> TrackerConfiguration {
        var configuration = TrackerConfiguration()
        for setting in settings {
            let parts = setting.split(separator: "=")
            if parts.count == 2, let value = Double(parts[1]) { try configuration.set(String(parts[0]), to: value) }
        }
        try configuration.validate()
        return configuration
    }

    /// Scores all sequences but one, two at a time.
    private func scores(_ configuration: TrackerConfiguration, leftOut: Int? = nil) async throws -> Scores {
        let sequences = groundTruth + detections
        let counts = try await withThrowingTaskGroup(of: (Int, HOTACounts).self) { group in
            for index in sequences.indices where leftOut == nil || index % names.count != leftOut {
                group.addTask { (index, HOTACounts(sequences[index], ids: try sequences[index].track(configuration))) }
            }
            var counts = [HOTACounts](repeating: HOTACounts(), count: sequences.count)
            for try await (index, count) in group { counts[index] = count }
            return counts
        }
        return Scores(
            groundTruth: Array(counts[..<names.count]), detections: Array(counts[names.count...]))
    }

    private func evaluate(_ settings: [String]) async throws {
        let scores = try await scores(configuration(settings))
        for (label, counts) in [("gt", scores.groundTruth), ("public", scores.detections)] {
            let pooled = counts.reduce(HOTACounts(), +)
            print(
                label, "HOTA", Self.format(pooled.hota), "DetA", Self.format(pooled.detA), "AssA",
                Self.format(pooled.assA), "switches", pooled.switches, "each",
                counts.map { Self.format($0.hota) }.joined(separator: " "))
        }
    }

    private func write(to folder: String, _ settings: [String]) throws {
        let configuration = try configuration(settings)
        for (label, sequences) in [("gt", groundTruth), ("public", detections)] {
            let target = "\(folder)/\(label)/vtrack/data"
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            for sequence in sequences {
                var text = ""
                for (index, ids) in try sequence.track(configuration).enumerated() {
                    for (box, id) in zip(sequence.frames[index].boxes, ids) {
                        guard let id else { continue }
                        let (place, score) = (box.box, box.confidence)
                        text +=
                            "\(index + 1),\(id),\(place.x),\(place.y),\(place.width),\(place.height),\(score),-1,-1,-1\n"
                    }
                }
                try text.write(toFile: "\(target)/\(sequence.name).txt", atomically: true, encoding: .utf8)
            }
        }
    }

    private func search(rounds: Int, seed: Int, _ settings: [String]) async throws {
        var start = LocalSearch.start
        for index in start.indices {
            for setting in settings where setting.hasPrefix(start[index].key + "=") {
                start[index].value = Double(setting.dropFirst(start[index].key.count + 1)) ?? start[index].value
            }
        }
        var search = LocalSearch(seed: UInt64(seed)) { try await scores($0, leftOut: $1) }
        let best = try await search.run(from: start, rounds: rounds, leftOut: nil) { round, value, values in
            print("round", round, "mean of sums", Self.format(value), Self.settings(start.map(\.key), values))
            fflush(nil)
        }
        try await evaluate(Self.settings(start.map(\.key), best).split(separator: " ").map(String.init))
    }

    private func leaveOneOut(rounds: Int, seed: Int) async throws {
        let keys = LocalSearch.start.map(\.key)
        var unseen = Scores(groundTruth: [], detections: [])
        for leftOut in names.indices {
            var search = LocalSearch(seed: UInt64(seed + leftOut)) { try await scores($0, leftOut: $1) }
            let best = try await search.run(from: LocalSearch.start, rounds: rounds, leftOut: leftOut) { _, _, _ in }
            let found = Self.settings(keys, best)
            let all = try await scores(configuration(found.split(separator: " ").map(String.init)))
            unseen.groundTruth.append(all.groundTruth[leftOut])
            unseen.detections.append(all.detections[leftOut])
            print(
                "without", names[leftOut], "gt", Self.format(all.groundTruth[leftOut].hota), "public",
                Self.format(all.detections[leftOut].hota), found)
            fflush(nil)
        }
        print(
            "unseen sequences pooled: gt HOTA", Self.format(Scores.hota(unseen.groundTruth)), "public HOTA",
            Self.format(Scores.hota(unseen.detections)))
    }

    private static func format(_ value: Double) -> String { String(format: "%.3f", value) }

    private static func settings(_ keys: [String], _ values: [Double]) -> String {
        zip(keys, values).map { "\($0)=\(String(format: "%.4g", $1))" }.joined(separator: " ")
    }
}

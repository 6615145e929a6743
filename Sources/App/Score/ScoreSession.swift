import Evaluation
import Foundation
import Geometry
import Logging

/// One `vtrack score` from checked outputs to published results.
final class ScoreSession {
    private let command: ScoreCommand
    private let logger: Logger
    private let dataset: Dataset
    private let trackers: [TrackerResults]
    private var json: TextOutput?
    private var csv: TextOutput?

    init(_ command: ScoreCommand) throws {
        self.command = command
        var logger = Logger(label: "vtrack") { _ in ConsoleLogHandler() }
        logger.logLevel = command.quiet ? .error : .notice
        self.logger = logger
        var options = command.dataset.options
        options.ignoresResultClasses = command.ignoreClasses
        options.preprocesses = !command.noPreprocessing
        dataset = try Dataset.open(command.benchmark, root: command.truth, options: options)
        guard !dataset.sequences.isEmpty else {
            throw AppError.unsuitable(
                path: command.truth,
                message: "none of its sequences can be scored; "
                    + dataset.skipped.prefix(5).map { "\($0.name): \($0.reason)" }.joined(separator: "; "))
        }
        trackers = try Self.named(try dataset.trackers(at: command.tracks), as: command.names)
        if !command.partial {
            for tracker in trackers {
                let missing = tracker.missing(of: dataset)
                guard let first = missing.first else { continue }
                let place = tracker.files.values.min().map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
                let kind = command.benchmark == .bdd100k ? "json" : "txt"
                throw EvaluationError.dataset(
                    .missingResults(
                        tracker: tracker.name, sequences: missing, example: "\(place ?? "")/\(first).\(kind)"))
            }
        }
        let inputs =
            dataset.sequences.compactMap(\.truth) + trackers.flatMap { $0.files.values.sorted() }
        if let path = command.json { json = try TextOutput(path: path, inputs: inputs) }
        if let path = command.csv { csv = try TextOutput(path: path, inputs: inputs) }
    }

    /// Scores, publishes and prints.
    ///
    /// - Throws: after publishing what could be scored, where a sequence could not be, or was skipped and `--strict` asks.
    func run() throws {
        for sequence in dataset.skipped { logger.notice("\(sequence.name): skipped, \(sequence.reason)") }
        for note in dataset.notes { logger.notice("\(note)") }
        let families = command.metrics?.families ?? MetricFamily.allCases
        let scoring = SequenceScorer(
            dataset: dataset, trackers: trackers, families: families)
        let outcome = scoring.run(threads: command.threads ?? ProcessInfo.processInfo.activeProcessorCount)
        if let error = outcome.onlyError { throw error }
        for note in outcome.notes { logger.notice("\(note)") }
        let document = ScoreDocument(
            benchmark: dataset.benchmark, profile: command.dataset.profile, split: dataset.split,
            half: command.dataset.half, families: families, trackers: outcome.trackers,
            skipped: dataset.skipped, notes: dataset.notes + outcome.notes)
        try json?.publish(ScoreJSON.text(document))
        try csv?.publish(ScoreCSV.text(document))
        if !command.quiet {
            try printOut(
                ScoreText.text(document, perSequence: command.perSequence),
                toStandardError: command.json == "-" || command.csv == "-")
        }
        try refusePartial(document)
    }

    private func refusePartial(_ document: ScoreDocument) throws {
        var reasons = document.trackers.flatMap { tracker in
            tracker.failed.map { "\(tracker.name), \($0.name): \($0.reason)" }
        }
        reasons += dataset.skipped.filter { $0.isDamaged || command.strict }.map { "\($0.name): \($0.reason)" }
        guard let first = reasons.first else { return }
        // The JSON has them all.
        for reason in reasons.dropFirst().prefix(20) { logger.notice("\(reason)") }
        throw AppError.unsuitable(
            path: command.truth,
            message: "scores are partial: \(first)" + (reasons.count > 1 ? "; and \(reasons.count - 1) more" : ""))
    }

    /// Gives the trackers the names that were asked for.
    private static func named(
        _ trackers: [TrackerResults], as names: String?
    ) throws -> [TrackerResults] {
        guard let names = names?.split(separator: ",").map(String.init) else { return trackers }
        guard names.count == trackers.count, Set(names).count == names.count else {
            throw AppError.usage(
                "--names gives \(names.count) \(names.count == 1 ? "name" : "names") for \(trackers.count) trackers "
                    + "(\(trackers.map(\.name).joined(separator: ", "))): give each a name of its own")
        }
        return zip(trackers, names).map { TrackerResults(name: $1, files: $0.files) }
    }
}

import Decode
import Evaluation
import Features
import Formats
import Foundation
import Geometry
import Logging
import Tracker

/// One `vtrack eval BENCHMARK ROOT` from checked places to published reports.
final class EvaluationSession {
    private let arguments: EvaluationArguments
    private let interruption: Interruption
    private let logger: Logger
    private let started = ContinuousClock.now
    private let dataset: Dataset
    private let manifest: EvaluationManifest
    private let own: [DatasetSequence]
    private let folder: EvaluationFolder
    private let evaluation: SequenceEvaluation
    private let jobs: JobPlan
    private let settings: Network.Settings
    /// What of an earlier run stays, sentences.
    private var remarks: [String] = []

    init(_ arguments: EvaluationArguments, benchmark: Benchmark, interruption: Interruption) throws {
        self.arguments = arguments
        self.interruption = interruption
        let logger = arguments.common.logger()
        self.logger = logger
        // From here on a signal ends the run in order.
        interruption.onSignal {}
        var preset = try arguments.common.loadPreset()
        preset.overlay(Preset(features: arguments.features.choices))
        let boxes = BoxChoice(argument: arguments.boxes)
        try boxes.check()
        dataset = try Dataset.open(benchmark, root: arguments.root, options: arguments.datasetOptions(boxes: boxes))
        let sequences = EvaluatedSequences(dataset, boxes: boxes)
        guard !sequences.usable.isEmpty else {
            throw AppError.unsuitable(
                path: arguments.root,
                message: "none of its sequences can be evaluated; "
                    + sequences.skipped.prefix(5).map { "\($0.name): \($0.reason)" }.joined(separator: "; "))
        }
        folder = try EvaluationFolder(writing: arguments.outputs.out)
        try Self.refuseFolder(folder, arguments, dataset: dataset, sequences: sequences.usable.map(\.name))

        let cache = try arguments.cacheFolder.map { path throws(AppError) in
            try FeatureCache(
                folder: path, limit: Int(arguments.outputs.cacheLimit * 1e9), logger: logger)
        }
        var decoding = arguments.decoding.options(threads: 0)
        var appearance = try Appearance(choices: preset.features, overrides: arguments.features.overrides)
        for warning in appearance?.checkpoint.warnings ?? [] { logger.warning("\(warning)") }
        var precision = Precision.f32
        if let settled = appearance {
            let dataset = dataset
            let boxOptions = arguments.boxOptions(preset: preset.boxes)
            let found = try PrecisionSettlement.settle(
                settled, sequences: sequences.usable, options: decoding, threads: arguments.common.threadCount,
                cache: cache, interruption: interruption
            ) { sequence in
                try EvaluatedBoxes.of(sequence, dataset: dataset, choice: boxes, options: boxOptions).boxes.frames
            }
            precision = found.precision
            if let warning = found.warning { logger.warning("\(warning)") }
            appearance?.precision = PrecisionAsked(rawValue: precision.rawValue) ?? .f32
        }
        let isMeasured = boxes == .truth && !arguments.noRetrieval
        let deltas = arguments.deltas?.deltas ?? preset.deltas ?? RunSession.defaultDeltas
        let configuration = EvaluationConfiguration(
            benchmark: benchmark.rawValue, split: dataset.split, half: arguments.dataset.half?.rawValue,
            detector: arguments.dataset.detector, profile: arguments.dataset.profile.rawValue,
            boxes: boxes.name,
            classes: preset.boxes.classes?.sorted(),
            minimumConfidence: arguments.minConfidence ?? preset.boxes.minimumConfidence,
            maximumBoxes: arguments.maxBoxes ?? preset.boxes.maximumBoxes ?? 1000,
            model: appearance.map { ModelSettings($0, precision: precision) }, reuse: arguments.work.reuse,
            tracker: preset.tracker ?? TrackerConfiguration(),
            deltas: isMeasured ? deltas.map(\.description) : nil,
            pictures: isMeasured && appearance != nil && !arguments.outputs.reports.noHtml,
            frameRate: arguments.decoding.framesPerSecond, frameNumbers: arguments.decoding.frameNumbers.rawValue,
            maximumPixels: arguments.decoding.maxPixels, strict: arguments.common.strict)
        manifest = EvaluationManifest(
            configuration: configuration, root: arguments.root, boxesFolder: boxes.folder,
            sequences: sequences.usable.map(\.name), skipped: sequences.skipped, notes: dataset.notes,
            shard: arguments.outputs.shard?.description)
        own = arguments.outputs.shard?.select(sequences.usable) ?? sequences.usable

        let longest = deltas.compactMap { $0.frames(at: 30) }.max() ?? 0
        jobs = JobPlan(
            asked: arguments.outputs.jobs, sequences: own.count,
            memory: arguments.outputs.memory.map { $0 << 20 } ?? JobPlan.availableMemory(),
            perJob: JobPlan.memoryPerJob(
                weights: (appearance?.checkpoint.files ?? []).reduce(0) { $0 + (FilePlace.size(of: $1) ?? 0) },
                dimension: 512 + (appearance.map { $0.pooling.dimension(channels: $0.channels) } ?? 0),
                longestGap: isMeasured ? longest : 1),
            threads: arguments.common.threadCount)
        settings = Network.Settings(
            threads: jobs.threads, reuse: arguments.work.reuse, compute: arguments.work.compute)
        decoding.threads = max(1, jobs.threads / (appearance == nil ? 1 : 4))
        evaluation = try SequenceEvaluation(
            SequenceEvaluation.Setup(
                dataset: dataset, configuration: configuration, boxes: boxes, appearance: appearance,
                studies: try SequenceStudies.Settings(configuration, classes: dataset.classes),
                boxOptions: arguments.boxOptions(preset: preset.boxes), decodeOptions: decoding),
            cache: cache, folder: folder, interruption: interruption, logger: logger)
        try prepareFolder()
    }

    /// Evaluates what is missing, publishes and prints; a signal leaves what is finished.
    func run() throws {
        say()
        let load = (ContinuousClock.now - started).seconds
        let pool = SequencePool(
            evaluation: evaluation, folder: folder, jobs: jobs, settings: settings, resumes: arguments.outputs.resume,
            progress: EvaluationProgress(
                mode: arguments.common.progress, sequences: own.count,
                total: own.allSatisfy { $0.length != nil } ? own.reduce(0) { $0 + ($1.length ?? 0) } : nil),
            logger: logger)
        let seconds: [String: SequenceSeconds]
        do {
            seconds = try pool.run(own)
        } catch {
            guard let signal = interruption.signal, !AppError.isOutputFailure(error) else { throw error }
            let done = own.count { FilePlace.size(of: folder.recordPath($0.name)) != nil }
            logger.warning(
                "\(done) of \(own.count) sequences are finished in \(folder.path); the same command with --resume goes on"
            )
            throw AppError.interrupted(signal: signal)
        }
        let timings = EvaluationTimings(
            jobs: jobs.jobs, threads: jobs.threads, load: load, total: (ContinuousClock.now - started).seconds,
            sequences: seconds)
        try FilePlace.write(timings.json(), to: "\(folder.path)/timings.json")
        try EvaluationResults(folder: folder, manifest: manifest, names: arguments.outputs.reports)
            .publish(strict: arguments.common.strict, quiet: arguments.common.quiet)
    }

    /// What the user should know before the work begins.
    private func say() {
        logger.notice("results go to \(folder.path)")
        for remark in remarks { logger.notice("\(remark)") }
        for note in dataset.notes { logger.notice("\(note)") }
        for skipped in manifest.skipped { logger.notice("\(skipped.name) is skipped: \(skipped.reason)") }
        if evaluation.setup.appearance == nil {
            logger.notice("--model none: association runs on motion alone")
        }
        if evaluation.setup.boxes != .truth {
            logger.notice("retrieval is not measured: it needs the identities of the true boxes (--boxes truth)")
        }
        let text =
            "\(own.count) of \(manifest.sequences.count) sequences, \(jobs.jobs) at a time, threads of each: "
            + "\(jobs.threads) (\(jobs.reason))"
        logger.notice("\(text)")
    }

    /// Refuses a folder whose content the user did not say to go on with or to delete, or that is another evaluation's.
    private static func refuseFolder(
        _ folder: EvaluationFolder, _ arguments: EvaluationArguments, dataset: Dataset, sequences: [String]
    ) throws {
        if arguments.outputs.resume {
            try Resumption(folder).refuseOthers(
                Resumption.Subject(
                    benchmark: dataset.benchmark.rawValue, split: dataset.split,
                    half: arguments.dataset.half?.rawValue, detector: arguments.dataset.detector),
                root: arguments.root, sequences: arguments.isNarrowed ? nil : sequences)
        } else if !arguments.outputs.overwrite {
            try folder.refuseFinished(
                folder.heads(), choice: "--resume goes on with them, --overwrite deletes them")
        }
    }

    /// Deletes what does not stay of what the folder holds, and writes the manifest.
    private func prepareFolder() throws {
        if arguments.outputs.resume {
            let resumption = Resumption(folder)
            if !arguments.isNarrowed { remarks = resumption.removeStrays(keeping: manifest.sequences) }
            remarks += try resumption.summary(manifest, ending: evaluation.tracksEnding)
        } else if arguments.outputs.overwrite {
            folder.clear()
        } else {
            folder.remove(folder.heads().map(\.name))
        }
        folder.clearAbandoned()
        try folder.write(manifest)
    }
}

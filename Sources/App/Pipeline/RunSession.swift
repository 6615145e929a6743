import Decode
import Evaluation
import Features
import Formats
import Geometry
import Logging
import Tracker

/// One `vtrack run` from checked outputs to published results.
///
/// Order matters: outputs are checked before anything is read, inputs are opened before the model is loaded, and every
/// result is published at the end, or at the first signal, by the same code.
final class RunSession {
    /// Gaps at which retrieval is measured unless told otherwise.
    static let defaultDeltas = [1, 2, 5, 10, 25, 50].map(RetrievalDelta.frames)

    private let command: RunCommand
    private let interruption: Interruption
    private let logger: Logger
    private let preset: Preset
    private let started = ContinuousClock.now
    private var loadSeconds = 0.0

    private var tracks: TrackSink
    private var reportOutput: TextOutput?
    private let featureSink: FeatureSink?
    private let annotation: AnnotationSink?
    private let statisticsOutput: StatisticsOutput?

    private let reader: VideoReader
    private let boxReader: BoxReader
    private let appearance: Appearance?
    private let network: Network?
    private var pool: PoolStage?
    private var association: Association
    /// What has been counted and measured; complete after `run`.
    private(set) var report: Report
    /// The channel statistics that a transform used, for `--save-statistics`.
    private var statistics: ChannelStatistics?

    /// Checks the outputs, opens the inputs and loads the model.
    ///
    /// - Parameter random: Random weights to be used instead of the model that the command names, for measuring.
    init(_ command: RunCommand, interruption: Interruption, random: Checkpoint? = nil) throws {
        self.command = command
        self.interruption = interruption
        logger = command.common.logger()
        var preset = try command.common.loadPreset()
        preset.overlay(Preset(features: command.features.choices))
        self.preset = preset

        let boxLocation = try BoxLocation.checked(command.boxes.boxes)
        let outputs = command.outputs
        let model = ModelChoice(preset.features.model)
        let inputs = SearchPaths.inputs([
            command.source.source, command.boxes.boxes, command.common.config, outputs.statistics,
            model.existingPath,
        ])
        tracks = try outputs.tracks.openTracks(inputs: inputs)
        reportOutput = try outputs.tracks.openReport(inputs: inputs)
        annotation = try outputs.annotate.map { try AnnotationSink(path: $0, inputs: inputs) }

        let decoding = command.common.decoderThreads(besidesNetwork: model != .absent)
        reader = try VideoReader(
            source: command.source.video, options: command.source.decodeOptions(threads: decoding))
        let videoReader = reader
        interruption.onSignal { [weak videoReader] in videoReader?.cancel() }
        let rate = reader.info.frameRate
        boxReader = try BoxReader(
            location: boxLocation,
            options: command.boxes.filter.options(
                preset: preset.boxes, frameRate: rate, strict: command.common.strict))
        let boxes = boxReader
        interruption.onSignal { [weak boxes] in boxes?.cancel() }

        appearance = try Appearance(choices: preset.features, overrides: command.features.overrides, random: random)
        let settings = Network.Settings(
            threads: command.common.threadCount, reuse: command.work.reuse, compute: command.work.compute)
        network = try appearance.map { try Network($0, settings: settings) }
        if let appearance, let network {
            pool = PoolStage(
                pooling: appearance.pooling, channels: network.channels, artefacts: appearance.artefacts)
        }
        if command.work.reuse != nil, appearance?.artefacts != nil {
            throw AppError.usage(
                "--artefact-norm and --drop-artefacts look at every token of a frame: they do not go with --reuse")
        }
        if outputs.features != nil, appearance == nil {
            throw AppError.usage("--features writes the vectors of a model: it does not go with --model none")
        }
        featureSink = try outputs.features.map {
            try FeatureSink(path: $0, inputs: inputs, metadata: ["source": "vtrack \(VTrack.version)"])
        }
        if outputs.saveStatistics != nil, (appearance?.dropVariance ?? 0) == 0, appearance?.standardize != true {
            throw AppError.usage("--save-statistics needs a model and --drop-variance or --standardize, which use them")
        }
        statisticsOutput = try outputs.saveStatistics.map { try StatisticsOutput(path: $0, inputs: inputs) }

        let deltas = outputs.deltas?.deltas ?? preset.deltas ?? Self.defaultDeltas
        let study =
            outputs.noRetrieval
            ? nil : try RetrievalStudy(deltas: deltas, similarity: appearance?.similarity ?? .cosine)
        association = try Association(
            configuration: preset.tracker ?? TrackerConfiguration(), frameWidth: Double(reader.info.width),
            frameHeight: Double(reader.info.height), frameRate: rate, study: study)
        report = Report(source: command.source.source, boxesSource: command.boxes.boxes)
        report.frameRate = rate
    }

    /// Runs to the end of the video or to the first signal, publishes, prints the summary.
    func run() throws {
        loadSeconds = (ContinuousClock.now - started).seconds
        for warning in appearance?.checkpoint.warnings ?? [] { logger.warning("\(warning)") }
        if let warning = network?.warning { logger.warning("\(warning)") }
        for notice in reader.info.notices { logger.notice("\(notice)") }
        if appearance == nil {
            logger.notice("--model none: association runs on motion alone")
            if preset.features.layer != nil || preset.features.pool != nil || preset.features.tiling != nil {
                logger.notice("layer, pooling and tiling have no effect without a model")
            }
            if preset.features.precision != nil || command.work.reuse != nil || command.work.compute != .tokens {
                logger.notice("--precision, --reuse and --compute have no effect without a model")
            }
        }
        let plan = PreparationPlan(
            input: appearance?.input,
            histograms: !command.outputs.noRetrieval,
            keepsFrame: annotation != nil)
        let preparation = FramePreparation(reader: reader, boxes: boxReader, plan: plan)
        var hold = try statisticsHold()
        let frames = EmbedStage(preparation: preparation, network: network, wholeFrames: hold.wholeFrames)
        var progress = Progress(mode: command.common.progress, total: reader.info.frameCountEstimate)
        frames.start()

        var stopped: Int32?
        do {
            try consume(frames, hold: &hold, progress: &progress)
        } catch {
            progress.finish()
            _ = frames.finish()
            // A signal ends the run in order; an output that fails at that moment does not.
            guard let signal = interruption.signal, !AppError.isOutputFailure(error) else { throw error }
            stopped = signal
        }
        progress.finish()
        let outcome = frames.finish()
        try complete(outcome, stopped: stopped)
        if let stopped { throw AppError.interrupted(signal: stopped) }
    }

    /// The hold for the transform that was chosen.
    private func statisticsHold() throws -> StatisticsHold {
        try StatisticsHold(
            transform: .init(
                dropVariance: appearance?.dropVariance ?? 0, standardize: appearance?.standardize ?? false,
                pooling: appearance?.pooling ?? .mean, channels: network?.channels ?? 1,
                keepsUnnormalised: featureSink != nil,
                saved: try command.outputs.statistics.map { try ChannelStatistics(contentsOf: $0) }))
    }

    private func consume(_ frames: EmbedStage, hold: inout StatisticsHold, progress: inout Progress) throws {
        while true {
            let next: TokenFrame?
            do {
                try interruption.check()
                next = try frames.next()
            } catch  where interruption.signal != nil {
                // What was held back for statistics is complete, so it counts.
                for frame in try hold.flush() { try associate(frame) }
                statistics = hold.finalStatistics
                throw error
            }
            guard var tokens = next else { break }
            let frame = tokens.frame
            let map = tokens.map.take()
            let vectors =
                frame.boxes.isEmpty ? nil : pool?.vectors(of: frame.boxes.map(\.box), map: map, grid: frame.grid)
            let ready = try hold.add(
                EmbeddedFrame(
                    frame: frame, vectors: vectors,
                    highNormTokens: frame.boxes.isEmpty ? nil : pool?.highNormTokens), map: map)
            if let map = consume map { frames.recycle(consume map) }
            for frame in ready { try associate(frame) }
            report.frames += 1
            progress.update(done: report.frames, frame: frame.number.rawValue)
        }
        for frame in try hold.flush() { try associate(frame) }
        statistics = hold.finalStatistics
    }

    private func associate(_ embedded: EmbeddedFrame) throws {
        let frame = embedded.frame
        let rows = try association.add(
            frame: frame.number, records: frame.boxes, vectors: embedded.vectors, histograms: frame.histograms)
        report.boxes += frame.boxes.count
        report.boxesUntracked += frame.boxes.count - rows.count
        try tracks.write(frame: frame.number, rows: rows, highNormTokens: embedded.highNormTokens)
        if let vectors = embedded.unnormalised {
            try featureSink?.write(frame: frame.number, records: frame.boxes, vectors: vectors)
        }
        if let annotation, let picture = frame.frame {
            try annotation.write(picture, rows: rows, frameRate: reader.info.frameRate)
        }
    }

    /// Settles the report, publishes every output, and prints the summary.
    private func complete(_ outcome: FramePreparation.Outcome, stopped: Int32?) throws {
        let decoded = reader.statistics
        report.decodeErrors = decoded.decodeErrors
        report.degraded = decoded.decodeErrors > 0
        report.irregularFrames = decoded.irregularFrames
        report.boxesWithoutFrame = outcome.boxesOnMissingFrames + outcome.boxesBehindEnd
        report.interrupted = stopped != nil
        if command.common.strict, report.degraded {
            throw AppError.degraded(errors: report.decodeErrors, source: command.source.source)
        }
        report.tracks = association.tracks
        report.retrieval = association.retrieval()
        if let appearance, let network {
            report.model = appearance.report(network, boxesUnreached: pool?.boxesUnreached ?? 0)
            report.tiles = network.tiles
            report.highNormTokens = pool?.counted
        }
        if let statistics { try statisticsOutput?.publish(statistics) }
        try tracks.finish()
        try featureSink?.finish(dimension: report.model?.dim ?? 1)
        try annotation?.finish()
        report.seconds = Report.Seconds(
            total: (ContinuousClock.now - started).seconds, load: loadSeconds, decode: outcome.busySeconds,
            embed: network?.seconds ?? 0, pool: pool?.seconds ?? 0, associate: association.associateSeconds)
        try reportOutput?.publish(report.json())
        if report.boxes == 0 {
            logger.warning(
                "no box was tracked: nothing in \(command.boxes.boxes) was kept for the frames of this source")
        }
        for sentence in decoded.notices + boxReader.summary.sentences { logger.notice("\(sentence)") }
        let used = appearance.flatMap { appearance in network.map(appearance.summary) }
        let summary = RunSummary(report: report, appearance: used)
        try summary.print(
            tracksPath: command.outputs.tracks.tracksPath,
            toStandardError: command.outputs.tracks.usesStandardOutput, quiet: command.common.quiet)
    }
}

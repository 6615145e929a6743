import ArgumentParser
import Decode
import Features
import Formats
import Geometry
import Logging

/// `vtrack embed`: write the token maps of frames, and the vectors of boxes.
struct EmbedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Write the token map of every frame, and with --boxes a vector per box, as safetensors.",
        discussion: """
            Tensors: tokens F32 [frames, rows, columns, D] and frame I64 [frames]; with --boxes also features F32 \
            [boxes, D], box_frame, id (−1 for none) and row I64 [boxes].

            Example: vtrack embed clip.mp4 --model dino-vitb16 --frames 1-8 --out tokens.safetensors
            """)

    @OptionGroup(title: "Source") var source: SourceArguments

    @Option(help: ArgumentHelp("Read boxes from this file, FIFO, fd:N or -.", valueName: "file"), completion: .file())
    var boxes: String?

    @OptionGroup(title: "Boxes") var filter: BoxFilterArguments
    @OptionGroup(title: "Features") var features: FeatureArguments

    @Option(help: ArgumentHelp("Write the tensors here.", valueName: "file"), completion: .file())
    var out: String

    @Option(help: ArgumentHelp("Only these frame numbers, as in 1-8.", valueName: "first-last"))
    var frames: FrameRangeArgument?

    @OptionGroup(title: "General") var common: CommonArguments

    func validate() throws {
        if source.source == "-", boxes == "-" {
            throw ValidationError(
                "SOURCE and --boxes cannot both be standard input; give one of them as a file or fd:N")
        }
    }

    func run() throws {
        let interruption = Interruption()
        interruption.install()
        let logger = common.logger()
        var preset = try common.loadPreset()
        preset.overlay(Preset(features: features.choices))
        let boxLocation = try boxes.map { try BoxLocation.checked($0) }
        let inputs = SearchPaths.inputs([
            source.source, boxes, common.config, ModelChoice(preset.features.model).existingPath,
        ])
        guard out != "-" else { throw AppError.usage("--out needs a file name: tensors cannot be written to a pipe") }
        let file = try OutputFile(path: out, inputs: inputs)
        try file.requireRegularFile(for: "--out")

        let reader = try VideoReader(
            source: source.video, options: source.decodeOptions(threads: common.decoderThreads(besidesNetwork: true)))
        interruption.onSignal { reader.cancel() }
        let boxReader = try boxLocation.map {
            try BoxReader(
                location: $0,
                options: filter.options(
                    preset: preset.boxes, frameRate: reader.info.frameRate, strict: common.strict))
        }
        if let boxReader { interruption.onSignal { boxReader.cancel() } }
        // Without boxes nothing is pooled, and nobody is to be asked how.
        if boxReader == nil { preset.features.pool = .mean }
        guard let appearance = try Appearance(choices: preset.features, overrides: features.overrides) else {
            throw AppError.usage("embed needs a model: it does not go with --model none")
        }
        guard appearance.dropVariance == 0, !appearance.standardize else {
            throw AppError.usage(
                "embed writes tokens and vectors as they are: --drop-variance and --standardize go with run")
        }
        for warning in appearance.checkpoint.warnings { logger.warning("\(warning)") }
        for notice in reader.info.notices { logger.notice("\(notice)") }
        let network = try Network(appearance, settings: Network.Settings(threads: common.threadCount))
        if let warning = network.warning { logger.warning("\(warning)") }
        var pool = PoolStage(
            pooling: appearance.pooling, channels: network.channels, artefacts: appearance.artefacts)
        let sink = TokenSink(file: file, vectorDimension: boxReader == nil ? nil : pool.dimension)

        let plan = PreparationPlan(
            input: appearance.input, embedsEveryFrame: true, frames: frames?.range)
        let stage = EmbedStage(
            preparation: FramePreparation(reader: reader, boxes: boxReader, plan: plan), network: network,
            wholeFrames: .max)
        var progress = Progress(
            mode: common.progress, total: frames?.range.count ?? reader.info.frameCountEstimate)
        stage.start()
        var count = 0
        var shape = (rows: 0, columns: 0)
        do {
            while var tokens = try stage.next() {
                try interruption.check()
                let frame = tokens.frame
                guard let map = tokens.map.take() else { continue }
                try sink.write(frame: frame.number, map: map)
                if boxReader != nil {
                    try sink.write(
                        frame: frame.number, records: frame.boxes,
                        vectors: pool.vectors(of: frame.boxes.map(\.box), map: map, grid: frame.grid))
                }
                shape = (map.rows, map.columns)
                stage.recycle(consume map)
                count += 1
                progress.update(done: count, frame: frame.number.rawValue)
            }
        } catch {
            progress.finish()
            _ = stage.finish()
            guard interruption.signal != nil, !AppError.isOutputFailure(error) else { throw error }
            // A signal ends the run in order: the complete frames are published.
            if count > 0 { try sink.finish() }
            try interruption.check()
        }
        progress.finish()
        _ = stage.finish()
        let statistics = reader.statistics
        if common.strict, statistics.decodeErrors > 0 {
            throw AppError.degraded(errors: statistics.decodeErrors, source: source.source)
        }
        guard count > 0 else {
            throw AppError.unsuitable(path: source.source, message: "no frame in the range that --frames names")
        }
        try sink.finish()
        let precision = PrecisionAsked.summary(of: network, asked: appearance.precision)
        logger.notice(
            "\(count) frames of \(shape.rows)×\(shape.columns) tokens of \(network.channels) numbers in \(precision) → \(out)"
        )
        for sentence in statistics.notices + (boxReader?.summary.sentences ?? []) { logger.notice("\(sentence)") }
    }
}

/// A range of frame numbers as in `1-8`, or one number.
struct FrameRangeArgument: ExpressibleByArgument {
    let range: ClosedRange<Int>

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = parts.first ?? nil, let last = parts.last ?? nil, parts.count <= 2, first >= 1,
            last >= first, last <= 1_000_000_000
        else { return nil }
        range = first...last
    }
}

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
            source.source, boxes, common.config, SearchPaths.existingModel(preset.features.model),
        ])
        guard out != "-" else { throw AppError.usage("--out needs a file name: tensors cannot be written to a pipe") }
        let file = try OutputFile(path: out, inputs: inputs)
        try file.requireRegularFile(for: "--out")

        let reader = try VideoReader(
            source: source.video, options: source.decodeOptions(threads: common.threadCount))
        interruption.onSignal { reader.cancel() }
        let boxReader = try boxLocation.map {
            try BoxReader(
                location: $0,
                options: filter.options(
                    preset: preset.boxes, frameRate: reader.info.frameRate, strict: common.strict))
        }
        if let boxReader { interruption.onSignal { boxReader.cancel() } }
        guard let appearance = try Appearance(choices: preset.features, overrides: features.overrides) else {
            throw AppError.usage("embed needs a model: name one with --model FILE or --model NAME")
        }
        guard appearance.dropVariance == 0, !appearance.standardize else {
            throw AppError.usage(
                "embed writes tokens and vectors as they are: --drop-variance and --standardize go with run")
        }
        for warning in appearance.checkpoint.warnings { logger.warning("\(warning)") }
        for notice in reader.info.notices { logger.notice("\(notice)") }
        let network = try Network(appearance, threads: common.threadCount)
        let sink = TokenSink(file: file, vectorDimension: boxReader == nil ? nil : network.dimension)

        let plan = PreparationPlan(
            input: appearance.input, embedsEveryFrame: true, frames: frames?.range)
        let preparation = FramePreparation(reader: reader, boxes: boxReader, plan: plan)
        var progress = Progress(
            mode: common.progress, total: frames?.range.count ?? reader.info.frameCountEstimate)
        preparation.start()
        var count = 0
        do {
            while let frame = try preparation.next() {
                try interruption.check()
                guard let picture = frame.picture, let grid = frame.grid else { continue }
                try network.embed(picture: picture, grid: grid)
                preparation.recycle(picture)
                try sink.write(frame: frame.number, map: network.map)
                if boxReader != nil {
                    try sink.write(
                        frame: frame.number, records: frame.boxes,
                        vectors: network.pool(grid: grid, boxes: frame.boxes.map(\.box)))
                }
                count += 1
                progress.update(done: count, frame: frame.number.rawValue)
            }
        } catch {
            progress.finish()
            _ = preparation.finish()
            guard interruption.signal != nil, !AppError.isOutputFailure(error) else { throw error }
            // A signal ends the run in order: the complete frames are published.
            if count > 0 { try sink.finish() }
            try interruption.check()
        }
        progress.finish()
        _ = preparation.finish()
        let statistics = reader.statistics
        if common.strict, statistics.decodeErrors > 0 {
            throw AppError.degraded(errors: statistics.decodeErrors, source: source.source)
        }
        guard count > 0 else {
            throw AppError.unsuitable(path: source.source, message: "no frame in the range that --frames names")
        }
        try sink.finish()
        logger.notice(
            "\(count) frames of \(network.map.rows)×\(network.map.columns) tokens of \(network.channels) numbers → \(out)"
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

import ArgumentParser
import Decode
import Features
import Geometry
import Logging

/// `vtrack model stats`: the variance of every channel over pictures.
struct ModelStatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Compute mean and variance of every channel over a video or a folder of pictures, and save them.",
        discussion: """
            All tokens of all frames count. The file is what --statistics takes: run --drop-variance N then drops the N \
            channels that vary most here, whatever the video at hand.

            Example: vtrack model stats --model mae-vitb16 pictures/ --out mae.stats.safetensors
            """)

    @OptionGroup(title: "Source") var source: SourceArguments
    @OptionGroup(title: "Features") var features: FeatureArguments

    @Option(help: ArgumentHelp("Write the statistics here.", valueName: "file"), completion: .file())
    var out: String

    @Option(help: ArgumentHelp("Only these frame numbers, as in 1-8.", valueName: "first-last"))
    var frames: FrameRangeArgument?

    @Option(help: ArgumentHelp("How many of the channels that vary most are printed. Default: 10.", valueName: "count"))
    var top: Int = 10

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup(title: "General") var common: CommonArguments

    func validate() throws {
        if !(0...100_000).contains(top) { throw ValidationError("--top must be from 0 to 100000") }
    }

    func run() throws {
        let interruption = Interruption()
        interruption.install()
        let logger = common.logger()
        var preset = try common.loadPreset()
        preset.overlay(Preset(features: features.choices))
        let inputs = SearchPaths.inputs([
            source.source, common.config, ModelChoice(preset.features.model).existingPath,
        ])
        guard out != "-" else {
            throw AppError.usage("--out needs a file name: statistics cannot be written to a pipe")
        }
        var file = try OutputFile(path: out, inputs: inputs)
        try file.requireRegularFile(for: "--out")
        let reader = try VideoReader(
            source: source.video, options: source.decodeOptions(threads: common.decoderThreads(besidesNetwork: true)))
        interruption.onSignal { reader.cancel() }
        // Statistics are of tokens: nothing is pooled.
        preset.features.pool = .mean
        guard let appearance = try Appearance(choices: preset.features, overrides: features.overrides) else {
            throw AppError.usage("stats needs a model: it does not go with --model none")
        }
        for warning in appearance.checkpoint.warnings { logger.warning("\(warning)") }
        for notice in reader.info.notices { logger.notice("\(notice)") }
        let network = try Network(appearance, settings: Network.Settings(threads: common.threadCount))
        if let warning = network.warning { logger.warning("\(warning)") }

        let plan = PreparationPlan(input: appearance.input, embedsEveryFrame: true, frames: frames?.range)
        let stage = EmbedStage(
            preparation: FramePreparation(reader: reader, boxes: nil, plan: plan), network: network, wholeFrames: .max)
        var progress = Progress(
            mode: common.progress, total: frames?.range.count ?? reader.info.frameCountEstimate)
        var statistics = ChannelStatistics(channels: network.channels)
        var count = 0
        stage.start()
        do {
            while var tokens = try stage.next() {
                try interruption.check()
                guard let map = tokens.map.take() else { continue }
                try statistics.add(map)
                stage.recycle(consume map)
                count += 1
                progress.update(done: count, frame: tokens.frame.number.rawValue)
            }
        } catch {
            progress.finish()
            _ = stage.finish()
            // Statistics of a part would pass for those of the whole: a signal leaves nothing.
            try interruption.check()
            throw error
        }
        progress.finish()
        _ = stage.finish()
        let damage = reader.statistics
        if common.strict, damage.decodeErrors > 0 {
            throw AppError.degraded(errors: damage.decodeErrors, source: source.source)
        }
        guard count > 0 else {
            throw AppError.unsuitable(path: source.source, message: "no frame in the range that --frames names")
        }
        let path = file.temporaryPath
        try file.naming { try statistics.write(to: path) }
        try file.publish()
        for sentence in damage.notices { logger.notice("\(sentence)") }
        let summary = VarianceSummary(
            statistics, model: appearance.checkpoint.description.name, frames: count, top: top)
        try printOut(json ? summary.json() : summary.text())
    }
}

/// What `vtrack model stats` prints.
struct VarianceSummary: Encodable {
    /// A channel and how much it varies.
    struct Channel: Encodable {
        /// Its number, from 0.
        var channel: Int
        var variance: Double
        /// Its part of the sum over all channels.
        var share: Double
        var mean: Double
    }

    var model: String
    var frames: Int
    var tokens: Int
    var channels: Int
    /// The median of all variances.
    var median: Double
    /// The channels that vary most, the first one most of all.
    var top: [Channel]

    init(_ statistics: ChannelStatistics, model: String, frames: Int, top: Int) {
        self.model = model
        self.frames = frames
        tokens = statistics.count
        channels = statistics.channels
        let variances = statistics.variances
        let total = variances.reduce(0, +)
        // As FeatureTransform orders them: single precision, the lower number first among equals.
        let falling = variances.indices.sorted { (Float(variances[$0]), $1) > (Float(variances[$1]), $0) }
        median = falling.isEmpty ? 0 : variances[falling[falling.count / 2]]
        self.top = falling.prefix(top).map {
            Channel(
                channel: $0, variance: variances[$0], share: total > 0 ? variances[$0] / total : 0,
                mean: statistics.means[$0])
        }
    }

    /// A table for people.
    func text() -> String {
        let rows = top.map {
            ["\($0.channel)", decimal($0.variance, 4), decimal($0.share * 100, 2) + " %", decimal($0.mean, 4)]
        }
        return "\(model): \(tokens) tokens of \(channels) channels in \(frames) frames, median variance "
            + "\(decimal(median, 4))\n" + TextTable.words([["CHANNEL", "VARIANCE", "SHARE", "MEAN"]] + rows)
    }
}

import Decode
import Evaluation
import Features
import Formats
import Geometry
import Logging

/// One `vtrack sweep` from checked outputs to published results.
final class SweepSession {
    private let command: SweepCommand
    private let logger: Logger
    private let sequences: [SequenceInput]
    private let started = ContinuousClock.now
    private var reportOutput: TextOutput?
    private var csvOutput: TextOutput?
    private var presetOutput: TextOutput?
    private let appearance: Appearance
    private let modelName: String
    private let deltas: [RetrievalDelta]
    private let scored: [Int]
    private let grid: SweepGrid
    private let shared: SharedPass
    private let tallies: SweepTallies
    private let pass: SequencePass
    private let scaler = FrameScaler()
    private var picture = RGBImage()
    private var tileGrid: TileGrid?
    /// Frames that were embedded, by how they were cut.
    private var frames: [(grid: TileGrid, count: Int)] = []

    init(_ command: SweepCommand, interruption: Interruption) throws {
        self.command = command
        logger = command.common.logger()
        var preset = try command.common.loadPreset()
        preset.overlay(Preset(features: command.network.choices))
        let model = ModelChoice(preset.features.model)
        sequences = try SequenceInput.resolve(sources: command.sequences.sources, boxes: command.sequences.boxes)
        let inputs = SearchPaths.inputs(
            SequenceInput.files(sequences) + [command.common.config, model.existingPath])
        if let out = command.out { reportOutput = try TextOutput(path: out, inputs: inputs) }
        if let csv = command.csv { csvOutput = try TextOutput(path: csv, inputs: inputs) }
        if let path = command.writeConfig { presetOutput = try TextOutput(path: path, inputs: inputs) }

        deltas = command.deltas?.deltas ?? preset.deltas ?? RunSession.defaultDeltas
        let range = command.forDeltas
        scored = deltas.indices.filter { [deltas] in range?.contains(deltas[$0]) ?? true }
        guard !scored.isEmpty else {
            throw AppError.usage(
                "--for-deltas \(range?.text ?? ""): none of the gaps \(deltas.map(\.description).joined(separator: ",")) "
                    + "lies there; name them with --deltas")
        }
        // What a sweep crosses is not for a preset or the model's metadata to choose.
        var choices = Preset.FeatureChoices(
            model: preset.features.model, tiling: preset.features.tiling, longSide: preset.features.longSide,
            precision: preset.features.precision)
        choices.layer = .last
        choices.pool = .mean
        guard let appearance = try Appearance(choices: choices, overrides: command.network.overrides) else {
            throw AppError.usage("sweep needs a model: it does not go with --model none")
        }
        self.appearance = appearance
        modelName = model.text
        grid = try SweepGrid(command.sweep, model: appearance.checkpoint.description)
        for warning in appearance.checkpoint.warnings { logger.warning("\(warning)") }
        shared = try SharedPass(
            checkpoint: appearance.checkpoint, input: appearance.input, selection: LayerSelection(taps: grid.taps),
            precision: appearance.precision, poolings: grid.poolings, lanes: grid.lanes,
            threads: command.common.threadCount)
        if let warning = shared.network.warning { logger.warning("\(warning)") }
        tallies = try SweepTallies(grid, deltas: deltas, threads: command.common.threadCount)
        pass = SequencePass(
            command.sequences, common: command.common, boxes: preset.boxes, interruption: interruption, logger: logger)
        warnOfMemory()
    }

    /// Runs to the end or to a signal, publishes and prints.
    func run() throws {
        for folder in SequenceInput.leftOut(sources: command.sequences.sources, boxes: command.sequences.boxes) {
            logger.notice("\(folder): left out, it has no boxes of its own")
        }
        let loadSeconds = (ContinuousClock.now - started).seconds
        for sequence in sequences {
            try pass.run(
                sequence, histograms: false,
                begin: { rate in
                    try shared.beginSequence()
                    try tallies.beginSequence(name: sequence.name, frameRate: rate)
                },
                body: { frame in try add(frame) })
            for ready in try shared.flush() { try tallies.add(ready) }
        }
        let model = appearance.checkpoint.description
        let report = SweepReport(
            model: model.name, digest: appearance.digest, tiling: appearance.tiling.rawValue,
            precision: shared.network.precision.rawValue, sequences: sequences, totals: pass.totals,
            passes: frames.reduce(0) { $0 + $1.count }, interrupted: pass.stopped != nil,
            range: command.forDeltas?.text ?? deltas.map(\.description).joined(separator: ","),
            result: SweepResult(
                grid, tallies, deltas: deltas, scored: scored,
                operations: grid.configurations.map { operations(of: $0, model) },
                dimensions: grid.configurations.map { shared.dimension($0.lane) }),
            seconds: Comparison.Seconds(
                total: (ContinuousClock.now - started).seconds, load: loadSeconds, embed: shared.network.seconds))
        try reportOutput?.publish(report.json())
        try csvOutput?.publish(report.csv())
        // What a signal cut short is no basis for a choice.
        if pass.stopped == nil, command.writeConfig != nil {
            guard report.result.winner != nil else {
                throw AppError.unsuitable(
                    path: sequences.map(\.boxes).joined(separator: ", "),
                    message: "no box has an identity that is there again at any gap of \(report.range): there is "
                        + "nothing to choose a configuration by")
            }
            let repeated = command.network.overridingOptions
            if !repeated.isEmpty {
                logger.warning(
                    "\(command.writeConfig ?? ""): a configuration has no keys for \(repeated.joined(separator: ", ")): give them again with it"
                )
            }
            try presetOutput?.publish(
                SweepPreset.text(
                    report, model: modelName, longSide: appearance.longSide, tiling: appearance.tiling.rawValue,
                    precision: appearance.precision.rawValue))
        }
        if !command.common.quiet {
            let isTaken = [command.out, command.csv, command.writeConfig].contains("-")
            try printOut(SweepTable.text(report), toStandardError: isTaken)
        }
        if let signal = pass.stopped { throw AppError.interrupted(signal: signal) }
    }

    private func add(_ prepared: PreparedFrame) throws {
        guard let decoded = prepared.frame, !prepared.boxes.isEmpty else {
            for ready in try shared.addEmpty() { try tallies.add(ready) }
            return
        }
        if tileGrid?.frameWidth != decoded.width || tileGrid?.frameHeight != decoded.height {
            tileGrid = try shared.input.grid(frameWidth: decoded.width, frameHeight: decoded.height)
        }
        guard let tileGrid else { return }
        try scaler.scale(decoded, to: tileGrid, into: &picture)
        if let place = frames.firstIndex(where: { $0.grid == tileGrid }) {
            frames[place].count += 1
        } else {
            frames.append((tileGrid, 1))
        }
        for ready in try shared.add(BoxedFrame(prepared), picture: picture, grid: tileGrid) {
            try tallies.add(ready)
        }
    }

    /// Says how much the frames of the longest gap may take, where that is much.
    private func warnOfMemory() {
        let cells = grid.poolings.reduce(0) { $0 + $1.cells }
        let bytesPerBox = cells * shared.network.channels * MemoryLayout<Float>.size
        // 30 frames a second where a gap is in seconds: the rate is known once a source is open.
        let longest = deltas.compactMap { $0.frames(at: 30) }.max() ?? 0
        let typical = bytesPerBox * 20 * longest
        guard typical > 4 << 30 else { return }
        let text =
            "the \(longest) frames of the longest gap take about \(typical >> 30) GB where a frame has 20 boxes; fewer "
            + "--layers, --pools or shorter --deltas take less"
        logger.notice("\(text)")
    }

    /// Operations of a frame for a configuration, all tiles computed, on average over the frames.
    private func operations(of configuration: SweepConfiguration, _ model: ModelDescription) -> Double {
        var total = 0.0
        var count = 0
        for (grid, frames) in frames {
            let tile = model.operations(
                rows: grid.tileHeight / grid.patch, columns: grid.tileWidth / grid.patch, configuration)
            total += tile * Double(grid.rows * grid.columns * frames)
            count += frames
        }
        return count > 0 ? total / Double(count) : 0
    }
}

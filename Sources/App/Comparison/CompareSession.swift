import Decode
import Evaluation
import Features
import Formats
import Geometry
import Logging

/// One `vtrack compare` from checked outputs to published results.
final class CompareSession {
    private let command: CompareCommand
    private let logger: Logger
    private let sequences: [SequenceInput]
    private let started = ContinuousClock.now
    private var report: TextOutput?
    private var figure: TextOutput?
    private let variants: [Variant]
    private let models: ComparedModels
    private let pass: SequencePass
    private var studies: [RetrievalStudy] = []
    /// Colour histograms in the place of vectors, for what they find and what the boxes alone find.
    private var baseline: RetrievalStudy
    private let scaler = FrameScaler()
    /// Pictures of the frame in work, by what they are cut for.
    private var pictures: [PreparationPlan.Input: RGBImage] = [:]
    private var grids: [PreparationPlan.Input: TileGrid] = [:]

    init(_ command: CompareCommand, interruption: Interruption) throws {
        self.command = command
        logger = command.common.logger()
        var preset = try command.common.loadPreset()
        preset.overlay(Preset(features: command.features.choices))
        guard command.features.network.model == nil else {
            throw AppError.usage("compare takes its models with --models")
        }
        variants = try command.models.map(Variant.list) ?? Variant.standard(ModelChoice(preset.features.model))
        sequences = try SequenceInput.resolve(sources: command.sequences.sources, boxes: command.sequences.boxes)
        let inputs = SearchPaths.inputs(
            SequenceInput.files(sequences) + [command.common.config]
                + variants.map { $0.subject == .model ? ModelChoice($0.choices.model).existingPath : nil })
        if let out = command.out { report = try TextOutput(path: out, inputs: inputs) }
        if let path = command.figure { figure = try TextOutput(path: path, inputs: inputs) }

        let deltas = command.deltas?.deltas ?? preset.deltas ?? RunSession.defaultDeltas
        models = try ComparedModels(
            variants, base: preset.features, overrides: command.features.overrides, threads: command.common.threadCount)
        var warned: Set<String> = []
        for member in models.members {
            for warning in member.appearance.checkpoint.warnings where warned.insert(warning).inserted {
                logger.warning("\(warning)")
            }
            studies.append(try RetrievalStudy(deltas: deltas, similarity: member.appearance.similarity))
        }
        for pass in models.passes {
            if let warning = pass.network.warning, warned.insert(warning).inserted { logger.warning("\(warning)") }
        }
        baseline = try RetrievalStudy(deltas: deltas)
        pass = SequencePass(
            command.sequences, common: command.common, boxes: preset.boxes, interruption: interruption, logger: logger)
    }

    /// Runs to the end or to a signal, publishes and prints.
    func run() throws {
        for folder in SequenceInput.leftOut(sources: command.sequences.sources, boxes: command.sequences.boxes) {
            logger.notice("\(folder): left out, it has no boxes of its own")
        }
        let loadSeconds = (ContinuousClock.now - started).seconds
        for sequence in sequences {
            try pass.run(
                sequence, histograms: true,
                begin: { rate in try begin(sequence, rate: rate) },
                body: { frame in try add(frame) })
            for index in models.passes.indices { try judge(models.passes[index].flush(), pass: index) }
        }
        let comparison = Comparison(
            sequences: sequences, totals: pass.totals, interrupted: pass.stopped != nil,
            entries: entries(),
            seconds: Comparison.Seconds(
                total: (ContinuousClock.now - started).seconds, load: loadSeconds,
                embed: models.passes.reduce(0) { $0 + $1.network.seconds }))
        try report?.publish(comparison.json())
        try figure?.publish(AccuracyFigure(comparison).svg())
        if !command.common.quiet {
            try printOut(
                ComparisonTable.text(comparison), toStandardError: command.out == "-" || command.figure == "-")
        }
        if let signal = pass.stopped { throw AppError.interrupted(signal: signal) }
    }

    private func begin(_ sequence: SequenceInput, rate: Double) throws {
        for index in studies.indices { try studies[index].beginSequence(name: sequence.name, frameRate: rate) }
        try baseline.beginSequence(name: sequence.name, frameRate: rate)
        for pass in models.passes { try pass.beginSequence() }
    }

    private func add(_ prepared: PreparedFrame) throws {
        guard !prepared.boxes.isEmpty else {
            for index in models.passes.indices { try judge(models.passes[index].addEmpty(), pass: index) }
            return
        }
        guard let decoded = prepared.frame else { return }
        let frame = BoxedFrame(prepared)
        try baseline.add(frame.retrieval(vectors: frame.histograms, histograms: frame.histograms))
        var made: Set<PreparationPlan.Input> = []
        for (index, pass) in models.passes.enumerated() {
            let input = pass.input
            if made.insert(input).inserted { try makePicture(of: decoded, for: input) }
            guard let picture = pictures[input], let grid = grids[input] else { continue }
            let ready = try AppError.naming(name(ofPass: index)) {
                try pass.add(frame, picture: picture, grid: grid)
            }
            try judge(ready, pass: index)
        }
    }

    /// Scales the decoded frame, into the storage of the frame before.
    private func makePicture(of frame: VideoFrame, for input: PreparationPlan.Input) throws {
        // Taken out while it is written, so that it is not copied.
        var picture = pictures.removeValue(forKey: input) ?? RGBImage()
        var grid = grids[input]
        if grid?.frameWidth != frame.width || grid?.frameHeight != frame.height {
            grid = try input.grid(frameWidth: frame.width, frameHeight: frame.height)
            grids[input] = grid
        }
        if let grid { try scaler.scale(frame, to: grid, into: &picture) }
        pictures[input] = picture
    }

    private func judge(_ ready: [SharedPass.Ready], pass: Int) throws {
        for (index, member) in models.members.enumerated() where member.pass == pass {
            for frame in ready {
                try studies[index].add(
                    frame.frame.retrieval(vectors: frame.vectors(member.lane), histograms: frame.frame.histograms))
            }
        }
    }

    private func name(ofPass pass: Int) -> String {
        models.members.filter { $0.pass == pass }.map(\.variant.text).joined(separator: ", ")
    }

    /// The results in the order of `--models`.
    private func entries() -> [Comparison.Entry] {
        let boxesAlone = baseline.finish()
        var results = studies.indices.map { studies[$0].finish() }.makeIterator()
        var members = models.members.makeIterator()
        return variants.map { variant in
            guard variant.subject == .model, let member = members.next(), let retrieval = results.next() else {
                return Comparison.Entry(baseline: variant, results: boxesAlone)
            }
            let pass = models.passes[member.pass]
            let lane = pass.lanes[member.lane]
            return Comparison.Entry(
                variant: variant,
                model: member.appearance.report(
                    pass.network, dimension: pass.dimension(member.lane),
                    boxesUnreached: pass.boxesUnreached[lane.pooling]), results: retrieval)
        }
    }
}

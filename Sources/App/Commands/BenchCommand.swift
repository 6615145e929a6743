import ArgumentParser
import Features
import Foundation
import Geometry
import Logging

/// `vtrack bench`: how fast the engine is here, and what the stages of a run take.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the engine beside the processor's own rate, or the stages of a run.",
        discussion: """
            Prints milliseconds per image, images per second and GFLOP/s (10^9 multiplications and additions of matrix \
            products a second) for each precision and batch of tiles, beside the rate at which oneDNN's bare products \
            of one block run on this machine, measured in turns. With SOURCE and --boxes: what decoding, embedding, \
            pooling and association take, per frame.

            Examples:
              vtrack bench --model vit_base_patch16_224 --batch 1,16
              vtrack bench --model dino-vitb16 --precision f32,int8 --accuracy
              vtrack bench clip.mp4 --boxes gt.txt --model dino-vitb16
            """)

    @Argument(
        help: "A video or image folder: to measure the stages on, with --boxes, or for --accuracy.",
        completion: .file())
    var source: String?

    @Option(
        help: ArgumentHelp(
            "Checkpoint: a .safetensors file, a name, or an architecture such as vit_base_patch16_224 with random "
                + "weights. Default: vtrack-tiny, which ships.", valueName: "file|name|architecture"),
        completion: .file())
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Precisions, as in f32,bf16,int8. Default: all that this processor has.", valueName: "list"))
    var precision: PrecisionList?

    @Option(
        help: ArgumentHelp(
            "Batches of tiles, as in 1,16. Default: 1,16; with SOURCE and --boxes none.", valueName: "list"))
    var batch: BatchList?

    @Option(help: ArgumentHelp("Measurements of each. Default: 5; with SOURCE and --boxes 1.", valueName: "count"))
    var rounds: Int?

    @Option(help: ArgumentHelp("Worker threads. Default: one per processor.", valueName: "count"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Block whose output is used: no later block is run. Default: the model's own, else last.",
            valueName: "layer"))
    var layer: LayerChoice?

    @Flag(help: "Compare each precision's tokens with those of f32, on the first frames of SOURCE or random pixels.")
    var accuracy = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(
        help: """
            Wait for a line on standard input before each round and answer with a line of JSON, so that a script can \
            measure several engines in turns; one precision and one batch.
            """)
    var paced = false

    @Option(help: ArgumentHelp("Measure the stages of a run with these boxes.", valueName: "file"), completion: .file())
    var boxes: String?

    @OptionGroup(title: "Boxes") var filter: BoxFilterArguments

    @Option(help: ArgumentHelp("How a frame is cut: fit, pad or whole. Default: fit.", valueName: "tiling"))
    var tiling: Tiling?

    @Option(
        help: ArgumentHelp(
            "Pooling of a run: mean, mean-patches or gridN. Default: the model's own, else mean.", valueName: "pooling")
    )
    var pool: PoolingArgument?

    func validate() throws {
        if let threads, !(1...64).contains(threads) { throw ValidationError("--threads must be from 1 to 64") }
        if let rounds, !(1...10_000).contains(rounds) { throw ValidationError("--rounds must be from 1 to 10000") }
        if source == "-" || boxes == "-" {
            throw ValidationError("bench reads its source and boxes several times: give files, not standard input")
        }
        if model == "none" { throw ValidationError("bench measures a network: it does not go with --model none") }
        if boxes != nil, source == nil { throw ValidationError("--boxes goes with a SOURCE") }
        if source != nil, boxes == nil, !accuracy {
            throw ValidationError("SOURCE goes with --boxes, to measure the stages of a run, or with --accuracy")
        }
        if boxes == nil, pool != nil || filter.isStated {
            throw ValidationError("--pool and what --boxes are read with go with SOURCE and --boxes")
        }
        if source == nil, tiling != nil, !accuracy {
            throw ValidationError(
                "--tiling goes with SOURCE or with --accuracy; --batch counts tiles of the model's size")
        }
        if paced, source != nil || accuracy || json {
            throw ValidationError("--paced goes with none of SOURCE, --accuracy and --json")
        }
        if paced, precision?.precisions.count != 1 || batch?.sizes.count != 1 {
            throw ValidationError("--paced goes with one --precision and one --batch")
        }
    }

    func run() throws {
        let interruption = Interruption()
        interruption.install()
        let (checkpoint, random) = try loadModel()
        let depth = checkpoint.description.depth
        let layer = try layer ?? LayerChoice.preferred(by: checkpoint.description, path: checkpoint.path)
        let blocks = layer.blocks(depth: depth)
        if let tooDeep = blocks.first(where: { $0 > depth }) {
            throw AppError.usage("--layer \(tooDeep): \(checkpoint.description.name) has \(depth) blocks")
        }
        let measuresStages = source != nil && boxes != nil
        let rounds = rounds ?? (measuresStages ? 1 : 5)
        let session = BenchSession(
            checkpoint: checkpoint, selection: LayerSelection(layers: blocks),
            threads: threads ?? Processor.availableCores,
            rounds: rounds)
        var report = BenchReport(
            model: checkpoint.description.name, layer: layer.description, threads: session.threads,
            rounds: rounds, source: source)

        let asked = precision?.precisions ?? Precision.allCases.filter(\.isSupported)
        let usable = asked.filter(\.isSupported)
        report.skipped = asked.filter { !$0.isSupported }.map {
            BenchReport.Skipped(precision: $0.rawValue, reason: EngineError.precision($0).description)
        }
        // A list has at least one precision, and without a list f32 is usable.
        guard !usable.isEmpty else { throw FeatureError.engine(.precision(asked[0])) }
        for skipped in report.skipped { Console.line("vtrack: \(skipped.precision) left out: \(skipped.reason)") }

        if paced {
            try session.paced(usable[0], batch: batch?.sizes.first ?? 1)
            return
        }
        let comparison =
            try accuracy
            ? TokenAccuracy(
                checkpoint, selection: session.selection, tiling: tiling ?? .fit, source: source,
                threads: session.threads) : nil
        if batch != nil || !measuresStages {
            for precision in usable {
                report.results += try session.measure(
                    precision, batches: batch?.sizes ?? [1, 16], accuracy: comparison)
            }
        }
        if let source, let boxes {
            let measurement = StageMeasurement(
                command: self, source: source, boxes: boxes, random: random, interruption: interruption)
            report.stages = try measurement.results(usable, rounds: rounds)
        }
        try printOut(json ? report.json() : report.text())
    }

    /// The checkpoint of a file or name, else random weights; the second value is there for random weights only.
    private func loadModel() throws -> (Checkpoint, random: Checkpoint?) {
        do {
            let found = try ModelPlace.find(model)
            let checkpoint = try found.checkpoint()
            for warning in checkpoint.warnings where !json && !paced { Console.line("vtrack: warning: \(warning)") }
            return (checkpoint, nil)
        } catch AppError.modelNotFound(let name, let searched) {
            guard Checkpoint.architectures.contains(name) else {
                throw AppError.modelNotFound(
                    name: name,
                    searched: searched + ["architectures " + Checkpoint.architectures.joined(separator: " ")])
            }
            let checkpoint = try Checkpoint(architecture: name)
            return (checkpoint, checkpoint)
        }
    }
}

/// Precisions as in `f32,bf16`, each once.
struct PrecisionList: ExpressibleByArgument {
    let precisions: [Precision]

    init?(argument: String) {
        var precisions: [Precision] = []
        for item in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let precision = Precision(rawValue: String(item)), !precisions.contains(precision) else { return nil }
            precisions.append(precision)
        }
        self.precisions = precisions
    }
}

/// Batches as in `1,16`, each once, from 1 to 256.
struct BatchList: ExpressibleByArgument {
    let sizes: [Int]

    init?(argument: String) {
        var sizes: [Int] = []
        for item in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let size = Int(item), (1...256).contains(size), !sizes.contains(size) else { return nil }
            sizes.append(size)
        }
        self.sizes = sizes
    }
}

import ArgumentParser
import Evaluation
import Features
import Formats
import Foundation

/// Where an evaluation writes, and what it takes over from earlier ones.
struct EvaluationOutputArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Folder of everything that is written. Default: eval-out.", valueName: "folder"),
        completion: .directory)
    var out = "eval-out"

    @OptionGroup var reports: ReportNameArguments

    @Flag(help: "Go on in a folder that holds finished sequences; those that are still right are kept.")
    var resume = false

    @Flag(help: "Delete the finished sequences that the folder holds, and start anew.")
    var overwrite = false

    @Option(
        help: ArgumentHelp(
            "Evaluate the k-th of n parts of the sequences; vtrack eval merge puts the parts together.",
            valueName: "k/n"))
    var shard: Shard?

    @Option(
        help: ArgumentHelp(
            "Keep vectors in this folder, so that another tracker or other gaps need no network; or none. Default: "
                + "features in the user's cache.", valueName: "folder|none"), completion: .directory)
    var cache: String?

    @Option(help: ArgumentHelp("The most that the cache may take, in GB. Default: 20.", valueName: "GB"))
    var cacheLimit = 20.0

    @Option(
        help: ArgumentHelp(
            "Sequences that are evaluated at a time. Default: as many as cores and memory allow.", valueName: "count"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp("Memory that sequences may take together, in MB. Default: what is free.", valueName: "MB"))
    var memory: Int?

    func validate() throws {
        if resume, overwrite { throw ValidationError("--resume keeps what --overwrite deletes: give one of them") }
        if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs must be from 1 to 256") }
        if let memory, !(1...1 << 30).contains(memory) { throw ValidationError("--memory must be positive") }
        guard cacheLimit >= 0, cacheLimit <= 1e6 else {
            throw ValidationError("--cache-limit must be from 0 to 1000000")
        }
        guard !out.isEmpty, out != "-" else { throw ValidationError("--out must be a folder") }
    }
}

/// What the reports in the folder are called.
struct ReportNameArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Name of the JSON report in the folder. Default: report.json.", valueName: "name"))
    var json = "report.json"

    @Option(help: ArgumentHelp("Name of the CSV table in the folder. Default: report.csv.", valueName: "name"))
    var csv = "report.csv"

    @Option(help: ArgumentHelp("Name of the HTML page in the folder. Default: report.html.", valueName: "name"))
    var html = "report.html"

    @Flag(help: "Write no HTML page, and cut no pictures of misses for it.")
    var noHtml = false

    func validate() throws {
        let names = [json, csv] + (noHtml ? [] : [html])
        for name in names where name.isEmpty || name.contains("/") || name.hasPrefix(".") {
            throw ValidationError("\"\(name)\": a report is named within the folder of --out, without /")
        }
        guard Set(names + ["timings.json", "evaluation.json"]).count == names.count + 2 else {
            throw ValidationError("--json, --csv and --html must have names of their own, and not those of other files")
        }
    }
}

/// All options of `vtrack eval BENCHMARK`.
struct EvaluationArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("The benchmark's folder as its owners publish it."), completion: .directory)
    var root: String

    @OptionGroup(title: "Data set") var dataset: DatasetArguments

    @Option(
        help: ArgumentHelp(
            "Boxes that are tracked: truth (those that the benchmark counts), public (det/det.txt), or a folder of "
                + "detections or results, SEQ.txt or SEQ.json.", valueName: "truth|public|folder"),
        completion: .directory)
    var boxes = "truth"

    @Option(help: ArgumentHelp("Leave out detections below this confidence.", valueName: "number"))
    var minConfidence: Double?

    @Option(help: ArgumentHelp("Refuse a frame with more boxes than this. Default: 1000.", valueName: "count"))
    var maxBoxes: Int?

    @Option(
        help: ArgumentHelp(
            "Gaps at which retrieval is measured, in frames or in seconds as 0.5s. Default: 1,2,5,10,25,50.",
            valueName: "list"))
    var deltas: DeltaList?

    @Flag(help: "Do not measure retrieval.")
    var noRetrieval = false

    @OptionGroup(title: "Features") var features: FeatureArguments
    @OptionGroup(title: "Work") var work: WorkArguments
    @OptionGroup(title: "Decoding") var decoding: DecodeArguments
    @OptionGroup(title: "Outputs") var outputs: EvaluationOutputArguments
    @OptionGroup(title: "General") var common: CommonArguments

    func validate() throws {
        if let maxBoxes, !(1...100_000).contains(maxBoxes) {
            throw ValidationError("--max-boxes must be from 1 to 100000")
        }
        if let minConfidence, !minConfidence.isFinite { throw ValidationError("--min-confidence must be a number") }
    }

    /// The data set's options, for an evaluation of these boxes.
    func datasetOptions(boxes: BoxChoice) -> DatasetOptions {
        var options = dataset.options
        options.usesTruthAsBoxes = boxes == .truth
        options.needsPictures = true
        return options
    }

    /// Whether only some of the folder's sequences were asked for.
    var isNarrowed: Bool { dataset.sequences != nil || dataset.seqmap != nil }

    /// How detections are read.
    func boxOptions(preset: Preset.BoxChoices) -> BoxOptions {
        BoxOptions(
            classes: preset.classes, minimumConfidence: minConfidence ?? preset.minimumConfidence,
            maximumBoxes: maxBoxes ?? preset.maximumBoxes ?? 1000, strict: common.strict)
    }

    /// The cache of features; nil where none is wanted.
    var cacheFolder: String? {
        if outputs.cache == "none" { return nil }
        return outputs.cache ?? SearchPaths.cache(environment: ProcessInfo.processInfo.environment) + "/features"
    }
}

import ArgumentParser
import Evaluation

/// `vtrack score`: the results of trackers against a benchmark's ground truth.
struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score results of trackers on a benchmark: HOTA, MOTA, IDF1 and the figures beside them.",
        discussion: """
            The figures are those of TrackEval, or of the BDD100K server with --profile scalabel. Folders may be as the \
            benchmark's owners publish them, or as TrackEval wants them.

            Examples:
              vtrack score mot17 --gt MOT17/train --tracks results/mine results/theirs --json scores.json
              vtrack score dancetrack --gt DanceTrack --split val --tracks results --per-sequence
              vtrack score kitti --gt KITTI/training --tracks results
            """)

    @Argument(
        help: ArgumentHelp(
            "mot15, mot16, mot17, mot20, dancetrack, bdd100k, kitti, or folder for videos with boxes.",
            valueName: "benchmark"))
    var benchmark: Benchmark

    @Option(
        name: .customLong("gt"), help: ArgumentHelp("The benchmark's folder.", valueName: "root"), completion: .file())
    var truth: String

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            """
            Results: folders with a SEQUENCE.txt each (BDD100K: .json), TrackEval's folders of trackers, output folders of \
            vtrack eval, or files.
            """,
            valueName: "path"),
        completion: .file())
    var tracks: [String]

    @Option(
        help: ArgumentHelp(
            "What to call the trackers, with commas between. Default: after their folders.", valueName: "list"))
    var names: String?

    @OptionGroup(title: "Benchmark") var dataset: DatasetArguments

    @Flag(help: "Count all boxes: leave none out for distractors and regions that are not judged.")
    var noPreprocessing = false

    @Flag(help: "Take every row of MOT results whatever its class (column 8).")
    var ignoreClasses = false

    @Flag(help: "Score the sequences that a tracker has results for, where it lacks some.")
    var partial = false

    @Option(
        help: ArgumentHelp("Figures to give, of hota,clear,identity,vace,count. Default: all.", valueName: "list"),
        transform: MetricList.init(parsing:))
    var metrics: MetricList?

    @Option(
        help: ArgumentHelp("Write the scores here as JSON; - is standard output.", valueName: "file"),
        completion: .file())
    var json: String?

    @Option(
        help: ArgumentHelp("Write the scores here as CSV, in TrackEval's columns.", valueName: "file"),
        completion: .file())
    var csv: String?

    @Flag(help: "Print a line for every sequence.")
    var perSequence = false

    @Option(
        name: [.long, .customShort("j")],
        help: ArgumentHelp("Sequences scored at the same time. Default: one per processor.", valueName: "count"))
    var threads: Int?

    @Flag(help: "Fail with status 65 where a sequence of the folder is skipped.")
    var strict = false

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        if let threads, !(1...64).contains(threads) { throw ValidationError("--threads must be from 1 to 64") }
        if tracks.isEmpty { throw ValidationError("--tracks needs a folder or a file with results") }
        if metrics != nil, dataset.profile == .scalabel {
            throw ValidationError(
                "--metrics chooses among TrackEval's figures; --profile scalabel always gives those of its server")
        }
        if json == "-", csv == "-" {
            throw ValidationError("--json and --csv cannot both go to standard output")
        }
    }

    func run() throws {
        let interruption = Interruption()
        interruption.install()
        try ScoreSession(self).run()
    }
}

/// Families of figures with commas between them.
struct MetricList {
    let families: [MetricFamily]

    /// Takes what stands behind `--metrics`.
    init(parsing argument: String) throws {
        let names = argument.lowercased().split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let asked = names.compactMap(MetricFamily.init(rawValue:))
        if let unknown = names.first(where: { MetricFamily(rawValue: $0) == nil }) {
            let known = MetricFamily.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError(
                "“\(unknown.prefix(40))” is none of \(known)"
                    + (unknown == "idf1" ? "; IDF1 is part of identity" : "")
                    + (unknown == "mota" ? "; MOTA is part of clear" : ""))
        }
        // TrackEval counts always, and last.
        families = MetricFamily.allCases.filter { asked.contains($0) || $0 == .count }
    }
}

import ArgumentParser
import Evaluation

/// `vtrack eval`: a whole benchmark folder, retrieval and tracking scores.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract:
            "Evaluate a whole benchmark folder: retrieval by frame gap, and tracking scores as the official kits.",
        discussion: """
            Decodes, embeds, tracks and scores every sequence of a folder as its owners publish it. Finished sequences \
            stay when a run is killed (--resume); features are kept, so that another tracker or other gaps need no \
            network; --shard spreads the sequences over machines, and merge puts them together.
            Examples:
              vtrack eval mot17 MOT17/train --model dino-vitb16
              vtrack eval bdd100k bdd100k --split val --boxes truth --model deit.safetensors --out bdd
              vtrack eval mot17 MOT17/train --shard 2/7 --out part2 && vtrack eval merge part1 part2 … --out whole
            """,
        subcommands: [
            EvalBenchmarkCommand<MOT15Folder>.self, EvalBenchmarkCommand<MOT16Folder>.self,
            EvalBenchmarkCommand<MOT17Folder>.self, EvalBenchmarkCommand<MOT20Folder>.self,
            EvalBenchmarkCommand<DanceTrackFolder>.self, EvalBenchmarkCommand<BDD100KFolders>.self,
            EvalBenchmarkCommand<KITTIFolder>.self, EvalBenchmarkCommand<PlainFolder>.self, EvalMergeCommand.self,
        ])
}

/// A benchmark as a command names it.
protocol EvaluatedBenchmark {
    static var benchmark: Benchmark { get }
    static var title: String { get }
}

enum MOT15Folder: EvaluatedBenchmark {
    static let benchmark = Benchmark.mot15
    static let title = "MOTChallenge 2015"
}
enum MOT16Folder: EvaluatedBenchmark {
    static let benchmark = Benchmark.mot16
    static let title = "MOTChallenge 2016"
}
enum MOT17Folder: EvaluatedBenchmark {
    static let benchmark = Benchmark.mot17
    static let title = "MOTChallenge 2017"
}
enum MOT20Folder: EvaluatedBenchmark {
    static let benchmark = Benchmark.mot20
    static let title = "MOTChallenge 2020"
}
enum DanceTrackFolder: EvaluatedBenchmark {
    static let benchmark = Benchmark.dancetrack
    static let title = "DanceTrack"
}
enum BDD100KFolders: EvaluatedBenchmark {
    static let benchmark = Benchmark.bdd100k
    static let title = "BDD100K multiple object tracking 2020"
}
enum KITTIFolder: EvaluatedBenchmark {
    static let benchmark = Benchmark.kitti
    static let title = "KITTI tracking"
}
enum PlainFolder: EvaluatedBenchmark {
    static let benchmark = Benchmark.folder
    static let title = "any folder of videos with boxes"
}

/// `vtrack eval mot17 ROOT` and its like.
struct EvalBenchmarkCommand<Folder: EvaluatedBenchmark>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Folder.benchmark.rawValue, abstract: "Evaluate a folder of \(Folder.title).",
            discussion: """
                Tracks the true boxes unless --boxes says otherwise, measures retrieval where the boxes are the true \
                ones, and scores by the benchmark's rules. Everything goes to --out: tracks, a record for each \
                sequence, report.json, report.csv, report.html, timings.json. Units: boxes in pixels, gaps in frames \
                or seconds, scores 0 to 100.
                Example: vtrack eval \(Folder.benchmark.rawValue) ROOT --model dino-vitb16 --out results
                """)
    }

    @OptionGroup var arguments: EvaluationArguments

    func run() throws {
        let interruption = Interruption()
        interruption.install()
        try EvaluationSession(arguments, benchmark: Folder.benchmark, interruption: interruption).run()
    }
}

import ArgumentParser
import Decode
import Evaluation
import Features
import Formats
import Geometry
import Logging
import Tracker

/// `vtrack run`: decode, embed, pool, associate, and measure retrieval where identities are known.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Track the boxes of a video, and measure how well the features find the same object again.",
        discussion: """
            Writes tracks.txt (MOTChallenge rows) and prints retrieval by frame gap where the boxes carry identities. \
            Units: boxes in pixels of the displayed frame, gaps in frames, times in seconds. Without --model the model \
            that ships with vtrack is used; --model none tracks by motion alone.

            Examples:
              vtrack run clip.mp4 --boxes gt.txt
              vtrack run clip.mp4 --boxes gt.txt --model dino-vitb16
              ffmpeg -i cam.mkv -f matroska - | vtrack run - --boxes dets.jsonl --format jsonl
              vtrack run MOT17-05-FRCNN --boxes MOT17-05-FRCNN/gt/gt.txt --deltas 1,2,4 --report report.json
            """)

    @OptionGroup(title: "Source") var source: SourceArguments
    @OptionGroup(title: "Boxes") var boxes: BoxArguments
    @OptionGroup(title: "Features") var features: FeatureArguments
    @OptionGroup(title: "Work") var work: WorkArguments
    @OptionGroup(title: "Outputs") var outputs: RunOutputArguments
    @OptionGroup(title: "General") var common: CommonArguments

    func validate() throws {
        if source.source == "-", boxes.boxes == "-" {
            throw ValidationError(
                "SOURCE and --boxes cannot both be standard input; give one of them as a file or fd:N")
        }
    }

    func run() throws {
        let interruption = Interruption()
        interruption.install()
        try RunSession(self, interruption: interruption).run()
    }
}

/// Where the results of `run` go.
struct RunOutputArguments: ParsableArguments {
    @OptionGroup var tracks: TrackOutputArguments

    @Option(
        help: ArgumentHelp("Write the vector of every box here (safetensors).", valueName: "file"), completion: .file())
    var features: String?

    @Option(
        help: ArgumentHelp("Write an mp4 with boxes, numbers and trails drawn here.", valueName: "file"),
        completion: .file())
    var annotate: String?

    @Option(
        help: ArgumentHelp(
            "Gaps at which retrieval is measured, in frames or in seconds as 0.5s. Default: 1,2,5,10,25,50.",
            valueName: "list"))
    var deltas: DeltaList?

    @Flag(help: "Do not measure retrieval.")
    var noRetrieval = false

    @Option(
        help: ArgumentHelp(
            "Channel statistics for --drop-variance and --standardize from this file, not from the first frames.",
            valueName: "file"), completion: .file())
    var statistics: String?

    @Option(
        help: ArgumentHelp("Save the channel statistics that were collected here.", valueName: "file"),
        completion: .file())
    var saveStatistics: String?
}

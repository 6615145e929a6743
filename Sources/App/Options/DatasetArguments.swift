public import ArgumentParser
public import Evaluation

/// Which part of a benchmark's folder is taken, and by which rules.
struct DatasetArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The part of the benchmark, as in train, val or test. Default: train (KITTI: training); val for "
                + "DanceTrack; for BDD100K the first of val, train, test that is there.", valueName: "name"))
    var split: String?

    @Option(
        help: ArgumentHelp(
            "Only one half of every sequence, where training sequences are halved for validation: train or val.",
            valueName: "half"))
    var half: TrainHalf?

    @Option(
        help: ArgumentHelp(
            "MOT17's copy of the sequences by public detector: DPM, FRCNN, SDP or all.", valueName: "name"))
    var detector: String?

    @Option(
        help: ArgumentHelp(
            "The file that lists the sequences. Default: the one in the folder, where there is one.", valueName: "file"),
        completion: .file())
    var seqmap: String?

    @Option(help: ArgumentHelp("Only these sequences, with commas between them.", valueName: "list"))
    var sequences: String?

    @Option(
        help: ArgumentHelp(
            "Whose rules and figures: trackeval, or scalabel for those of the BDD100K server.", valueName: "name"))
    var profile: ScoringProfile = .trackeval

    /// The options as data sets take them.
    var options: DatasetOptions {
        DatasetOptions(
            profile: profile, split: split, half: half, detector: detector, seqmap: seqmap,
            sequences: sequences?.split(separator: ",").map(String.init))
    }
}

extension TrainHalf: ExpressibleByArgument {}
extension ScoringProfile: ExpressibleByArgument {}
extension Benchmark: ExpressibleByArgument {}

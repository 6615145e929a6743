/// Which half of every training sequence counts, where one is held back for validation.
///
/// The first N/2 + 1 of N frames (division without remainder) are for training, the others for validation; both are
/// renumbered from 1. Source: ByteTrack's convert_mot17_to_coco.py and scalabel's from_mot.py, which agree.
public enum TrainHalf: String, CaseIterable, Sendable {
    /// The first frames.
    case train
    /// The last frames.
    case val

    /// The frames of a sequence of `length` that belong to the half; nil where there are none.
    public func frames(of length: Int) -> ClosedRange<Int>? {
        let cut = min(length, length / 2 + 1)
        switch self {
        case .train: return cut >= 1 ? 1...cut : nil
        case .val: return cut < length ? cut + 1...length : nil
        }
    }
}

/// What is taken of a benchmark's folder, and by which rules.
public struct DatasetOptions: Equatable, Sendable {
    /// Whose rules prepare the boxes.
    public var profile: ScoringProfile
    /// The part of the benchmark, as in `train`, `val`, `test`; nil for the one that is commonly scored.
    public var split: String?
    /// The half of each sequence; nil for all of it.
    public var half: TrainHalf?
    /// The copy of MOT17 by its public detector: `DPM`, `FRCNN`, `SDP`, or `all`; nil: see `usesTruthAsBoxes`.
    public var detector: String?
    /// A file that lists the sequences; nil for the one in the folder, where there is one.
    public var seqmap: String?
    /// Only these sequences; nil for all.
    public var sequences: [String]?
    /// Whether the ground truth's own boxes are tracked, so that copies of a sequence would give the same again.
    public var usesTruthAsBoxes: Bool
    /// Whether a sequence without pictures cannot be used.
    public var needsPictures: Bool
    /// Whether boxes are left out as the benchmark rules; without, every true box that counts is compared with every box
    /// of the result (TrackEval's DO_PREPROC).
    public var preprocesses: Bool
    /// Whether the class column of MOT results is not looked at.
    public var ignoresResultClasses: Bool

    /// Creates options; the defaults are what benchmarks' tables are made with.
    public init(
        profile: ScoringProfile = .trackeval, split: String? = nil, half: TrainHalf? = nil, detector: String? = nil,
        seqmap: String? = nil, sequences: [String]? = nil, usesTruthAsBoxes: Bool = false, needsPictures: Bool = false,
        preprocesses: Bool = true, ignoresResultClasses: Bool = false
    ) {
        self.profile = profile
        self.split = split
        self.half = half
        self.detector = detector
        self.seqmap = seqmap
        self.sequences = sequences
        self.usesTruthAsBoxes = usesTruthAsBoxes
        self.needsPictures = needsPictures
        self.preprocesses = preprocesses
        self.ignoresResultClasses = ignoresResultClasses
    }
}

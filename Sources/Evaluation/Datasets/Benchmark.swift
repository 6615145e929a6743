/// The benchmarks whose folders and rules are known.
public enum Benchmark: String, CaseIterable, Sendable {
    /// MOTChallenge 2015, 2016, 2017, 2020.
    case mot15, mot16, mot17, mot20
    /// DanceTrack.
    case dancetrack
    /// BDD100K multiple object tracking 2020.
    case bdd100k
    /// KITTI tracking, 2D boxes.
    case kitti
    /// Any folder of videos with boxes; MOT15's rules.
    case folder

    /// The name that its owners write.
    public var title: String {
        switch self {
        case .mot15: "MOT15"
        case .mot16: "MOT16"
        case .mot17: "MOT17"
        case .mot20: "MOT20"
        case .dancetrack: "DanceTrack"
        case .bdd100k: "BDD100K"
        case .kitti: "KITTI tracking"
        case .folder: "plain folder"
        }
    }
}

/// Whose rules and formulas give the figures.
public enum ScoringProfile: String, CaseIterable, Sendable {
    /// TrackEval's: HOTA, CLEAR, Identity, VACE, Count.
    case trackeval
    /// Those of the BDD100K server: scalabel over py-motmetrics.
    case scalabel
}

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

    /// What its folder is called in messages.
    var folderTitle: String { self == .folder ? "a folder of videos with boxes" : "the \(title) folder" }

    /// What TrackEval calls the folder of a part, of the ground truth and of trackers alike; empty where it has none.
    ///
    /// Sources: TrackEval 1.3.0 datasets/{kitti_2d_box,bdd100k}.py lines 22–23, mot_challenge_2d_box.py lines 18–75.
    func kitFolders(split: String?) -> [String] {
        switch self {
        case .mot15, .mot16, .mot17, .mot20, .dancetrack:
            MOTPlace.names(of: self).map { "\($0)-\(split ?? (self == .dancetrack ? "val" : "train"))" }
        case .kitti: [split == "test" || split == "testing" ? "kitti_2d_box_test" : "kitti_2d_box_train"]
        case .bdd100k: ["bdd100k_\(split ?? "val")"]
        case .folder: []
        }
    }

    /// What TrackEval calls the folder above those; empty where it has none.
    var kitParent: String {
        switch self {
        case .mot15, .mot16, .mot17, .mot20, .dancetrack: "mot_challenge"
        case .kitti: "kitti"
        case .bdd100k: "bdd100k"
        case .folder: ""
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

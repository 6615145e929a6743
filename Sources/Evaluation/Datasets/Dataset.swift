/// A benchmark's folder, looked through: which sequences it has and what belongs to each.
public struct Dataset: Sendable {
    /// Whose rules apply.
    public var benchmark: Benchmark
    /// The folder as it was named.
    public var root: String
    /// The part that was taken, as in `train`; nil where the folder has no parts.
    public var split: String?
    /// The sequences that can be used, by name.
    public var sequences: [DatasetSequence]
    /// The sequences that cannot, by name, each with a sentence why.
    public var skipped: [SkippedSequence]
    /// What has to be said about the folder, sentences.
    public var notes: [String]
    /// What was asked for, which labels are read and prepared by.
    public var options = DatasetOptions()
    /// What is known of label files that hold several sequences.
    let library = LabelLibrary()

    /// Creates a data set from its parts.
    public init(
        benchmark: Benchmark, root: String, split: String? = nil, sequences: [DatasetSequence] = [],
        skipped: [SkippedSequence] = [], notes: [String] = []
    ) {
        self.benchmark = benchmark
        self.root = root
        self.split = split
        self.sequences = sequences
        self.skipped = skipped
        self.notes = notes
    }
}

/// A sequence that a folder names and that cannot be evaluated.
public struct SkippedSequence: Equatable, Sendable {
    /// The sequence's name.
    public var name: String
    /// Why, a sentence without the name.
    public var reason: String
    /// Whether something is wrong with it, where otherwise something is only not there.
    public var isDamaged: Bool

    /// Creates an entry.
    public init(name: String, reason: String, isDamaged: Bool = false) {
        self.name = name
        self.reason = reason
        self.isDamaged = isDamaged
    }
}

/// One sequence of a data set: where its parts are, and which frames count.
public struct DatasetSequence: Equatable, Sendable {
    /// Its name in the benchmark.
    public var name: String
    /// A folder of pictures or a video; nil where none was found.
    public var pictures: String?
    /// The file with the ground truth; nil where none was found.
    public var truth: String?
    /// Public detections; nil where there are none.
    public var detections: String?
    /// How many frames the benchmark counts (seqLength, the evaluation map); nil: as many as the labels have.
    public var length: Int?
    /// The frames that are scored, by their numbers in the files, where it is not all; they are renumbered from 1.
    public var frames: ClosedRange<Int>?
    /// Frames a second, where the folder says so.
    public var frameRate: Double?
    /// Width of a frame in pixels, where the folder says so.
    public var width: Int?
    /// Height of a frame in pixels, where the folder says so.
    public var height: Int?

    /// Creates a sequence from its parts.
    public init(
        name: String, pictures: String? = nil, truth: String? = nil, detections: String? = nil, length: Int? = nil,
        frames: ClosedRange<Int>? = nil, frameRate: Double? = nil, width: Int? = nil, height: Int? = nil
    ) {
        self.name = name
        self.pictures = pictures
        self.truth = truth
        self.detections = detections
        self.length = length
        self.frames = frames
        self.frameRate = frameRate
        self.width = width
        self.height = height
    }
}

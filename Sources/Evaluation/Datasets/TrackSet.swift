public import Geometry

/// A true box with what its labels say of it.
public struct TruthBox: Equatable, Sendable {
    /// The rectangle in pixels, as in the file (no −1, no +1); for corners, the differences.
    public var box: Box
    /// The object's number; labels that are texts are numbered in the order in which they are met.
    public var identity: Int64
    /// The class's number in the benchmark (`ClassList`).
    public var classID: Int
    /// Whether the benchmark counts it: confidence ≠ 0 in MOT files.
    public var isConsidered = true
    /// A region in which results are not judged: crowd, ignored, DontCare.
    public var isRegion = false
    /// Whether the label is a region only for being marked `ignored`, which the profile `scalabel` alone looks at.
    public var isMarkedIgnored = false
    /// Share of the object that can be seen, 0 to 1; nil where the labels do not say.
    public var visibility: Double?
    /// Whether something hides a part of it, nil where the labels do not say; KITTI: occlusion ≥ 1.
    public var isOccluded: Bool?
    /// Whether the picture's border cuts it, nil where the labels do not say; KITTI: truncation ≥ 1.
    public var isTruncated: Bool?
    /// KITTI's level of occlusion, 0 to 3; nil elsewhere.
    public var occlusion: Int8?
    /// KITTI's level of truncation, 0 to 2; nil elsewhere.
    public var truncation: Int8?

    /// Creates a box.
    public init(box: Box, identity: Int64, classID: Int) {
        self.box = box
        self.identity = identity
        self.classID = classID
    }
}

/// A tracker's box.
public struct ResultBox: Equatable, Sendable {
    /// The rectangle in pixels, as in the file.
    public var box: Box
    /// The track's number.
    public var identity: Int64
    /// The class's number in the benchmark.
    public var classID: Int
    /// The tracker's confidence; 1 where the file has none.
    public var confidence: Double
    /// Whether the file marks it as a crowd or `ignored`, for which the profile `scalabel` leaves it out.
    public var isMarkedIgnored = false

    /// Creates a box.
    public init(box: Box, identity: Int64, classID: Int, confidence: Double = 1) {
        self.box = box
        self.identity = identity
        self.classID = classID
        self.confidence = confidence
    }
}

/// The true boxes of a sequence, frame by frame.
public struct Truth: Equatable, Sendable {
    /// Boxes of frame 1, 2, …, in the order of the file; every frame that is scored.
    public var frames: [[TruthBox]]
    /// What labels say about the whole sequence, as in `timeofday: night`, `weather: rainy`.
    public var attributes: [String: String]
    /// The numbers of the frames in the labels, from 1, where they are not simply counted.
    public var numbers: [Int]?

    /// The number in the labels of a frame, given its place from 0.
    public func number(at index: Int) -> Int { numbers?[index] ?? index + 1 }

    /// Creates a ground truth.
    public init(frames: [[TruthBox]], attributes: [String: String] = [:]) {
        self.frames = frames
        self.attributes = attributes
    }
}

/// A tracker's boxes of a sequence, frame by frame.
public struct TrackResult: Equatable, Sendable {
    /// Boxes of frame 1, 2, …, in the order of the file; as many frames as the truth has.
    public var frames: [[ResultBox]]
    /// What has to be said about how the file was read, sentences.
    public var notes: [String]

    /// Creates a result.
    public init(frames: [[ResultBox]], notes: [String] = []) {
        self.frames = frames
        self.notes = notes
    }
}

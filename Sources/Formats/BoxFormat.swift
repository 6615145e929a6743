/// The text formats in which boxes come, by the names that the command line uses.
public enum BoxFormat: String, Hashable, Sendable, CaseIterable {
    /// MOTChallenge `gt.txt`: `frame,id,left,top,width,height,confidence (0 or 1),class,visibility`.
    case motGT = "mot-gt"
    /// MOTChallenge `det.txt` and result files: `frame,id or −1,left,top,width,height,confidence[,class…]`.
    case motDetections = "mot-det"
    /// One JSON object a line, as docs/formats.md defines it.
    case jsonLines = "jsonl"
    /// Scalabel's JSON, the format of BDD100K labels.
    case scalabel
}

/// How boxes are read.
public struct BoxOptions: Hashable, Sendable {
    /// The format; nil to decide from the content.
    public var format: BoxFormat?
    /// The classes to keep; nil for class 1 of a ground truth and for every class of anything else.
    public var classes: Set<Int>?
    /// The least confidence to keep; nil for no limit.
    public var minimumConfidence: Double?
    /// The most boxes that a frame may keep; one more is an error.
    public var maximumBoxes: Int
    /// Frames a second, to turn `timestamp` of JSON Lines into frame numbers.
    public var frameRate: Double?
    /// Whether a box that cannot be used is an error instead of being dropped and counted.
    public var strict: Bool
    /// How long `next()` may wait for a complete frame of live input, seconds; nil for ever.
    public var timeoutSeconds: Double?
    /// The video to take out of a Scalabel file that holds several.
    public var videoName: String?

    /// Creates options; every default is the one that the command line has.
    public init(
        format: BoxFormat? = nil, classes: Set<Int>? = nil, minimumConfidence: Double? = nil, maximumBoxes: Int = 1000,
        frameRate: Double? = nil, strict: Bool = false, timeoutSeconds: Double? = nil, videoName: String? = nil
    ) {
        self.format = format
        self.classes = classes
        self.minimumConfidence = minimumConfidence
        self.maximumBoxes = maximumBoxes
        self.frameRate = frameRate
        self.strict = strict
        self.timeoutSeconds = timeoutSeconds
        self.videoName = videoName
    }
}

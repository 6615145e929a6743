import Features
import Geometry

/// What association and retrieval take of one frame's pixels.
struct FeatureFrame: Equatable, Sendable {
    var number: FrameIndex
    /// Size as displayed, pixels.
    var width: Int
    var height: Int
    /// One row a box, in the order of the boxes; nil without a model.
    var vectors: FeatureVectors?
    /// One row a box, where retrieval is measured.
    var histograms: FeatureVectors?
}

/// What is known of a sequence's pixels before its first frame.
struct FeatureOpening: Codable, Equatable, Sendable {
    /// Frames a second of what is evaluated.
    var frameRate: Double
    /// Frames a second of the source, where labels are of fewer frames than it has.
    var sourceRate: Double?
    /// Size of the first frame as displayed, pixels.
    var width: Int
    var height: Int
}

/// What is known of a sequence's pixels behind its last frame.
struct FeatureClosing: Codable, Equatable, Sendable {
    /// Frames that were decoded and taken.
    var frames = 0
    /// Pictures that the folder has; nil for videos.
    var pictures: Int?
    var decodeErrors = 0
    var irregularFrames = 0
    /// Boxes that no token sample reached.
    var boxesUnreached = 0
    /// Boxes on frames that the source does not have.
    var boxesWithoutFrame = 0
    /// What the decoder has to say, without the source's path.
    var notices: [String] = []
}

/// Frames with their features in order, computed now or earlier.
protocol FeatureSource: AnyObject {
    var opening: FeatureOpening { get }
    /// The next frame; nil at the end.
    func next() throws -> FeatureFrame?
    /// What is known at the end; called once, after the last frame.
    func close() throws -> FeatureClosing
    /// Stops early; nothing is kept.
    func cancel()
}

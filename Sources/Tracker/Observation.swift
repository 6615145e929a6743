public import Geometry

/// One box of a frame as the tracker sees it: where, how sure, and of which class; never whose.
public struct Observation: Equatable, Sendable {
    /// The box in pixels of the displayed frame.
    public var box: Box
    /// How sure the detector is, usually 0 to 1; ground truth has 1.
    public var confidence: Double
    /// The class; boxes of different classes share no track unless the configuration says so.
    public var classID: Int

    /// Creates an observation.
    public init(box: Box, confidence: Double = 1, classID: Int = 1) {
        self.box = box
        self.confidence = confidence
        self.classID = classID
    }
}

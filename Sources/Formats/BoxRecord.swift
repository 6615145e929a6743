public import Geometry

/// One box as its input has it.
public struct BoxRecord: Hashable, Sendable {
    /// The rectangle in pixels of the displayed frame, as written: no −1, no +1; finite, with an area above 0.
    public var box: Box
    /// The detector's score, or 1 where the input has none; any finite number, as some detectors go below 0 or above 1.
    public var confidence: Double
    /// The class number, 1 where the input has none.
    public var classID: Int
    /// The identity of the object, nil where the input has none (an id below 0).
    public var identity: Int64?
    /// The place of the box in its input: the line in MOT text, otherwise the ordinal of the box; from 1.
    public var row: Int

    /// Creates a record from its parts.
    public init(box: Box, confidence: Double, classID: Int, identity: Int64?, row: Int) {
        self.box = box
        self.confidence = confidence
        self.classID = classID
        self.identity = identity
        self.row = row
    }
}

/// The boxes of one frame, in the order of the input.
public struct FrameBoxes: Hashable, Sendable {
    /// The frame's number, from 1.
    public var frame: FrameIndex
    /// Its boxes; empty where the input names the frame and has no box that was kept.
    public var boxes: [BoxRecord]

    /// Creates the boxes of a frame.
    public init(frame: FrameIndex, boxes: [BoxRecord]) {
        self.frame = frame
        self.boxes = boxes
    }
}

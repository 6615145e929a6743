public import Geometry

/// One row of output: a box and the track that it belongs to.
public struct TrackRow: Hashable, Sendable {
    /// The frame's number.
    public var frame: FrameIndex
    /// The track's id, from 1.
    public var track: Int
    /// The box as its input had it.
    public var record: BoxRecord
    /// How like the track's features the box was; nil without features and for the first box of a track.
    public var similarity: Double?
    /// The state of the track in words (`born`, `tracked`, …).
    public var state: String

    /// Creates a row.
    public init(frame: FrameIndex, track: Int, record: BoxRecord, similarity: Double?, state: String) {
        self.frame = frame
        self.track = track
        self.record = record
        self.similarity = similarity
        self.state = state
    }
}

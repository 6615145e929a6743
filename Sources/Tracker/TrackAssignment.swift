/// What happened to a track when a box was given to it.
public enum TrackState: String, Sendable {
    /// The box started the track.
    case born
    /// The track had a box in the frame before.
    case tracked
    /// The track had been without a box and was found again.
    case recovered
    /// The track is not confirmed yet; reported only if the configuration asks for it.
    case tentative
}

/// One box of a frame and the track it belongs to.
public struct TrackAssignment: Equatable, Sendable {
    /// Index of the box among the observations that were passed in.
    public var observation: Int
    /// The track's id: from 1, without gaps, in order of birth.
    public var track: Int
    /// Cosine similarity of the box's vector to the track's memory; nil without vectors and at birth.
    public var similarity: Double?
    /// What happened to the track.
    public var state: TrackState

    /// Creates an assignment.
    public init(observation: Int, track: Int, similarity: Double? = nil, state: TrackState) {
        self.observation = observation
        self.track = track
        self.similarity = similarity
        self.state = state
    }
}

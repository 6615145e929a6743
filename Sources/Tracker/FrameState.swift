import Geometry

/// What is known of the frame at hand while it goes through the stages.
struct FrameState: Sendable {
    /// Indices of the caller's observations, in the order of `LeakGuard`.
    var order: [Int] = []
    /// The boxes in that order, made safe to compute with.
    var boxes: [Observation] = []
    /// The track that each box was given, −1 for none yet, −2 for a box that takes no part.
    var trackOfBox: [Int] = []
    /// The box that each track was given, −1 for none yet.
    var boxOfTrack: [Int] = []
    /// What happened to each track.
    var stateOfTrack: [TrackState] = []
    /// Boxes whose tracks are about to be given ids.
    var unnamed: [Int] = []
    /// Similarity of each box's vector to its track's memory.
    var similarity: [Double] = []

    /// Boxes and tracks that take part in the current stage, their shapes, and the pairs among them.
    var openBoxes: [Int] = []
    var openTracks: [Int] = []
    var boxShapes: [BoxShape] = []
    var trackShapes: [BoxShape] = []
    var candidates: [Candidate] = []

    /// Coordinates beyond this are cut off for computing, so that no product of two overflows.
    private static let reach = 1e9

    mutating func begin(_ observations: [Observation], minimumConfidence: Double) {
        order = LeakGuard.order(observations)
        boxes.removeAll(keepingCapacity: true)
        trackOfBox.removeAll(keepingCapacity: true)
        similarity.removeAll(keepingCapacity: true)
        for index in order {
            var observation = observations[index]
            let isUsable = observation.box.isWellFormed
            observation.box = isUsable ? Self.bounded(observation.box) : Box(x: 0, y: 0, width: 0, height: 0)
            if observation.confidence.isNaN { observation.confidence = 0 }
            boxes.append(observation)
            trackOfBox.append(isUsable && observation.confidence >= minimumConfidence ? -1 : -2)
            similarity.append(.nan)
        }
    }

    mutating func startTracks(count: Int) {
        boxOfTrack.removeAll(keepingCapacity: true)
        boxOfTrack.append(contentsOf: repeatElement(-1, count: count))
    }

    private static func bounded(_ box: Box) -> Box {
        Box(
            x: min(max(box.x, -reach), reach), y: min(max(box.y, -reach), reach),
            width: min(box.width, reach), height: min(box.height, reach))
    }
}

import Geometry

/// What is known of the frame at hand while it goes through the stages; its buffers are kept from frame to frame.
struct FrameState: Sendable {
    /// Indices of the caller's observations, in the order of `LeakGuard`.
    private(set) var order: [Int] = []
    /// The boxes in that order, made safe to compute with.
    private(set) var boxes: [Observation] = []
    /// The track that each box was given, −1 for none yet, −2 for a box that takes no part.
    var trackOfBox: [Int] = []
    /// The box that each track was given, −1 for none yet.
    var boxOfTrack: [Int] = []
    /// What happened to each track.
    var stateOfTrack: [TrackState] = []
    /// Similarity of each box's vector to its track's memory; NaN without any.
    var similarity: [Double] = []
    /// Boxes whose tracks are about to be given ids.
    var unnamed: [Int] = []

    /// Boxes and tracks that take part in the current stage, their shapes, and the pairs among them.
    var openBoxes: [Int] = []
    var openTracks: [Int] = []
    var boxShapes: [BoxShape] = []
    var trackShapes: [BoxShape] = []
    var candidates: [Candidate] = []

    /// Coordinates beyond this are cut off for computing, so that no product of them overflows.
    private static let reach = 1e9

    /// Takes in the boxes of a frame, for a tracker that has `tracks` tracks.
    mutating func begin(_ observations: [Observation], tracks: Int, minimumConfidence: Double) {
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
        boxOfTrack.removeAll(keepingCapacity: true)
        boxOfTrack.append(contentsOf: repeatElement(-1, count: tracks))
        stateOfTrack.removeAll(keepingCapacity: true)
        stateOfTrack.append(contentsOf: repeatElement(.tracked, count: tracks))
        candidates.removeAll(keepingCapacity: true)
    }

    private static func bounded(_ box: Box) -> Box {
        Box(
            x: min(max(box.x, -reach), reach), y: min(max(box.y, -reach), reach),
            width: min(box.width, reach), height: min(box.height, reach))
    }

    /// Opens the boxes that have no track yet and are at least this confident, and works out their shapes.
    mutating func openBoxes(minimumConfidence: Double, buffer: Double) {
        openBoxes.removeAll(keepingCapacity: true)
        boxShapes.removeAll(keepingCapacity: true)
        for box in boxes.indices where trackOfBox[box] == -1 && boxes[box].confidence >= minimumConfidence {
            openBoxes.append(box)
            boxShapes.append(BoxShape(boxes[box].box, buffer: buffer))
        }
    }

    /// Opens the tracks that have no box yet and fulfil a condition, and works out the shapes they are expected to have.
    mutating func openTracks(_ tracks: [Track], buffer: Double, where isOpen: (Track) -> Bool) {
        openTracks.removeAll(keepingCapacity: true)
        trackShapes.removeAll(keepingCapacity: true)
        for index in tracks.indices where boxOfTrack[index] == -1 && isOpen(tracks[index]) {
            openTracks.append(index)
            trackShapes.append(BoxShape(tracks[index].motion.box, buffer: buffer))
        }
    }

    /// Keeps the candidates that are cheaper, by `margin`, than any other of the same track or the same box.
    ///
    /// - Complexity: O(candidates + open tracks + open boxes).
    mutating func keepClearCandidates(margin: Double) {
        guard !candidates.isEmpty else { return }
        var ofTrack = [LowestCosts](repeating: LowestCosts(), count: openTracks.count)
        var ofBox = [LowestCosts](repeating: LowestCosts(), count: openBoxes.count)
        for candidate in candidates {
            ofTrack[candidate.track].insert(candidate.cost)
            ofBox[candidate.box].insert(candidate.cost)
        }
        candidates.removeAll { candidate in
            !ofTrack[candidate.track].isClear(candidate.cost, margin: margin)
                || !ofBox[candidate.box].isClear(candidate.cost, margin: margin)
        }
    }

    /// The two lowest of some costs.
    private struct LowestCosts {
        private var first = Double.infinity
        private var second = Double.infinity

        mutating func insert(_ cost: Double) {
            if cost < first {
                (first, second) = (cost, first)
            } else {
                second = min(second, cost)
            }
        }

        /// Whether every other cost is at least `margin` higher than this one.
        func isClear(_ cost: Double, margin: Double) -> Bool { cost <= first && second >= cost + margin }
    }
}

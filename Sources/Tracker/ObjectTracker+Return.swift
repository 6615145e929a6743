import Geometry

/// Objects that left the frame over a border and may be coming back over it.
///
/// What is first seen of such an object is a sliver: too little to be found again by, and enough to start a new track.
/// A lost track whose centre has left the frame is past finding by motion, so by the same measure a box whose centre is
/// still outside waits, unreported, until more of it is there to compare. Boxes of detectors end at the border and never
/// wait; boxes that span the whole object (amodal ones, as most ground truth has) may.
extension ObjectTracker {
    /// The sides of the frame.
    enum Border: Int, CaseIterable { case left, right, top, bottom }

    /// The border that a point is beyond; nil inside the frame, or where its size is not known.
    func border(beyondX x: Double, y: Double) -> Border? {
        guard let frameSize else { return nil }
        if x < 0 { return .left }
        if x > frameSize.width { return .right }
        if y < 0 { return .top }
        return y > frameSize.height ? .bottom : nil
    }

    /// Whether a box that belongs to no track does not start one yet: its centre is beyond a border over which a track
    /// has left that it may belong to, and boxes have not waited there too long already.
    mutating func waits(box: Int) -> Bool {
        guard configuration.returnWaitSeconds > 0, memory.isReady, memory.hasVector(box: box) else { return false }
        let observation = frame.boxes[box]
        let shape = observation.box
        guard let border = border(beyondX: shape.x + shape.width / 2, y: shape.y + shape.height / 2),
            borderWaits.seconds(at: border) < configuration.returnWaitSeconds
        else { return false }
        let isAwaited = tracks.indices.contains { index in
            let track = tracks[index]
            return track.isGone && track.memory >= 0 && frame.boxOfTrack[index] < 0 && mayShare(track, observation)
                && self.border(beyondX: track.motion.centreX, y: track.motion.centreY) == border
        }
        if isAwaited { borderWaits.note(border) }
        return isAwaited
    }
}

/// For how long boxes have waited at each border, frame after frame.
///
/// The time is the border's and not a lost track's, so that no box waits longer because further tracks leave there.
struct BorderWaits: Sendable {
    private var seconds = [Double](repeating: 0, count: ObjectTracker.Border.allCases.count)
    private var isWaitedAt = [Bool](repeating: false, count: ObjectTracker.Border.allCases.count)

    /// Seconds since the first of the frames, one after the other up to the last one, in which boxes waited at a border.
    func seconds(at border: ObjectTracker.Border) -> Double { seconds[border.rawValue] }

    /// A box waits at a border in this frame.
    mutating func note(_ border: ObjectTracker.Border) { isWaitedAt[border.rawValue] = true }

    /// The next frame is `step` seconds later.
    mutating func advance(step: Double) {
        for index in seconds.indices {
            seconds[index] = isWaitedAt[index] ? seconds[index] + step : 0
            isWaitedAt[index] = false
        }
    }
}

import Geometry

/// Objects that left the frame over a border and may be coming back over it.
///
/// What is first seen of such an object is a sliver: too little to be found again by, and enough to start a new track.
/// A lost track whose centre has left the frame is past finding by motion, so by the same measure a box whose centre is
/// still outside waits, unreported, until more of it is there to compare. Boxes of detectors end at the border and never
/// wait; boxes that span the whole object (amodal ones, as most ground truth has) may.
extension ObjectTracker {
    /// The sides of the frame.
    enum Border { case left, right, top, bottom }

    /// The border that a point is beyond; nil inside the frame, or where its size is not known.
    func border(beyondX x: Double, y: Double) -> Border? {
        guard let frameSize else { return nil }
        if x < 0 { return .left }
        if x > frameSize.width { return .right }
        if y < 0 { return .top }
        return y > frameSize.height ? .bottom : nil
    }

    /// Whether a box that belongs to no track does not start one yet: its centre is beyond the border over which a track
    /// has left that it may belong to, and boxes have not waited for that track too long already.
    mutating func waits(box: Int) -> Bool {
        guard configuration.returnWaitSeconds > 0, memory.isReady, memory.hasVector(box: box) else { return false }
        let observation = frame.boxes[box]
        let shape = observation.box
        guard let border = border(beyondX: shape.x + shape.width / 2, y: shape.y + shape.height / 2) else {
            return false
        }
        var waits = false
        for index in tracks.indices
        where tracks[index].isGone && tracks[index].memory >= 0 && frame.boxOfTrack[index] < 0
            && tracks[index].awaitedSeconds < configuration.returnWaitSeconds && mayShare(tracks[index], observation)
        {
            let motion = tracks[index].motion
            guard self.border(beyondX: motion.centreX, y: motion.centreY) == border else { continue }
            tracks[index].isAwaited = true
            waits = true
        }
        return waits
    }
}

import Geometry

extension ObjectTracker {
    /// Predicts every track to `seconds` and drops those that have been lost for too long.
    mutating func advance(to seconds: Double) {
        var step = 0.0
        if seconds.isFinite {
            if let last = lastSeconds, seconds > last { step = min(seconds - last, Self.longestStep) }
            lastSeconds = seconds
        }
        guard step > 0 else { return }
        borderWaits.advance(step: step)
        for index in tracks.indices {
            tracks[index].unseenSeconds += step
            // A hole in the frames is time without a box, whether or not empty frames stand for it.
            let limit = tracks[index].isConfirmed ? configuration.lostSeconds : configuration.tentativeLostSeconds
            if step > limit { tracks[index].wasSeen = false }
            if !tracks[index].wasSeen {
                tracks[index].motion.damp(max(0, 1 - step / configuration.velocityFadeSeconds))
            }
            tracks[index].motion.predict(step: step, centreNoise: centreNoise, sizeNoise: sizeNoise)
        }
        removeLostTracks()
    }

    private mutating func removeLostTracks() {
        var lost = 0
        for index in tracks.indices where !tracks[index].wasSeen {
            let limit =
                tracks[index].isConfirmed ? configuration.lostSeconds : configuration.tentativeLostSeconds
            let motion = tracks[index].motion
            let hasLeft = border(beyondX: motion.centreX, y: motion.centreY) != nil
            if tracks[index].unseenSeconds > limit || hasLeft { tracks[index].isGone = true }
            lost += 1
        }
        // The longest lost go first where there are too many; equals go by age.
        var excess = lost - Int(configuration.maximumLost)
        var threshold = Double.infinity
        if excess > 0 {
            let ages = tracks.filter { !$0.wasSeen }.map(\.unseenSeconds).sorted(by: >)
            threshold = ages[excess - 1]
        }
        var kept = 0
        for index in tracks.indices {
            var isOver = isOver(tracks[index])
            if !isOver, excess > 0, !tracks[index].wasSeen, tracks[index].unseenSeconds >= threshold { isOver = true }
            if isOver, !tracks[index].wasSeen { excess -= 1 }
            if isOver {
                memory.release(tracks[index].memory)
            } else {
                if kept != index { tracks[kept] = tracks[index] }
                kept += 1
            }
        }
        tracks.removeLast(tracks.count - kept)
    }

    /// Whether nothing can find a track any more.
    private func isOver(_ track: Track) -> Bool {
        guard track.isGone else { return false }
        return track.memory < 0 || !track.isConfirmed || track.unseenSeconds > configuration.appearanceLostSeconds
    }

    /// Updates the tracks that got a box, starts new ones, and lists what is to be reported.
    mutating func finish() -> [TrackAssignment] {
        updateTracks()
        startTracks()
        giveIDs()

        var assignments: [TrackAssignment] = []
        assignments.reserveCapacity(frame.boxes.count)
        for (box, row) in frame.order.enumerated() {
            let index = frame.trackOfBox[box]
            guard index >= 0, tracks[index].id > 0 else { continue }
            let similarity = frame.similarity[box]
            assignments.append(
                TrackAssignment(
                    observation: row, track: tracks[index].id, similarity: similarity.isNaN ? nil : similarity,
                    state: frame.stateOfTrack[index]))
        }
        assignments.sort { $0.observation < $1.observation }
        for index in tracks.indices { tracks[index].wasSeen = frame.boxOfTrack[index] >= 0 }
        return assignments
    }

    private mutating func updateTracks() {
        for index in tracks.indices {
            let box = frame.boxOfTrack[index]
            guard box >= 0 else { continue }
            remember(track: index, box: box)
            frame.stateOfTrack[index] = tracks[index].wasSeen ? .tracked : .recovered
            tracks[index].boxes += 1
            if tracks[index].boxes >= Int(configuration.confirmationBoxes) { tracks[index].isConfirmed = true }
            if tracks[index].isGone {
                // Where it was expected says nothing any more.
                tracks[index].motion = KalmanFilter(
                    box: frame.boxes[box].box, centreNoise: centreNoise, sizeNoise: sizeNoise)
                tracks[index].isGone = false
            } else {
                tracks[index].motion.update(box: frame.boxes[box].box, centreNoise: centreNoise, sizeNoise: sizeNoise)
            }
            tracks[index].unseenSeconds = 0
        }
    }

    /// Takes a box's vector into the memory of its track and notes how alike they are.
    private mutating func remember(track index: Int, box: Int) {
        let slot = tracks[index].memory
        if slot >= 0, memory.hasFrame {
            let cosine = memory.cosine(slot: slot, box: box)
            frame.similarity[box] = cosine
            if tracks[index].wasSeen, memory.hasVector(box: box) { memory.learnSame(cosine: cosine) }
        }
        // A plain mean at first, then an average over the configured time.
        let elapsed = tracks[index].unseenSeconds
        let share = max(1 / Double(tracks[index].boxes + 1), elapsed / (elapsed + configuration.memorySeconds))
        tracks[index].memory = memory.remember(slot: slot, box: box, share: share)
    }

    /// Starts a track at every box that is confident enough and belongs to none.
    private mutating func startTracks() {
        let velocity = configuration.cameraMotion ? commonVelocity() : nil
        for box in frame.boxes.indices where frame.trackOfBox[box] == -1 {
            let observation = frame.boxes[box]
            guard observation.confidence >= configuration.birthConfidence, !waits(box: box) else { continue }
            var motion = KalmanFilter(box: observation.box, centreNoise: centreNoise, sizeNoise: sizeNoise)
            if let velocity { motion.assume(velocityX: velocity.x, velocityY: velocity.y) }
            var track = Track(
                classID: observation.classID, motion: motion,
                isConfirmed: observation.confidence >= configuration.instantConfidence
                    || configuration.confirmationBoxes <= 1)
            track.memory = memory.remember(slot: -1, box: box, share: 1)
            frame.trackOfBox[box] = tracks.count
            frame.boxOfTrack.append(box)
            frame.stateOfTrack.append(.born)
            tracks.append(track)
        }
    }

    /// The velocity that the tracks of this frame have in common: that of what a panning camera brings into view.
    private mutating func commonVelocity() -> (x: Double, y: Double)? {
        cameraMotion.removeAll()
        // Two boxes are too few to know a velocity.
        for index in tracks.indices where frame.boxOfTrack[index] >= 0 && tracks[index].boxes > 2 {
            let motion = tracks[index].motion
            cameraMotion.append(x: motion.velocityX, y: motion.velocityY, scale: motion.scale)
        }
        return cameraMotion.common(
            minimum: Int(configuration.cameraMinimumPairs), agreement: configuration.birthAgreement,
            certainty: configuration.cameraCertainty)
    }

    /// Gives ids to the tracks that are reported for the first time: by x, then y of their boxes.
    private mutating func giveIDs() {
        frame.unnamed.removeAll(keepingCapacity: true)
        for box in frame.boxes.indices {
            let index = frame.trackOfBox[box]
            guard index >= 0 else { continue }
            let isConfirmed = tracks[index].isConfirmed
            guard isConfirmed || configuration.reportTentative else { continue }
            if tracks[index].id == 0 {
                frame.unnamed.append(box)
                frame.stateOfTrack[index] = .born
            }
            if !isConfirmed { frame.stateOfTrack[index] = .tentative }
        }
        guard !frame.unnamed.isEmpty else { return }
        let boxes = frame.boxes
        frame.unnamed.sort { LeakGuard.precedes(boxes[$0], boxes[$1], $0, $1) }
        for box in frame.unnamed {
            tracks[frame.trackOfBox[box]].id = nextID
            nextID += 1
        }
    }
}

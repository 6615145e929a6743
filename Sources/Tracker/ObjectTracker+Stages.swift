import Geometry

extension ObjectTracker {
    /// Finds the boxes' common displacement from an assignment by motion alone, and moves every track by it.
    mutating func compensateCamera() {
        open(boxesAbove: configuration.highConfidence) { $0.wasSeen }
        collectCandidates(limit: configuration.matchLimit, withAppearance: false)
        matcher.match(
            frame.candidates, tracks: frame.openTracks.count, boxes: frame.openBoxes.count,
            limit: configuration.matchLimit)
        cameraMotion.removeAll()
        for (position, box) in matcher.boxOfTrack.enumerated() where box >= 0 {
            let (expected, observed) = (frame.trackShapes[position], frame.boxShapes[box])
            cameraMotion.append(
                x: observed.centreX - expected.centreX, y: observed.centreY - expected.centreY, scale: observed.scale)
        }
        let common = cameraMotion.common(
            minimum: Int(configuration.cameraMinimumPairs), agreement: configuration.cameraAgreement,
            certainty: configuration.cameraCertainty)
        guard let common else { return }
        for index in tracks.indices { tracks[index].motion.shift(x: common.x, y: common.y) }
    }

    /// First stage: confident boxes to all tracks that can be found by motion, by motion and appearance.
    mutating func matchConfident() {
        open(boxesAbove: configuration.highConfidence) { !$0.isGone }
        match(limit: configuration.matchLimit, withAppearance: memory.isReady)
    }

    /// Second stage: less confident boxes to tracks that were seen in the frame before, by motion.
    ///
    /// Source: Y. Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection Box", ECCV 2022.
    mutating func matchLessConfident() {
        open(boxesAbove: 0) { $0.wasSeen }
        match(limit: configuration.lowMatchLimit, withAppearance: false)
    }

    /// Third stage: lost tracks to what is left, by appearance alone, wherever it is in the frame.
    mutating func matchByAppearance() {
        guard memory.isReady else { return }
        open(boxesAbove: configuration.highConfidence) { !$0.wasSeen && $0.memory >= 0 }
        frame.candidates.removeAll(keepingCapacity: true)
        // Costs are kept positive; a cost of 0 is the best score there is.
        let best = AppearanceMemory.scoreRange.upperBound
        let limit = best - configuration.reentryScore
        for (place, box) in frame.openBoxes.enumerated() {
            var rival: Double?
            for (position, index) in frame.openTracks.enumerated() {
                guard mayShare(tracks[index], frame.boxes[box]), let score = score(track: index, box: box),
                    best - score < limit
                else { continue }
                let highest = rival ?? highestScoreOfOthers(box: box)
                rival = highest
                if score >= highest + configuration.reentryMargin {
                    frame.candidates.append(Candidate(track: position, box: place, cost: best - score))
                }
            }
        }
        frame.keepClearCandidates(margin: configuration.reentryMargin)
        assign(limit: limit)
    }

    /// How much a box looks like that track, of those that have been given another box of the frame, that it looks like
    /// most: as much as different objects here may look alike.
    private func highestScoreOfOthers(box: Int) -> Double {
        var highest = AppearanceMemory.scoreRange.lowerBound
        for index in tracks.indices where frame.boxOfTrack[index] >= 0 && mayShare(tracks[index], frame.boxes[box]) {
            if let score = score(track: index, box: box) { highest = max(highest, score) }
        }
        return highest
    }

    private mutating func open(boxesAbove confidence: Double, tracksWhere isOpen: (Track) -> Bool) {
        frame.openBoxes(minimumConfidence: confidence, buffer: configuration.overlapBuffer)
        frame.openTracks(tracks, buffer: configuration.overlapBuffer, where: isOpen)
    }

    private mutating func match(limit: Double, withAppearance: Bool) {
        collectCandidates(limit: limit, withAppearance: withAppearance)
        assign(limit: limit)
    }

    /// Lists the pairs of open tracks and boxes that cost less than `limit`.
    private mutating func collectCandidates(limit: Double, withAppearance: Bool) {
        frame.candidates.removeAll(keepingCapacity: true)
        let motionLimit = withAppearance ? limit + cost.largestRebate : limit
        for (position, index) in frame.openTracks.enumerated() {
            let shape = frame.trackShapes[position]
            // The longer a track has been lost, the better the box must fit.
            let penalty = configuration.lostWeight * tracks[index].unseenSeconds
            for (place, box) in frame.openBoxes.enumerated() {
                guard let motion = cost.motion(track: shape, box: frame.boxShapes[place], limit: motionLimit),
                    mayShare(tracks[index], frame.boxes[box])
                else { continue }
                var total = motion + penalty
                if withAppearance, let score = score(track: index, box: box) { total += cost.appearance(score: score) }
                if total < limit { frame.candidates.append(Candidate(track: position, box: place, cost: total)) }
            }
        }
    }

    /// Assigns the open boxes to the open tracks.
    private mutating func assign(limit: Double) {
        matcher.match(
            frame.candidates, tracks: frame.openTracks.count, boxes: frame.openBoxes.count, limit: limit)
        for (position, place) in matcher.boxOfTrack.enumerated() where place >= 0 {
            let (index, box) = (frame.openTracks[position], frame.openBoxes[place])
            frame.boxOfTrack[index] = box
            frame.trackOfBox[box] = index
        }
    }

    func mayShare(_ track: Track, _ box: Observation) -> Bool {
        !configuration.perClass || track.classID == box.classID
    }

    /// How much a box looks like a track; nil where either has no vector.
    private func score(track index: Int, box: Int) -> Double? {
        let slot = tracks[index].memory
        guard slot >= 0, memory.hasVector(box: box) else { return nil }
        return memory.score(
            cosine: memory.cosine(slot: slot, box: box))
    }
}

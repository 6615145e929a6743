import Geometry

extension ObjectTracker {
    /// Finds the boxes' common displacement from an assignment by motion alone and moves every track with it.
    mutating func compensateCamera() {
        openAll(minimumConfidence: configuration.highConfidence) { $0.wasSeen }
        shapeTracks(buffer: configuration.overlapBuffer) { $0.motion.box }
        frame.shapeBoxes(buffer: configuration.overlapBuffer)
        frame.candidates.removeAll(keepingCapacity: true)
        collectCandidates(limit: configuration.matchLimit, withAppearance: false)
        matcher.match(
            frame.candidates, tracks: frame.openTracks.count, boxes: frame.openBoxes.count,
            limit: configuration.matchLimit)
        cameraMotion.removeAll()
        for (position, box) in matcher.boxOfTrack.enumerated() where box >= 0 {
            let (predicted, observed) = (frame.trackShapes[position], frame.boxShapes[box])
            cameraMotion.append(
                x: observed.centreX - predicted.centreX, y: observed.centreY - predicted.centreY,
                scale: observed.scale)
        }
        guard
            let shift = cameraMotion.common(
                minimumPairs: Int(configuration.cameraMinimumPairs), agreement: configuration.cameraAgreement)
        else { return }
        for index in tracks.indices {
            tracks[index].motion.shift(x: shift.x, y: shift.y)
            tracks[index].lastBox.x += shift.x
            tracks[index].lastBox.y += shift.y
        }
    }

    /// First stage: confident boxes to all tracks, by motion and appearance.
    mutating func matchConfident() {
        openAll(minimumConfidence: configuration.highConfidence) { _ in true }
        shapeTracks(buffer: configuration.overlapBuffer) { $0.motion.box }
        frame.shapeBoxes(buffer: configuration.overlapBuffer)
        run(limit: configuration.matchLimit, withAppearance: true)
    }

    /// Second stage: less confident boxes to tracks that were seen in the frame before, by motion.
    mutating func matchLessConfident() {
        openRest(boxesAbove: 0) { $0.wasSeen }
        shapeTracks(buffer: configuration.overlapBuffer) { $0.motion.box }
        frame.shapeBoxes(buffer: configuration.overlapBuffer)
        run(limit: configuration.lowMatchLimit, withAppearance: false)
    }

    /// Third stage: what is left, by overlap with the last observed box.
    ///
    /// Source: J. Cao et al., "Observation-Centric SORT", CVPR 2023 (observation-centric recovery).
    mutating func matchLastObserved() {
        openRest(boxesAbove: configuration.highConfidence) { _ in true }
        shapeTracks(buffer: configuration.recoveryBuffer) { $0.lastBox }
        frame.shapeBoxes(buffer: configuration.recoveryBuffer)
        run(limit: configuration.recoveryLimit, withAppearance: false)
    }

    /// Fourth stage: lost tracks to what is left, by appearance alone.
    mutating func matchByAppearance() {
        guard memory.isReady else { return }
        openRest(boxesAbove: configuration.highConfidence) { !$0.wasSeen && $0.memory >= 0 }
        guard !frame.openBoxes.isEmpty, !frame.openTracks.isEmpty else { return }
        frame.candidates.removeAll(keepingCapacity: true)
        let limit = 2 - configuration.reentryScore
        for (position, index) in frame.openTracks.enumerated() {
            for (place, box) in frame.openBoxes.enumerated() where memory.hasVector(box: box) {
                guard mayShare(tracks[index], frame.boxes[box]) else { continue }
                let cosine = memory.cosine(
                    slot: tracks[index].memory, box: box, lastShare: configuration.lastVectorShare)
                let cost = 2 - memory.score(cosine: cosine)
                if cost < limit { frame.candidates.append(Candidate(track: position, box: place, cost: cost)) }
            }
        }
        frame.keepClearCandidates(margin: configuration.reentryMargin)
        assign(limit: limit)
    }

    private func mayShare(_ track: Track, _ box: Observation) -> Bool {
        !configuration.perClass || track.classID == box.classID
    }

    private mutating func openAll(minimumConfidence: Double, where isOpen: (Track) -> Bool) {
        openRest(boxesAbove: minimumConfidence, where: isOpen)
    }

    /// Opens the boxes and tracks that have no partner yet.
    private mutating func openRest(boxesAbove confidence: Double, where isOpen: (Track) -> Bool) {
        frame.openBoxes.removeAll(keepingCapacity: true)
        frame.openTracks.removeAll(keepingCapacity: true)
        for box in frame.boxes.indices
        where frame.trackOfBox[box] == -1 && frame.boxes[box].confidence >= confidence { frame.openBoxes.append(box) }
        for index in tracks.indices where frame.boxOfTrack[index] == -1 && isOpen(tracks[index]) {
            frame.openTracks.append(index)
        }
    }

    private mutating func shapeTracks(buffer: Double, box: (Track) -> Box) {
        frame.trackShapes.removeAll(keepingCapacity: true)
        for index in frame.openTracks { frame.trackShapes.append(BoxShape(box(tracks[index]), buffer: buffer)) }
    }

    private mutating func run(limit: Double, withAppearance: Bool) {
        guard !frame.openBoxes.isEmpty, !frame.openTracks.isEmpty else { return }
        frame.candidates.removeAll(keepingCapacity: true)
        collectCandidates(limit: limit, withAppearance: withAppearance && memory.isReady)
        assign(limit: limit)
    }

    private mutating func assign(limit: Double) {
        matcher.match(
            frame.candidates, tracks: frame.openTracks.count, boxes: frame.openBoxes.count, limit: limit)
        for (position, place) in matcher.boxOfTrack.enumerated() where place >= 0 {
            let (index, box) = (frame.openTracks[position], frame.openBoxes[place])
            frame.boxOfTrack[index] = box
            frame.trackOfBox[box] = index
        }
    }

    /// Adds every pair that overlaps and costs less than `limit`.
    private mutating func collectCandidates(limit: Double, withAppearance: Bool) {
        for (position, index) in frame.openTracks.enumerated() {
            let shape = frame.trackShapes[position]
            for (place, other) in frame.boxShapes.enumerated() {
                guard other.minX < shape.maxX, shape.minX < other.maxX, other.minY < shape.maxY,
                    shape.minY < other.maxY
                else { continue }
                let overlap = shape.overlap(with: other)
                guard overlap > 0, 1 - overlap < limit + configuration.appearanceWeight else { continue }
                let box = frame.openBoxes[place]
                guard mayShare(tracks[index], frame.boxes[box]) else { continue }
                let offsetX = other.centreX - shape.centreX
                let offsetY = other.centreY - shape.centreY
                let distance = (offsetX * offsetX + offsetY * offsetY).squareRoot() / max(shape.scale, other.scale)
                var cost =
                    1 - overlap + configuration.distanceWeight * distance
                    + configuration.heightWeight * abs(shape.logHeight - other.logHeight)
                if withAppearance, tracks[index].memory >= 0, memory.hasVector(box: box) {
                    let cosine = memory.cosine(
                        slot: tracks[index].memory, box: box, lastShare: configuration.lastVectorShare)
                    cost += configuration.appearanceWeight * (0.5 - memory.score(cosine: cosine))
                }
                if cost < limit { frame.candidates.append(Candidate(track: position, box: place, cost: cost)) }
            }
        }
    }
}

extension FrameState {
    /// Works out the shapes of the open boxes.
    mutating func shapeBoxes(buffer: Double) {
        boxShapes.removeAll(keepingCapacity: true)
        for box in openBoxes { boxShapes.append(BoxShape(boxes[box].box, buffer: buffer)) }
    }

    /// Keeps the candidates that are cheaper, by `margin`, than any other of the same track or the same box.
    mutating func keepClearCandidates(margin: Double) {
        let all = candidates
        candidates.removeAll { candidate in
            all.contains { other in
                (other.track == candidate.track) != (other.box == candidate.box)
                    && other.cost < candidate.cost + margin
            }
        }
    }
}

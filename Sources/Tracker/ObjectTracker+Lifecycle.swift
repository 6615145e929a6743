import Geometry

extension ObjectTracker {
    /// Updates the tracks that got a box, starts new ones, and lists what is to be reported.
    mutating func finish(_ observations: [Observation]) -> [TrackAssignment] {
        updateTracks()
        startTracks()
        giveIDs(observations)

        var assignments: [TrackAssignment] = []
        assignments.reserveCapacity(observations.count)
        for (box, row) in frame.order.enumerated() {
            let index = frame.trackOfBox[box]
            guard index >= 0, tracks[index].id > 0 else { continue }
            let similarity = frame.similarity[box]
            assignments.append(
                TrackAssignment(
                    observation: row, track: tracks[index].id, similarity: similarity.isNaN ? nil : similarity,
                    state: frame.stateOfTrack[index]))
        }
        for index in tracks.indices { tracks[index].wasSeen = frame.boxOfTrack[index] >= 0 }
        assignments.sort { $0.observation < $1.observation }
        return assignments
    }

    private mutating func updateTracks() {
        frame.stateOfTrack.removeAll(keepingCapacity: true)
        frame.stateOfTrack.append(contentsOf: repeatElement(.tracked, count: tracks.count))
        for index in tracks.indices {
            let box = frame.boxOfTrack[index]
            guard box >= 0 else { continue }
            let observation = frame.boxes[box]
            if tracks[index].memory >= 0, memory.hasVector(box: box) {
                let cosine = memory.cosine(
                    slot: tracks[index].memory, box: box, lastShare: configuration.lastVectorShare)
                frame.similarity[box] = cosine
                if tracks[index].wasSeen { memory.learnSame(cosine: cosine) }
            }
            tracks[index].memory = memory.remember(
                slot: tracks[index].memory, box: box, average: configuration.memoryShare)

            frame.stateOfTrack[index] = tracks[index].wasSeen ? .tracked : .recovered
            tracks[index].boxes += 1
            if tracks[index].boxes >= Int(configuration.confirmationBoxes) { tracks[index].isConfirmed = true }
            tracks[index].motion.update(
                box: observation.box, centreNoise: configuration.centreNoiseModel,
                sizeNoise: configuration.sizeNoiseModel,
                spread: 1 + configuration.confidenceNoise * (1 - min(max(observation.confidence, 0), 1)))
            tracks[index].lastBox = observation.box
            tracks[index].unseenSeconds = 0
        }
    }

    private mutating func startTracks() {
        for box in frame.boxes.indices where frame.trackOfBox[box] == -1 {
            let observation = frame.boxes[box]
            guard observation.confidence >= configuration.birthConfidence else { continue }
            var track = Track(
                classID: observation.classID,
                motion: KalmanFilter(
                    box: observation.box, centreNoise: configuration.centreNoiseModel,
                    sizeNoise: configuration.sizeNoiseModel),
                box: observation.box,
                isConfirmed: observation.confidence >= configuration.instantConfidence
                    || configuration.confirmationBoxes <= 1)
            track.memory = memory.remember(slot: -1, box: box, average: configuration.memoryShare)
            frame.trackOfBox[box] = tracks.count
            frame.boxOfTrack.append(box)
            frame.stateOfTrack.append(.born)
            tracks.append(track)
        }
    }

    /// Gives ids to the tracks that are reported for the first time: by x, then y of their boxes.
    private mutating func giveIDs(_ observations: [Observation]) {
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
        frame.unnamed.sort { LeakGuard.precedes(frame.boxes[$0], frame.boxes[$1], $0, $1) }
        for box in frame.unnamed {
            tracks[frame.trackOfBox[box]].id = nextID
            nextID += 1
        }
    }
}

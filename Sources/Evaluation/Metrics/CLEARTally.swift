/// Matches the boxes of frames for CLEAR MOT and adds up what its figures are made of.
///
/// Source: TrackEval `clear.py:58-131`, its quirk included: a frame in which one side has no boxes does not end what is
/// remembered of the frame before, so that a track goes on across it and no fragmentation is counted.
struct CLEARTally: Sendable {
    private var weights: [Double] = []
    private var scores = CLEARScores()
    /// By object: the track that it was last matched to, −1 for none.
    private var lastTrack: [Int32]
    /// By object: the number of the frame in which it was last matched, counted over `add`; 0 for never.
    private var lastFrame: [Int]
    /// By object: frames in which it was matched, and how often it became tracked.
    private var matchedFrames: [Int]
    private var starts: [Int]
    private var frame = 1

    private static let threshold = 0.5 - Double.ulpOfOne

    init(objects: Int) {
        lastTrack = [Int32](repeating: -1, count: objects)
        lastFrame = [Int](repeating: 0, count: objects)
        matchedFrames = lastFrame
        starts = lastFrame
    }

    /// Takes a frame in which both sides have boxes.
    mutating func add(
        _ overlaps: FrameOverlaps, truth: [Int32], result: [Int32], assignment: inout FrameAssignment
    ) {
        let previous = frame
        frame += 1
        if weights.count < overlaps.count { weights = [Double](repeating: 0, count: overlaps.count) }
        weigh(overlaps, truth: truth, result: result, previous: previous)
        assignment.solve(overlaps, weights: weights)

        var sum = 0.0
        for row in 0..<overlaps.rows {
            let entry = assignment.entryOfRow[row]
            guard entry >= 0 else { continue }
            let object = Int(truth[row])
            let track = result[overlaps.column[entry]]
            if lastTrack[object] >= 0, lastTrack[object] != track { scores.identitySwitches += 1 }
            if lastFrame[object] != previous { starts[object] += 1 }
            lastTrack[object] = track
            lastFrame[object] = frame
            matchedFrames[object] += 1
            scores.truePositives += 1
            sum += overlaps.overlap[entry]
        }
        scores.overlapSum += sum
    }

    private mutating func weigh(_ overlaps: FrameOverlaps, truth: [Int32], result: [Int32], previous: Int) {
        let (columns, values) = (overlaps.column.span, overlaps.overlap.span)
        for row in 0..<overlaps.rows {
            let object = Int(truth[row])
            // Keeping the match of the frame before weighs more than any overlap.
            let kept = lastFrame[object] == previous ? lastTrack[object] : -1
            for entry in overlaps.starts[row]..<overlaps.starts[row + 1] {
                let bonus = result[columns[entry]] == kept ? 1000.0 : 0
                weights[entry] = values[entry] < Self.threshold ? 0 : bonus + values[entry]
            }
        }
    }

    /// The figures of the sequence.
    func scores(_ overlaps: SequenceOverlaps, frames: Int) -> CLEARScores {
        var scores = scores
        scores.falseNegatives = overlaps.truthBoxes - scores.truePositives
        scores.falsePositives = overlaps.resultBoxes - scores.truePositives
        for (object, count) in overlaps.objectFrames.enumerated() where count > 0 {
            let ratio = Double(matchedFrames[object]) / Double(count)
            if ratio > 0.8 { scores.mostlyTracked += 1 } else if ratio >= 0.2 { scores.partlyTracked += 1 }
            scores.fragmentations += max(0, starts[object] - 1)
        }
        scores.mostlyLost = overlaps.objectFrames.count - scores.mostlyTracked - scores.partlyTracked
        scores.frames = frames
        scores.computeShares()
        return scores
    }
}

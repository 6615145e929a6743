internal import Formats

/// Reads ground truths and results in MOTChallenge text.
///
/// Source: TrackEval datasets/mot_challenge_2d_box.py lines 174–299. Where it stops with an error of Python, these
/// give one with the line; rows of fewer columns are taken where nothing is missing.
enum MOTLabels {
    /// The true boxes of a sequence.
    static func truth(
        contentsOf path: String, sequence: DatasetSequence, benchmark: Benchmark
    ) throws(EvaluationError) -> Truth {
        // A plain folder's boxes may come without confidence and class: then all of them count.
        let labels = try rows(path, leastColumns: benchmark == .folder ? 6 : 8)
        let frames = try FrameNumbers(sequence: sequence, last: labels.map(\.frame).max() ?? 0, path: path)
        let boxes = try FrameTable.frames(of: labels, count: frames.count) { label throws(EvaluationError) in
            try checkIdentity(label, path: path)
            return try frames.index(of: label.frame, line: label.line)
        } make: { label in
            var box = TruthBox(box: label.box, identity: label.identity, classID: Int(label.classID ?? 1))
            box.isConsidered = label.confidence.rounded(.towardZero) != 0
            box.visibility = label.visibility
            return box
        }
        try checkDuplicates(boxes, { $0.identity }, labels: labels, path: path)
        return Truth(frames: boxes)
    }

    /// A tracker's boxes of a sequence.
    static func result(
        contentsOf path: String, sequence: DatasetSequence, frames count: Int, ignoresClasses: Bool
    ) throws(EvaluationError) -> TrackResult {
        let labels = try rows(path, leastColumns: 6, takesAnyFrame: true)
        let numbers = FrameNumbers(sequence: sequence, result: labels.lazy.map(\.frame), count: count, path: path)
        let boxes = try FrameTable.frames(of: labels, count: count) { label throws(EvaluationError) in
            try checkIdentity(label, path: path)
            if let classID = label.classID, classID > 1, !ignoresClasses {
                throw .dataset(
                    .resultClass(
                        SourcePlace(source: printable(path, limit: 4096), line: label.line), found: Int(classID),
                        expected: "only pedestrians are evaluated, whose class is 1 (or −1)"))
            }
            return try numbers.index(of: label.frame, line: label.line)
        } make: { label in
            ResultBox(box: label.box, identity: label.identity, classID: 1, confidence: label.confidence)
        }
        try checkDuplicates(boxes, { $0.identity }, labels: labels, path: path)
        return TrackResult(frames: boxes, notes: numbers.notes)
    }

    /// Refuses an identity that occurs twice in a frame, naming the line.
    private static func checkDuplicates<Element>(
        _ frames: [[Element]], _ identity: (Element) -> Int64, labels: [MOTLabel], path: String
    ) throws(EvaluationError) {
        let ranks = IdentityRanks(labels.map(\.identity))
        var seen = [Int32](repeating: -1, count: ranks.identities.count)
        for (index, boxes) in frames.enumerated() {
            for box in boxes {
                let rank = Int(ranks.rank(of: identity(box)))
                if seen[rank] == Int32(truncatingIfNeeded: index) {
                    throw duplicate(identity(box), in: labels, path: path)
                }
                seen[rank] = Int32(truncatingIfNeeded: index)
            }
        }
    }

    /// The first second row of an identity in a frame.
    private static func duplicate(_ identity: Int64, in labels: [MOTLabel], path: String) -> EvaluationError {
        var frames: Set<Int> = []
        let second = labels.first { $0.identity == identity && !frames.insert($0.frame).inserted }
        return .reading(
            .duplicateIdentity(
                SourcePlace(source: printable(path, limit: 4096), line: second?.line), frame: second?.frame ?? 0,
                identity: identity))
    }

    private static func rows(
        _ path: String, leastColumns: Int, takesAnyFrame: Bool = false
    ) throws(EvaluationError) -> [MOTLabel] {
        do {
            return try MOTLabel.read(contentsOf: path, leastColumns: leastColumns, takesAnyFrame: takesAnyFrame)
        } catch {
            throw .reading(error)
        }
    }

    /// TrackEval uses the number as an index, which for numbers below 0 takes another object's place.
    private static func checkIdentity(_ label: MOTLabel, path: String) throws(EvaluationError) {
        if label.identity >= 0 { return }
        throw .reading(
            .malformed(
                SourcePlace(source: printable(path, limit: 4096), line: label.line), found: "id \(label.identity)",
                expected: "the number of an object or track, at least 0 (detections without numbers are no tracks)"))
    }
}

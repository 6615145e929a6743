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
        var table = FrameTable<TruthBox>(frames: frames.count)
        for label in labels {
            guard let index = try frames.index(of: label.frame, line: label.line) else { continue }
            var box = TruthBox(box: label.box, identity: label.identity, classID: Int(label.classID ?? 1))
            box.isConsidered = label.confidence.rounded(.towardZero) != 0
            box.visibility = label.visibility
            table.add(box, at: index)
            try checkIdentity(label, path: path)
        }
        return Truth(frames: table.frames())
    }

    /// A tracker's boxes of a sequence.
    static func result(
        contentsOf path: String, sequence: DatasetSequence, frames count: Int, ignoresClasses: Bool
    ) throws(EvaluationError) -> TrackResult {
        let labels = try rows(path, leastColumns: 6)
        let numbers = FrameNumbers(sequence: sequence, result: labels.lazy.map(\.frame), count: count, path: path)
        var table = FrameTable<ResultBox>(frames: count)
        for label in labels {
            guard let index = try numbers.index(of: label.frame, line: label.line) else { continue }
            try checkIdentity(label, path: path)
            if let classID = label.classID, classID > 1, !ignoresClasses {
                throw .dataset(
                    .resultClass(
                        SourcePlace(source: printable(path, limit: 4096), line: label.line), found: Int(classID),
                        expected: "only pedestrians are evaluated, whose class is 1 (or −1)"))
            }
            table.add(
                ResultBox(box: label.box, identity: label.identity, classID: 1, confidence: label.confidence), at: index
            )
        }
        return TrackResult(frames: table.frames(), notes: numbers.notes)
    }

    private static func rows(_ path: String, leastColumns: Int) throws(EvaluationError) -> [MOTLabel] {
        do {
            return try MOTLabel.read(contentsOf: path, leastColumns: leastColumns)
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

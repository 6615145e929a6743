internal import Formats
internal import Geometry

/// Reads ground truths and results in KITTI's tracking format.
///
/// Source: TrackEval datasets/kitti_2d_box.py lines 125–232. Rows with a number below 0 are no objects; DontCare rows of
/// a ground truth are regions, wherever they are.
enum KITTILabels {
    /// The true boxes of a sequence; frame 1 is KITTI's frame 0.
    static func truth(contentsOf path: String, sequence: DatasetSequence) throws(EvaluationError) -> Truth {
        let labels = try rows(path)
        let objects = labels.lazy.filter { $0.identity >= 0 && $0.kind != .dontCare }
        let numbers = try FrameNumbers(
            sequence: sequence, last: objects.map(\.frame).max() ?? -1, first: 0, path: path)
        let frames = try FrameTable.frames(of: labels, count: numbers.count) { label throws(EvaluationError) in
            let isRegion = label.kind == .dontCare
            guard isRegion ? label.frame < numbers.count : label.identity >= 0 else { return nil }
            return try numbers.index(of: label.frame, line: label.line)
        } make: { label in
            let isRegion = label.kind == .dontCare
            var box = TruthBox(box: Box(label), identity: max(label.identity, 0), classID: label.kind.rawValue)
            box.isRegion = isRegion
            box.isConsidered = !isRegion
            box.occlusion = Int8(clamping: label.occlusion)
            box.truncation = Int8(clamping: label.truncation)
            if !isRegion {
                box.isOccluded = label.occlusion >= 1
                box.isTruncated = label.truncation >= 1
            }
            return box
        }
        return Truth(frames: frames)
    }

    /// A tracker's boxes of a sequence.
    static func result(
        contentsOf path: String, sequence: DatasetSequence, frames count: Int
    ) throws(EvaluationError) -> TrackResult {
        let labels = try rows(path)
        let numbers = FrameNumbers(
            sequence: sequence, result: labels.lazy.map(\.frame), count: count, first: 0, path: path)
        let frames = try FrameTable.frames(of: labels, count: count) { label throws(EvaluationError) in
            label.identity < 0 ? nil : try numbers.index(of: label.frame, line: label.line)
        } make: { label in
            ResultBox(
                box: Box(label), identity: label.identity, classID: label.kind.rawValue, confidence: label.score)
        }
        return TrackResult(frames: frames, notes: numbers.notes)
    }

    private static func rows(_ path: String) throws(EvaluationError) -> [KITTILabel] {
        do {
            return try KITTILabel.read(contentsOf: path)
        } catch {
            throw .reading(error)
        }
    }
}

extension Box {
    fileprivate init(_ label: KITTILabel) {
        self.init(left: label.left, top: label.top, right: label.right, bottom: label.bottom)
    }
}

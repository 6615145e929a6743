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
        var table = FrameTable<TruthBox>(frames: numbers.count)
        for label in labels where label.identity >= 0 || label.kind == .dontCare {
            let isRegion = label.kind == .dontCare
            if isRegion, label.frame >= numbers.count { continue }
            guard let index = try numbers.index(of: label.frame, line: label.line) else { continue }
            var box = TruthBox(box: Box(label), identity: max(label.identity, 0), classID: label.kind.rawValue)
            box.isRegion = isRegion
            box.isConsidered = !isRegion
            box.occlusion = Int(label.occlusion)
            box.truncation = Int(label.truncation)
            if !isRegion {
                box.isOccluded = label.occlusion >= 1
                box.isTruncated = label.truncation >= 1
            }
            table.add(box, at: index)
        }
        return Truth(frames: table.frames())
    }

    /// A tracker's boxes of a sequence.
    static func result(
        contentsOf path: String, sequence: DatasetSequence, frames count: Int
    ) throws(EvaluationError) -> TrackResult {
        let labels = try rows(path)
        let numbers = FrameNumbers(
            sequence: sequence, result: labels.lazy.map(\.frame), count: count, first: 0, path: path)
        var table = FrameTable<ResultBox>(frames: count)
        for label in labels where label.identity >= 0 {
            guard let index = try numbers.index(of: label.frame, line: label.line) else { continue }
            table.add(
                ResultBox(
                    box: Box(label), identity: label.identity, classID: label.kind.rawValue, confidence: label.score),
                at: index)
        }
        return TrackResult(frames: table.frames(), notes: numbers.notes)
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

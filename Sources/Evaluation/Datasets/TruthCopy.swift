extension Dataset {
    /// Why a result falls short of 100 % though it is the ground truth, a sentence; nil for any other result.
    ///
    /// Giving a scorer its own truth is how people try it first. Benchmarks do not count all of their labels, and without
    /// a word what that costs looks like a fault. Looks no further than the first box that is not one of the truth's.
    ///
    /// - Parameter judged: What `metricSequences` made of both: where each frame has as many true boxes as boxes of the
    ///   copy, nothing is lacking.
    public func remark(
        onCopy result: TrackResult, of truth: Truth, sequence: String,
        judged: [(classID: Int, sequence: MetricSequence)]
    ) -> String? {
        guard let copied = Self.uncounted(in: result, of: truth, isCounted: counts), copied.uncounted > 0 else {
            return nil
        }
        let isPerfect = judged.allSatisfy { part in
            part.sequence.frames.allSatisfy { $0.truth.count == $0.result.count }
        }
        guard !isPerfect else { return nil }
        return
            "\(sequence): the result is the ground truth, of whose \(copied.boxes) boxes the benchmark does not count "
            + "\(copied.uncounted) (other classes, distractors, regions); those that it does not leave out are wrong boxes, "
            + "and a copy without them scores 100 %"
    }

    /// Whether the benchmark counts a true box as an object to be found.
    public func counts(_ box: TruthBox) -> Bool {
        guard box.isConsidered, !box.isRegion else { return false }
        switch benchmark {
        case .mot15, .folder: return true
        case .mot16, .mot17, .mot20, .dancetrack, .bdd100k, .kitti:
            return classes.evaluated.contains { $0.id == box.classID }
        }
    }

    /// How many boxes the result has and how many of them the benchmark does not count; nil where a box is not one of the
    /// truth's, of the same frame and number.
    private static func uncounted(
        in result: TrackResult, of truth: Truth, isCounted: (TruthBox) -> Bool
    ) -> (boxes: Int, uncounted: Int)? {
        var boxes = 0
        var uncounted = 0
        for (frame, tracks) in result.frames.enumerated() where !tracks.isEmpty {
            guard frame < truth.frames.count else { return nil }
            var open = Dictionary(grouping: truth.frames[frame], by: \.identity)
            for track in tracks {
                // Objects of different classes may have one number.
                guard let place = open[track.identity]?.firstIndex(where: { $0.box == track.box }),
                    let original = open[track.identity]?.remove(at: place)
                else { return nil }
                boxes += 1
                if !isCounted(original) { uncounted += 1 }
            }
        }
        return (boxes, uncounted)
    }
}

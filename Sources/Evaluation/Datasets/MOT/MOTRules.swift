/// What MOTChallenge and DanceTrack count.
///
/// Source: TrackEval datasets/mot_challenge_2d_box.py lines 301–443.
enum MOTRules {
    /// One class; the others are for preparing boxes.
    static let classes = ClassList(
        evaluated: [ClassList.Entry(id: 1, name: "pedestrian")],
        others: [
            "person_on_vehicle", "car", "bicycle", "motorbike", "non_mot_vehicle", "static_person", "distractor",
            "occluder", "occluder_on_ground", "occluder_full", "reflection", "crowd",
        ].enumerated().map { ClassList.Entry(id: $0.offset + 2, name: $0.element) })

    /// The classes whose boxes a tracker may find or not.
    static func distractors(of benchmark: Benchmark) -> Set<Int> {
        // person_on_vehicle, static_person, distractor, reflection; MOT20: non_mot_vehicle too.
        benchmark == .mot20 ? [2, 6, 7, 8, 12] : [2, 7, 8, 12]
    }

    /// The pedestrians of a sequence, and the tracker's boxes without those that stand for distractors.
    ///
    /// 1. Boxes of the result are matched with all true boxes, of every class, considered or not.
    /// 2. Those matched with a distractor are left out.
    /// 3. True boxes count that are considered and pedestrians.
    ///
    /// MOT15, a plain folder, and every benchmark without preprocessing: considered true boxes count, whatever their class.
    static func metricSequences(
        truth: Truth, result: TrackResult, sequence: String, benchmark: Benchmark, options: DatasetOptions
    ) throws(EvaluationError) -> [(classID: Int, sequence: MetricSequence)] {
        let hasClasses = options.preprocesses && benchmark != .mot15 && benchmark != .folder
        let distractors = distractors(of: benchmark)
        var collector = SequenceCollector(
            sequence: sequence, truth: truth.frames.flatMap { $0.lazy.map(\.identity) },
            result: result.frames.flatMap { $0.lazy.map(\.identity) }, frames: truth.frames.count)
        var edges = (truth: BoxEdges(), result: BoxEdges())
        var overlaps: [Double] = []
        var matching = LooseMatching()
        for (index, boxes) in truth.frames.enumerated() {
            let found = index < result.frames.count ? result.frames[index] : []
            edges.truth.replace(with: boxes.lazy.map(\.box))
            edges.result.replace(with: found.lazy.map(\.box))
            edges.truth.overlaps(with: edges.result, into: &overlaps)
            var keepsTruth = boxes.map(\.isConsidered)
            var keepsResult = [Bool](repeating: true, count: found.count)
            if hasClasses {
                if !boxes.isEmpty, !found.isEmpty {
                    if let unknown = boxes.first(where: { !(1...13).contains($0.classID) }) {
                        throw .dataset(
                            .truthClass(sequence: sequence, frame: index + 1, found: unknown.classID))
                    }
                    matching.match(overlaps, rows: boxes.count, columns: found.count) { row in
                        distractors.contains(boxes[row].classID)
                    }
                    for (column, row) in matching.rowOfColumn.enumerated() where row >= 0 {
                        keepsResult[column] = !distractors.contains(boxes[row].classID)
                    }
                }
                for row in boxes.indices where boxes[row].classID != 1 { keepsTruth[row] = false }
            }
            try collector.add(
                truth: boxes.indices.lazy.filter { keepsTruth[$0] }.map { boxes[$0].identity },
                result: found.indices.lazy.filter { keepsResult[$0] }.map { found[$0].identity },
                similarity: kept(overlaps, rows: keepsTruth, columns: keepsResult))
        }
        return [(1, collector.finish())]
    }

    /// The entries of a matrix whose row and column are kept.
    static func kept(_ matrix: [Double], rows: [Bool], columns: [Bool]) -> [Double] {
        let keptColumns = columns.indices.filter { columns[$0] }
        let keptRows = rows.indices.filter { rows[$0] }
        if keptColumns.count == columns.count, keptRows.count == rows.count { return matrix }
        var kept: [Double] = []
        kept.reserveCapacity(keptRows.count * keptColumns.count)
        for row in keptRows {
            let start = row * columns.count
            if keptColumns.count == columns.count {
                kept.append(contentsOf: matrix[start..<start + columns.count])
            } else {
                for column in keptColumns { kept.append(matrix[start + column]) }
            }
        }
        return kept
    }
}

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
        var preparation = MOTPreparation(distractors: hasClasses ? distractors(of: benchmark) : nil)
        var collector = SequenceCollector(
            sequence: sequence, truth: truth.frames.flatMap { $0.lazy.map(\.identity) },
            result: result.frames.flatMap { $0.lazy.map(\.identity) }, frames: truth.frames.count)
        for (index, boxes) in truth.frames.enumerated() {
            let found = index < result.frames.count ? result.frames[index] : []
            if hasClasses, !found.isEmpty, let unknown = boxes.first(where: { !(1...13).contains($0.classID) }) {
                throw .dataset(.truthClass(sequence: sequence, frame: index + 1, found: unknown.classID))
            }
            let prepared = preparation.prepare(boxes, found)
            try collector.add(truth: prepared.truth, result: prepared.result, similarity: prepared.similarity)
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

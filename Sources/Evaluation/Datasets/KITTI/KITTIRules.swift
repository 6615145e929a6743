/// What KITTI counts in 2D: cars and pedestrians, each for itself.
///
/// Source: TrackEval datasets/kitti_2d_box.py lines 234–378.
enum KITTIRules {
    /// Cars and pedestrians, numbered as TrackEval does.
    static let classes = ClassList(
        evaluated: [ClassList.Entry(id: 1, name: "car"), ClassList.Entry(id: 4, name: "pedestrian")],
        others: [
            ClassList.Entry(id: 2, name: "van"), ClassList.Entry(id: 3, name: "truck"),
            ClassList.Entry(id: 5, name: "person"), ClassList.Entry(id: 6, name: "cyclist"),
            ClassList.Entry(id: 7, name: "tram"), ClassList.Entry(id: 8, name: "misc"),
            ClassList.Entry(id: 9, name: "dontcare"),
        ])

    /// More hidden than this, an object may be found or not.
    static let maximumOcclusion = 2
    /// More cut by the border than this, an object may be found or not.
    static let maximumTruncation = 0
    /// Boxes that stand for nothing and are no higher than this are not judged, pixels.
    static let minimumHeight = 25.0

    /// A class and the one that looks like it: vans for cars, sitting persons for pedestrians.
    private static let neighbours = [(evaluated: 1, distractor: 2), (evaluated: 4, distractor: 5)]

    /// The two classes of a sequence.
    ///
    /// 1. Boxes of the class are matched with the true boxes of the class and of its neighbour.
    /// 2. Those matched with a neighbour, or with an object too hidden or cut by the border, are left out.
    /// 3. Of those matched with nothing, the low ones and those with more than half of their area in a DontCare region
    ///    are left out.
    /// 4. True boxes of the class count that are neither too hidden nor cut.
    static func metricSequences(
        truth: Truth, result: TrackResult, sequence: String
    ) throws(EvaluationError) -> [(classID: Int, sequence: MetricSequence)] {
        var sequences: [(classID: Int, sequence: MetricSequence)] = []
        for (evaluated, distractor) in neighbours {
            sequences.append(
                (
                    evaluated,
                    try metricSequence(
                        truth: truth, result: result, sequence: sequence, evaluated: evaluated, distractor: distractor)
                ))
        }
        return sequences
    }

    private static func metricSequence(
        truth: Truth, result: TrackResult, sequence: String, evaluated: Int, distractor: Int
    ) throws(EvaluationError) -> MetricSequence {
        var collector = SequenceCollector(
            sequence: sequence, truth: truth.frames.flatMap { $0.lazy.map(\.identity) },
            result: result.frames.flatMap { $0.lazy.map(\.identity) }, frames: truth.frames.count)
        var edges = (truth: BoxEdges(), result: BoxEdges(), regions: BoxEdges())
        var overlaps: [Double] = []
        var matching = LooseMatching()
        for (index, all) in truth.frames.enumerated() {
            let boxes = all.filter { !$0.isRegion && ($0.classID == evaluated || $0.classID == distractor) }
            let found = (index < result.frames.count ? result.frames[index] : []).filter { $0.classID == evaluated }
            edges.truth.replace(with: boxes.lazy.map(\.box))
            edges.result.replace(with: found.lazy.map(\.box))
            edges.regions.replace(with: all.lazy.filter(\.isRegion).map(\.box))
            edges.truth.overlaps(with: edges.result, into: &overlaps)
            let counts = boxes.map { box in
                box.classID == evaluated && (box.occlusion ?? 0) <= maximumOcclusion
                    && (box.truncation ?? 0) <= maximumTruncation
            }
            matching.match(overlaps, rows: boxes.count, columns: found.count) { _ in true }
            let keepsResult = found.indices.map { column in
                let row = matching.rowOfColumn[column]
                return row >= 0 ? counts[row] : isJudged(column, of: edges.result, regions: edges.regions)
            }
            try collector.add(
                truth: boxes.indices.lazy.filter { counts[$0] }.map { boxes[$0].identity },
                result: found.indices.lazy.filter { keepsResult[$0] }.map { found[$0].identity },
                similarity: MOTRules.kept(overlaps, rows: counts, columns: keepsResult))
        }
        return collector.finish()
    }

    /// Whether a box that stands for nothing counts as a wrong one.
    private static func isJudged(_ index: Int, of edges: BoxEdges, regions: BoxEdges) -> Bool {
        let height = edges.bottom[index] - edges.top[index]
        if height <= minimumHeight + Double.ulpOfOne { return false }
        return !(0..<regions.count).contains { edges.share(of: index, in: regions, $0) > 0.5 + Double.ulpOfOne }
    }
}

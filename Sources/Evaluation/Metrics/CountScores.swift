/// How much there is on both sides (TrackEval `metrics/count.py`).
public struct CountScores: RecordedScores {
    /// The tracker's boxes, true boxes.
    public internal(set) var resultBoxes, truthBoxes: Int
    /// Tracks, objects.
    public internal(set) var tracks, objects: Int

    init(resultBoxes: Int, truthBoxes: Int, tracks: Int, objects: Int) {
        self.resultBoxes = resultBoxes
        self.truthBoxes = truthBoxes
        self.tracks = tracks
        self.objects = objects
    }

    /// Counts one class of one sequence.
    public init(_ sequence: MetricSequence) {
        self.init(
            resultBoxes: sequence.resultBoxes, truthBoxes: sequence.truthBoxes, tracks: sequence.resultIdentities,
            objects: sequence.truthIdentities)
    }

    /// The figures in the order of TrackEval's detailed CSV.
    public var fields: [ScoreField] {
        [
            .count("Dets", resultBoxes), .count("GT_Dets", truthBoxes), .count("IDs", tracks),
            .count("GT_IDs", objects),
        ]
    }

    /// Names of the fields of a summary, in TrackEval's order.
    static let summaryNames = ["Dets", "GT_Dets", "IDs", "GT_IDs"]

    var record: [ScoreField] { fields }

    init(record: ScoreRecord) throws {
        self.init(
            resultBoxes: try record.count("Dets"), truthBoxes: try record.count("GT_Dets"),
            tracks: try record.count("IDs"), objects: try record.count("GT_IDs"))
    }

    /// Counts of several sequences or classes together.
    public static func combined(_ parts: [CountScores]) -> CountScores {
        CountScores(
            resultBoxes: parts.reduce(0) { $0 + $1.resultBoxes }, truthBoxes: parts.reduce(0) { $0 + $1.truthBoxes },
            tracks: parts.reduce(0) { $0 + $1.tracks }, objects: parts.reduce(0) { $0 + $1.objects })
    }
}

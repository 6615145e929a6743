/// Sequence tracking and frame detection accuracy.
///
/// Source: V. Manohar et al., "Performance Evaluation of Object Detection and Tracking in Video", ACCV 2006; TrackEval
/// `metrics/vace.py`, whose figures these are: the relaxed variant with an overlap of one half.
public struct VACEScores: RecordedScores {
    /// Tracks, objects and frames with any box; means of these in an average over classes.
    public internal(set) var tracks, objects, frames: Double
    /// Sum of the temporal overlaps of the objects with the tracks that stand for them.
    public internal(set) var trackingSum: Double
    /// `trackingSum` by the mean of the numbers of tracks and objects; NaN if there are none.
    public internal(set) var trackingAccuracy: Double
    /// Sum over frames of the overlap by the mean of the numbers of boxes.
    public internal(set) var detectionSum: Double
    /// `detectionSum` by frames with any box; NaN if there are none.
    public internal(set) var detectionAccuracy: Double

    /// Figures from sums (`vace.py:127-133`).
    ///
    /// TrackEval divides whole numbers there and stops with an error where no frame has a box; here that gives NaN.
    init(tracks: Double, objects: Double, frames: Double, trackingSum: Double, detectionSum: Double) {
        (self.tracks, self.objects, self.frames) = (tracks, objects, frames)
        (self.trackingSum, self.detectionSum) = (trackingSum, detectionSum)
        trackingAccuracy = trackingSum / (0.5 * (tracks + objects))
        detectionAccuracy = detectionSum / frames
    }

    /// The figures in the order of TrackEval's detailed CSV.
    public var fields: [ScoreField] {
        [
            .number("STDA", trackingSum), .share("ATA", trackingAccuracy), .number("FDA", detectionSum),
            .share("SFDA", detectionAccuracy), Self.whole("VACE_IDs", tracks), Self.whole("VACE_GT_IDs", objects),
            Self.whole("num_non_empty_timesteps", frames),
        ]
    }

    /// Names of the fields of a summary, in TrackEval's order.
    static let summaryNames = ["SFDA", "ATA"]

    /// A count, unless it is a mean that is not whole.
    private static func whole(_ name: String, _ number: Double) -> ScoreField {
        Int(exactly: number).map { .count(name, $0) } ?? .number(name, number)
    }

    var record: [ScoreField] { fields }

    init(record: ScoreRecord) throws {
        tracks = try record.number("VACE_IDs")
        objects = try record.number("VACE_GT_IDs")
        frames = try record.number("num_non_empty_timesteps")
        trackingSum = try record.number("STDA")
        trackingAccuracy = try record.number("ATA")
        detectionSum = try record.number("FDA")
        detectionAccuracy = try record.number("SFDA")
    }
}

extension VACEScores {
    /// Figures of several sequences together, or of several classes by their boxes: sums are added.
    public static func combined(_ parts: [VACEScores]) -> VACEScores {
        VACEScores(
            tracks: parts.reduce(0) { $0 + $1.tracks }, objects: parts.reduce(0) { $0 + $1.objects },
            frames: parts.reduce(0) { $0 + $1.frames }, trackingSum: parts.reduce(0) { $0 + $1.trackingSum },
            detectionSum: parts.reduce(0) { $0 + $1.detectionSum })
    }

    /// Means over classes, of counts too (`vace.py:97-108`).
    ///
    /// Classes without any box are left out unless `ignoringEmpty` is false: TrackEval's default differs from that of
    /// its other metrics.
    public static func classAveraged(_ classes: [VACEScores], ignoringEmpty: Bool = true) -> VACEScores {
        let parts = ignoringEmpty ? classes.filter { $0.objects > 0 || $0.tracks > 0 } : classes
        func mean(_ path: KeyPath<VACEScores, Double>) -> Double { PairwiseSum.mean(parts.map { $0[keyPath: path] }) }
        var result = VACEScores(
            tracks: mean(\.tracks), objects: mean(\.objects), frames: mean(\.frames), trackingSum: mean(\.trackingSum),
            detectionSum: mean(\.detectionSum))
        result.trackingAccuracy = mean(\.trackingAccuracy)
        result.detectionAccuracy = mean(\.detectionAccuracy)
        return result
    }
}

import Evaluation

/// What a scoring gives: trackers side by side, and what was left out.
struct ScoreDocument {
    /// One tracker's figures.
    struct Tracker {
        var name: String
        var table: ScoreTable
        /// Sequences that have no result, where that is allowed.
        var missing: [String] = []
        /// Sequences whose result or truth could not be used, each with the reason.
        var failed: [SkippedSequence] = []
    }

    var benchmark: Benchmark
    var profile: ScoringProfile
    var split: String?
    var half: TrainHalf?
    /// The families that are written, in TrackEval's order.
    var families: [MetricFamily]
    var trackers: [Tracker]
    /// Sequences of the folder that are not evaluated, each with the reason.
    var skipped: [SkippedSequence] = []
    /// Sentences about the folder and the files.
    var notes: [String] = []

    /// Whether a tracker was scored on less than all sequences of the folder.
    var isPartial: Bool { trackers.contains { !$0.missing.isEmpty || !$0.failed.isEmpty } }

    /// Whether the benchmark has one class, whose figures stand directly below a sequence.
    var hasOneClass: Bool { (trackers.first?.table.classes.evaluated.count ?? 1) == 1 }
}

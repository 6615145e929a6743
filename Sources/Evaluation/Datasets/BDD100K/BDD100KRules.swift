/// What BDD100K counts, under either profile.
enum BDD100KRules {
    /// The evaluated classes.
    static let classes = ClassList(evaluated: [])

    /// Each evaluated class of a sequence.
    static func metricSequences(
        truth: Truth, result: TrackResult, sequence: String, options: DatasetOptions
    ) throws(EvaluationError) -> [(classID: Int, sequence: MetricSequence)] {
        throw .dataset(.option("BDD100K cannot be scored yet"))
    }
}

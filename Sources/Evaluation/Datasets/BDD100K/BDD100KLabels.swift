/// Reads ground truths and results in Scalabel's form.
enum BDD100KLabels {
    /// The true boxes of a sequence.
    static func truth(
        contentsOf path: String, sequence: DatasetSequence, options: DatasetOptions
    ) throws(EvaluationError) -> Truth {
        throw .dataset(.option("BDD100K cannot be scored yet"))
    }

    /// A tracker's boxes of a sequence.
    static func result(
        contentsOf path: String, sequence: DatasetSequence, frames count: Int, options: DatasetOptions
    ) throws(EvaluationError) -> TrackResult {
        throw .dataset(.option("BDD100K cannot be scored yet"))
    }
}

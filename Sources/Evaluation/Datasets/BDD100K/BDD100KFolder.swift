/// Folders of BDD100K's tracking set.
enum BDD100KFolder {
    /// Looks through a folder, or takes one file of labels of all sequences.
    static func open(root: String, options: DatasetOptions) throws(EvaluationError) -> Dataset {
        throw .dataset(.option("BDD100K cannot be scored yet"))
    }
}

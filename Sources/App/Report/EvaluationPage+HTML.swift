extension EvaluationPage {
    /// The page: one file that needs no other, no network and no script.
    func html() -> String { "" }
}

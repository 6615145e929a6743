import Evaluation

/// What an evaluation prints when it is done.
struct EvaluationTable {
    let summary: EvaluationSummary

    /// Notes about sequences that are printed; all of them stand in the reports.
    private static let notesShown = 20

    /// The text, ending in a newline.
    func text(folder: String) -> String {
        var document = summary.document
        document.families = [.hota, .clear, .identity]
        var text = ScoreText.text(document, perSequence: true)
        for part in summary.retrieval where part.results.contains(where: { $0.queries > 0 }) {
            text += part.classGate ? "\nretrieval among boxes of the query's class\n" : "\nretrieval\n"
            text += RetrievalTable.text(part.results)
        }
        let notes = summary.notes
        if !notes.isEmpty { text += "\n" }
        for note in notes.prefix(Self.notesShown) { text += note + "\n" }
        if notes.count > Self.notesShown {
            text += "and \(notes.count - Self.notesShown) more notes in the report\n"
        }
        for failed in summary.failed { text += "failed: \(failed.name): \(failed.reason)\n" }
        for reason in summary.partial { text += "PARTIAL SCORES: \(reason)\n" }
        return text + "\nreports, tracks and records → \(folder)\n"
    }
}

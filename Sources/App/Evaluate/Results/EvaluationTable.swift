import Evaluation
import Formats

/// What an evaluation prints when it is done.
struct EvaluationTable {
    let summary: EvaluationSummary

    /// Notes about sequences that are printed; all of them stand in the reports.
    private static let notesShown = 20
    /// The figures that are printed, as far as the profile has them.
    private static let columns = [
        "HOTA", "DetA", "AssA", "MOTA", "MOTP", "IDF1", "IDSW", "IDSw", "Frag", "FM", "MT", "PT", "ML", "CLR_FP", "FP",
        "CLR_FN", "FN", "GT_Dets", "GT_IDs",
    ]

    /// The text, ending in a newline.
    func text(folder: String) -> String {
        var text = heading + "\n" + TextTable.numbers(scores)
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
        for skipped in summary.skipped {
            text += "skipped: \(printable(skipped.name, limit: 200)): \(skipped.reason)\n"
        }
        for failed in summary.failed { text += "failed: \(printable(failed.name, limit: 200)): \(failed.reason)\n" }
        for reason in summary.partial { text += "PARTIAL SCORES: \(reason)\n" }
        return text + "\nreports, tracks and records → \(folder)\n"
    }

    private var heading: String {
        let configuration = summary.manifest.configuration
        var what = summary.benchmark.title
        if let split = configuration.split { what += " \(split)" }
        if let half = configuration.half { what += ", \(half) half" }
        let done = summary.sequences.count(where: \.isDone)
        let frames = summary.sequences.reduce(0) { $0 + ($1.facts?.frames ?? 0) }
        let boxes = summary.sequences.reduce(0) { $0 + ($1.facts?.boxes ?? 0) }
        let model = configuration.model.map { "\($0.name), layer \($0.layer), pool \($0.pool), \($0.precision)" }
        return "\(what): \(done) \(done == 1 ? "sequence" : "sequences"), \(frames) frames, \(boxes) boxes "
            + "(\(configuration.boxes)), profile \(configuration.profile), "
            + "model: \(model ?? "none (motion alone)")\n"
    }

    /// A line a sequence for one class, else a line a class; then all of them together.
    private var scores: [[String]] {
        guard let table = summary.document.trackers.first?.table else { return [] }
        let combined = table.combined()
        guard let first = combined.first else { return [] }
        let names = Self.columns.filter { name in fields(first.scores).contains { $0.name == name } }
        let rows: [(name: String, scores: ProfileScores)] =
            summary.document.hasOneClass
            ? table.sequences.flatMap { name in table.rows(of: name).map { (name, $0.scores) } }
                + combined.map { ("COMBINED", $0.scores) }
            : combined.map { ($0.className, $0.scores) }
        return [[summary.document.hasOneClass ? "sequence" : "class"] + names]
            + rows.map { row in
                let fields = fields(row.scores)
                return [printable(row.name, limit: 200)]
                    + names.map { name in fields.first { $0.name == name }?.summaryText ?? "" }
            }
    }

    private func fields(_ scores: ProfileScores) -> [ScoreField] { scores.fields(of: MetricFamily.allCases) }
}

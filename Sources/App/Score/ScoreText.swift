import Evaluation
import Formats

/// Scores as tables for a terminal: for each class and family a line a tracker, with TrackEval's summary figures.
enum ScoreText {
    /// The text, ending in a newline.
    ///
    /// - Parameter perSequence: Whether every sequence has a line, too.
    static func text(_ document: ScoreDocument, perSequence: Bool) -> String {
        var text = heading(document)
        // A tracker without scores has no rows to lead the tables.
        let leading = document.trackers.lazy.map { $0.table.combined() }.first { !$0.isEmpty } ?? []
        for (index, row) in leading.enumerated() {
            text += "\n"
            if !document.hasOneClass { text += "\(row.className)\n" }
            for table in row.scores.summaries(of: document.families).indices {
                text += TextTable.numbers(
                    rows(document, class: row.className, index: index, table: table, perSequence: perSequence))
            }
        }
        return text
    }

    /// What was scored, and what was not.
    private static func heading(_ document: ScoreDocument) -> String {
        let sequences = document.trackers.map(\.table.sequences.count).max() ?? 0
        var what = document.benchmark.title
        if let split = document.split { what += " \(split)" }
        if let half = document.half { what += ", \(half.rawValue) half" }
        var text = "\(what): \(sequences) sequence\(sequences == 1 ? "" : "s"), profile \(document.profile.rawValue)\n"
        for tracker in document.trackers where !tracker.missing.isEmpty || !tracker.failed.isEmpty {
            let count = tracker.table.sequences.count
            text +=
                count == 0
                ? "partial: \(printable(tracker.name, limit: 200)): no scores\n"
                : "partial: \(printable(tracker.name, limit: 200)) is scored on \(count) \(count == 1 ? "sequence" : "sequences") only\n"
        }
        let skipped = document.skipped.count
        if skipped > 0 { text += "skipped \(skipped) \(skipped == 1 ? "sequence" : "sequences"), see the notes\n" }
        return text
    }

    /// One table: a line for every tracker, or for every sequence of every tracker.
    private static func rows(
        _ document: ScoreDocument, class className: String, index: Int, table: Int, perSequence: Bool
    ) -> [[String]] {
        var rows: [[String]] = []
        let several = document.trackers.count > 1
        func add(_ name: String, _ scores: ProfileScores) {
            let (title, fields) = scores.summaries(of: document.families)[table]
            if rows.isEmpty { rows.append([title] + fields.map(\.name)) }
            // Names come from outside, and a terminal obeys control characters.
            rows.append([printable(name, limit: 200)] + fields.map(\.summaryText))
        }
        for tracker in document.trackers {
            let combined = tracker.table.combined()
            guard index < combined.count else { continue }
            if perSequence {
                for sequence in tracker.table.sequences {
                    for row in tracker.table.rows(of: sequence) where row.className == className {
                        add(several ? "\(tracker.name) \(sequence)" : sequence, row.scores)
                    }
                }
                add(several ? "\(tracker.name) COMBINED" : "COMBINED", combined[index].scores)
            } else {
                add(tracker.name, combined[index].scores)
            }
        }
        return rows
    }
}

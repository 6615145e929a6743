import Evaluation

/// Scores as tables for a terminal: for each class and family a line a tracker, with TrackEval's summary figures.
enum ScoreText {
    /// The text, ending in a newline.
    ///
    /// - Parameter perSequence: Whether every sequence has a line, too.
    static func text(_ document: ScoreDocument, perSequence: Bool) -> String {
        var text = heading(document)
        guard let first = document.trackers.first else { return text }
        for (index, row) in first.table.combined().enumerated() {
            text += "\n"
            if !document.hasOneClass { text += "\(row.className)\n" }
            for family in families(row.scores, document) {
                text += TextTable.numbers(
                    rows(document, class: row.className, index: index, family: family, perSequence: perSequence))
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
            text += "partial: \(tracker.name) is scored on \(tracker.table.sequences.count) sequences only\n"
        }
        if !document.skipped.isEmpty { text += "skipped \(document.skipped.count) sequences, see the notes\n" }
        return text
    }

    private static func families(_ scores: ProfileScores, _ document: ScoreDocument) -> [MetricFamily] {
        document.families.filter { !scores.summary(of: $0).isEmpty }
    }

    private static func rows(
        _ document: ScoreDocument, class className: String, index: Int, family: MetricFamily, perSequence: Bool
    ) -> [[String]] {
        var rows: [[String]] = []
        for tracker in document.trackers {
            let combined = tracker.table.combined()
            guard index < combined.count else { continue }
            let last = combined[index]
            if rows.isEmpty {
                rows.append([title(of: family)] + last.scores.summary(of: family).map(\.name))
            }
            if perSequence {
                for sequence in tracker.table.sequences {
                    for row in tracker.table.rows(of: sequence) where row.className == className {
                        let name = document.trackers.count > 1 ? "\(tracker.name) \(sequence)" : sequence
                        rows.append([name] + row.scores.summary(of: family).map(\.summaryText))
                    }
                }
            }
            let name =
                perSequence ? (document.trackers.count > 1 ? "\(tracker.name) COMBINED" : "COMBINED") : tracker.name
            rows.append([name] + last.scores.summary(of: family).map(\.summaryText))
        }
        return rows
    }

    private static func title(of family: MetricFamily) -> String {
        switch family {
        case .hota: "HOTA"
        case .clear: "CLEAR"
        case .identity: "Identity"
        case .vace: "VACE"
        case .count: "Count"
        }
    }
}

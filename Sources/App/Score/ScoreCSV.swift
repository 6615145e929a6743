import Evaluation

/// Scores as CSV, in the columns of TrackEval's detailed files and with its numbers: shares from 0 to 1.
///
/// One tracker and one class: exactly the form of pedestrian_detailed.csv, with the last row COMBINED. Otherwise the
/// columns `tracker` and, for several classes, `class` come first.
enum ScoreCSV {
    /// The text, ending in a newline.
    static func text(_ document: ScoreDocument) -> String {
        let namesTracker = document.trackers.count > 1
        let namesClass = !document.hasOneClass
        var text = ""
        for tracker in document.trackers {
            let table = tracker.table
            let combined = table.combined()
            for last in combined {
                let rows =
                    table.sequences.flatMap { table.rows(of: $0).filter { $0.className == last.className } } + [last]
                if text.isEmpty {
                    let columns = columns(last.scores, document).map(\.name)
                    text =
                        cells(
                            (namesTracker ? ["tracker"] : []) + (namesClass ? ["class"] : []) + ["seq"] + columns)
                }
                for row in rows {
                    text += cells(
                        (namesTracker ? [tracker.name] : []) + (namesClass ? [row.className] : [])
                            + [row.sequence ?? "COMBINED"] + columns(row.scores, document).map { number($0) })
                }
            }
        }
        return text
    }

    private static func columns(_ scores: ProfileScores, _ document: ScoreDocument) -> [ScoreField] {
        scores.fields(of: document.families).flatMap(\.columns)
    }

    private static func number(_ field: ScoreField) -> String {
        switch field.value {
        case .count(let count): String(count)
        case .rate, .curve: field.number.isNaN ? "nan" : field.number.description
        }
    }

    private static func cells(_ cells: [String]) -> String {
        cells.map { cell in
            // By bytes: to Swift a return with a line feed is one character.
            guard cell.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return cell }
            return "\"" + cell.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",") + "\n"
    }
}

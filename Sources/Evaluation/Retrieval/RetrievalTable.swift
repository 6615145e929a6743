/// The retrieval results as a table for a terminal.
public enum RetrievalTable {
    /// Renders results, one line a gap, columns aligned, rates in percent, then what has to be said about them.
    ///
    /// Columns that are absent in every result are left out; a value that is absent in one is a dash. The text ends
    /// with a line break, and is empty without results.
    public static func text(_ results: [RetrievalResult]) -> String {
        guard !results.isEmpty else { return "" }
        let lines = cells(results)
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let table = lines.map { cells in
            zip(cells, widths).map { cell, width in String(repeating: " ", count: width - cell.count) + cell }
                .joined(separator: "  ")
        }
        return (table + notes(results)).map { $0 + "\n" }.joined()
    }

    /// The table's cells: a row of titles, then one a gap.
    public static func cells(_ results: [RetrievalResult]) -> [[String]] {
        let gaps =
            [["Δt", "seconds"]]
            + results.map { result in
                [
                    result.delta.map(String.init) ?? RetrievalColumns.absent,
                    result.deltaSeconds.map { RetrievalColumns.decimals($0, 2) } ?? RetrievalColumns.absent,
                ]
            }
        return zip(gaps, RetrievalColumns.cells(results)).map { $0 + $1 }
    }

    /// What has to be said about results, sentences.
    public static func notes(_ results: [RetrievalResult]) -> [String] {
        var notes: [String] = []
        let losing = results.filter(\.losesToHistogram)
        if !losing.isEmpty {
            let gaps = losing.map { $0.delta.map(String.init) ?? $0.requested.description }.joined(separator: ", ")
            notes.append(
                "At Δt \(gaps) the feature does not beat the colour histogram: it has not earned its forward pass "
                    + "there.")
        }
        if results.allSatisfy({ $0.queries == 0 }) {
            notes.append("No box of these frames has an identity that is there again at any Δt: nothing to retrieve.")
        }
        return notes
    }
}

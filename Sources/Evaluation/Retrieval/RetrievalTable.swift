internal import Foundation

/// The retrieval results as a table for a terminal.
public enum RetrievalTable {
    private static let absent = "–"

    private struct Column {
        let title: String
        let cell: (RetrievalResult) -> String

        init(_ title: String, _ cell: @escaping (RetrievalResult) -> String) {
            self.title = title
            self.cell = cell
        }

        init(_ title: String, percent rate: @escaping (RetrievalRates) -> Double?) {
            self.init(title) { RetrievalTable.percent(rate($0.rates)) }
        }
    }

    /// Renders results, one line a gap, columns aligned, rates in percent, then what has to be said about them.
    ///
    /// Columns that are absent in every result are left out; a value that is absent in one is a dash. The text ends
    /// with a line break, and is empty without results.
    public static func text(_ results: [RetrievalResult]) -> String {
        guard !results.isEmpty else { return "" }
        let columns = columns(for: results)
        let lines = [columns.map(\.title)] + results.map { result in columns.map { $0.cell(result) } }
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let table = lines.map { cells in
            zip(cells, widths).map { cell, width in String(repeating: " ", count: width - cell.count) + cell }
                .joined(separator: "  ")
        }
        return (table + notes(results)).map { $0 + "\n" }.joined()
    }

    private static func columns(for results: [RetrievalResult]) -> [Column] {
        let all = [
            Column("Δt") { $0.delta.map(String.init) ?? absent },
            Column("seconds") { result in result.deltaSeconds.map { decimals($0, 2) } ?? absent },
            Column("queries") { String($0.queries) },
            Column("top-1", percent: { $0.top1 }),
            Column("95 % of") { result in
                result.interval.map { "\(percent($0.lowerBound))–\(percent($0.upperBound))" } ?? absent
            },
            Column("Hungarian", percent: { $0.hungarian }),
            Column("same class", percent: { $0.sameClass }),
            Column("of misses", percent: { $0.sameClassOfMisses }),
            Column("mutual", percent: { $0.mutualPrecision }),
            Column("coverage", percent: { $0.mutualCoverage }),
            Column("recall@5", percent: { $0.recall5 }),
            Column("AUC", percent: { $0.auc }),
            Column("chance", percent: { $0.chance }),
            Column("IoU", percent: { $0.iouTop1 }),
            Column("centre", percent: { $0.centreTop1 }),
            Column("colours", percent: { $0.histogramTop1 }),
        ]
        return all.prefix(3) + all.dropFirst(3).filter { column in results.contains { column.cell($0) != absent } }
    }

    private static func notes(_ results: [RetrievalResult]) -> [String] {
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

    private static func percent(_ rate: Double?) -> String {
        rate.map { decimals($0 * 100, 1) } ?? absent
    }

    /// A number with a fixed count of decimals and a point, whatever the locale.
    private static func decimals(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", locale: Locale(identifier: "en_US_POSIX"), value)
    }
}

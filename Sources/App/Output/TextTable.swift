/// Rows of cells as lines of text: columns as wide as their widest cell.
enum TextTable {
    /// Rows of cells: the first column to the left, the others to the right.
    static func numbers(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            // A heading of one cell may run over the other columns.
            rows.filter { $0.count > 1 && column < $0.count }.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            guard row.count > 1 else { return (row.first ?? "") + "\n" }
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: max(0, widths[column] - cell.count))
                return column == 0 ? cell + padding : padding + cell
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// Rows of words: all columns to the left.
    static func words(_ rows: [[String]]) -> String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                // No blanks at the end of a line.
                if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            return line + "\n"
        }.joined()
    }
}

internal import Formats

/// The strata of one gap as a table for a terminal.
public enum StrataTable {
    /// Renders strata, one line each, what they divide by named once, columns aligned, rates in percent.
    ///
    /// The text ends with a line break, and is empty without strata.
    public static func text(_ strata: [StratumResult], classNames: [Int: String] = [:]) -> String {
        let lines = cells(strata, classNames: classNames)
        guard lines.count > 1 else { return "" }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        var previous = ""
        return lines.map { cells in
            var cells = cells
            if cells[0] == previous { cells[0] = "" } else { previous = cells[0] }
            var line = ""
            for (column, (cell, width)) in zip(cells, widths).enumerated() {
                let padding = String(repeating: " ", count: width - cell.count)
                line += (column == 0 ? "" : "  ") + (column < 2 ? cell + padding : padding + cell)
            }
            return line + "\n"
        }.joined()
    }

    /// The table's cells: a row of titles, then one a stratum; the first two columns name it.
    public static func cells(_ strata: [StratumResult], classNames: [Int: String] = [:]) -> [[String]] {
        let names = [["by", ""]] + strata.map { [$0.stratum.title, $0.stratum.name(classNames: classNames)] }
        return zip(names, RetrievalColumns.cells(strata)).map { $0 + $1 }
    }
}

extension RetrievalStratum {
    /// What it divides by, for people.
    public var title: String {
        switch self {
        case .classID: "class"
        case .size: "size, √area"
        case .visibility: "visible"
        case .occluded: "occluded"
        case .truncated: "truncated"
        case .attribute(let name, _): printable(name, limit: .max)
        }
    }

    /// Which group it is, for people; a class without a name is its number.
    public func name(classNames: [Int: String] = [:]) -> String {
        switch self {
        case .classID(let number): classNames[number].map { printable($0, limit: .max) } ?? String(number)
        case .size(let bin): bin.limits
        case .visibility(let bin): bin.limits
        case .occluded(let value), .truncated(let value): value ? "yes" : "no"
        case .attribute(_, let value): printable(value, limit: .max)
        }
    }
}

/// A table of a page, with what people need who cannot see it: a caption, and headers that say what they head.
struct HTMLTable {
    /// One cell.
    struct Cell {
        var text: String
        /// Smaller, below the text.
        var remark: String?
        /// A bar behind the text, 0 to 1.
        var share: Double?

        init(_ text: String, remark: String? = nil, share: Double? = nil) {
            self.text = text
            self.remark = remark
            self.share = share
        }
    }

    /// Rows below one heading.
    struct Group {
        var title: String?
        var rows: [[Cell]]
    }

    /// What the table shows.
    var caption: String
    var headers: [String]
    var groups: [Group]
    /// Rows that stay last however the table is sorted.
    var totals: [[Cell]] = []
    /// Whether the page's script lets readers sort the rows.
    var isSortable = false

    /// A table without groups.
    init(caption: String, headers: [String], rows: [[Cell]], totals: [[Cell]] = [], isSortable: Bool = false) {
        self.init(
            caption: caption, headers: headers, groups: [Group(title: nil, rows: rows)], totals: totals,
            isSortable: isSortable)
    }

    /// A table of groups.
    init(caption: String, headers: [String], groups: [Group], totals: [[Cell]] = [], isSortable: Bool = false) {
        self.caption = caption
        self.headers = headers
        self.groups = groups
        self.totals = totals
        self.isSortable = isSortable
    }

    /// With more columns than this the text is smaller and closer, so that a page 1200 pixels wide shows them all.
    private static let manyColumns = 13

    /// The table, in a frame that scrolls where the table is wider than the page.
    func html() -> String {
        let caption = HTML.escaped(caption)
        let numeric = headers.indices.map { isNumeric($0) }
        let head = zip(headers, numeric).map { title, isNumeric in
            // A title of one word stays in one piece, even where it has a hyphen.
            let names = [isNumeric ? "n" : nil, title.contains(" ") ? nil : "word"].compactMap { $0 }
            return "<th scope=\"col\"\(Self.attribute(names))>\(HTML.escaped(title))</th>"
        }.joined()
        let bodies = groups.map { group in
            var rows = group.rows.map { row($0, numeric) }.joined()
            if let title = group.title {
                let heading = "<th scope=\"rowgroup\" colspan=\"\(headers.count)\">\(HTML.escaped(title))</th>"
                rows = "<tr class=\"group\">\(heading)</tr>\n" + rows
            }
            return "<tbody>\n\(rows)</tbody>\n"
        }.joined()
        let foot = totals.isEmpty ? "" : "<tfoot>\n\(totals.map { row($0, numeric) }.joined())</tfoot>\n"
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(caption)">
            <table\(headers.count > Self.manyColumns ? " class=\"wide\"" : "")\(isSortable ? " data-sortable" : "")><caption>\(caption)</caption>
            <thead><tr>\(head)</tr></thead>
            \(bodies)\(foot)</table>
            </div>

            """
    }

    private func row(_ cells: [Cell], _ numeric: [Bool]) -> String {
        let row = zip(cells, numeric).enumerated().map { column, item in
            let (cell, isNumeric) = item
            var content = HTML.escaped(cell.text)
            if let remark = cell.remark { content += "<small>\(HTML.escaped(remark))</small>" }
            guard column > 0 else {
                // A short name stays in one piece.
                return "<th scope=\"row\"\(Self.attribute(cell.text.count <= 24 ? ["word"] : []))>\(content)</th>"
            }
            let names = [isNumeric ? "n" : nil, cell.share == nil ? nil : "bar"].compactMap { $0 }
            let style = cell.share.map { " style=\"--v:\(HTML.number(min(max($0, 0), 1) * 100))%\"" } ?? ""
            return "<td\(Self.attribute(names))\(style)>\(content)</td>"
        }.joined()
        return "<tr>\(row)</tr>\n"
    }

    private static func attribute(_ names: [String]) -> String {
        names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
    }

    /// Whether a column holds numbers, or nothing, in every row; the first one names the rows.
    private func isNumeric(_ column: Int) -> Bool {
        column > 0
            && (groups.flatMap(\.rows) + totals).allSatisfy { row in
                guard column < row.count, let first = row[column].text.first else { return true }
                return first.isNumber || "–−-+".contains(first)
            }
    }
}

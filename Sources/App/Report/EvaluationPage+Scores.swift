extension EvaluationPage {
    /// Tracking scores: with several tables first what all sequences together give, then each folded away.
    var scoresSection: String {
        guard scores.count > 1 else { return scores.map { Self.html($0) }.joined() }
        let sums = scores.compactMap { table -> [String]? in
            guard table.totals == 1, table.headers == scores[0].headers, let last = table.rows.last else { return nil }
            return [table.title] + last.dropFirst()
        }
        guard sums.count == scores.count else {
            return scores.map { HTML.details($0.title, isOpen: true, Self.html($0)) }.joined()
        }
        let overview = Table(
            title: "All sequences together", headers: ["scores"] + scores[0].headers.dropFirst(), rows: sums)
        return Self.html(overview) + scores.map { HTML.details($0.title, Self.html($0)) }.joined()
    }

    private static func html(_ table: Table) -> String {
        let rows = table.rows.map { row in row.map { HTMLTable.Cell($0) } }
        let totals = min(max(table.totals, 0), rows.count)
        return HTMLTable(
            caption: table.title + (table.explanation.isEmpty ? "" : ". " + table.explanation), headers: table.headers,
            rows: rows.dropLast(totals), totals: rows.suffix(totals), isSortable: rows.count - totals > 1
        ).html()
    }

    /// What the measures are, for readers who meet them here first.
    static var terms: String {
        let terms = [
            ("Δt", "how many frames (or seconds) lie between the two frames that are compared"),
            ("query", "a box whose identity is there again Δt later; the gallery is all boxes of that later frame"),
            ("top-1", "queries whose nearest box by the feature is the same object"),
            (
                "top-1, 95 % interval",
                "where 95 % of the top-1 rates lie when the sequences are drawn again and again, with replacement; "
                    + "absent with fewer than two sequences"
            ),
            ("Hungarian", "queries that get their object in the best one-to-one assignment of the two frames"),
            ("same class, of misses", "queries whose nearest box is of their class; of those that missed their object"),
            (
                "mutual, coverage",
                "of the queries that are the nearest box of their nearest box, how many are right; how many there are"
            ),
            ("recall@5", "queries whose object is among the five nearest boxes"),
            ("AUC", "how well the similarity tells same from different pairs, area under the ROC curve"),
            (
                "chance, IoU, centre, colours",
                "the same queries answered by drawing lots, by overlap, by distance, and by a colour histogram"
            ),
            ("class gate", "only boxes of the query's class are in the gallery"),
            ("HOTA, DetA, AssA, LocA", "Luiten et al. 2020: the balance of detection and association, and its parts"),
            ("MOTA, IDSW, FP, FN", "CLEAR MOT at IoU 0.5: errors of detection and switches of identity"),
            ("IDF1", "F1 of the best one-to-one assignment of whole tracks to whole objects"),
        ]
        let list = terms.map { "<dt>\(HTML.escaped($0.0))</dt><dd>\(HTML.escaped($0.1))</dd>\n" }.joined()
        return HTML.details("Terms", "<dl class=\"terms\">\n\(list)</dl>\n")
    }
}

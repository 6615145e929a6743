import Evaluation

extension EvaluationPage {
    /// For which boxes retrieval works: top-1 of every stratum at every gap, then all figures a gap.
    var strataSection: String {
        retrieval.filter { entry in entry.strata.contains { !$0.isEmpty } }.enumerated().map { position, entry in
            // Without a model there is no top-1 to compare.
            var content = entry.hasFeatures ? strataOverview(entry) : ""
            for (result, strata) in zip(entry.results, entry.strata) where !strata.isEmpty {
                content += HTML.details(
                    "All figures at \(result.gapTitle)", strataTable(entry, result, strata))
            }
            return HTML.details(entry.title, isOpen: position == 0, content)
        }.joined()
    }

    private func strataOverview(_ entry: Retrieval) -> String {
        let all = Set(entry.strata.joined().map(\.stratum)).sorted()
        let results = entry.strata.map { strata in
            Dictionary(strata.map { ($0.stratum, $0) }, uniquingKeysWith: { first, _ in first })
        }
        let groups = Self.groups(all) { stratum in
            [HTMLTable.Cell(stratum.name(classNames: classNames))] + results.map { Self.rate($0[stratum]) }
        }
        return HTMLTable(
            caption: "\(entry.title): top-1 by what the query is, % of queries; below it how many queries",
            headers: ["stratum"] + entry.results.map(\.gapTitle), groups: groups,
            totals: [[HTMLTable.Cell("all queries")] + entry.results.map { Self.rate($0) }]
        ).html()
    }

    private func strataTable(_ entry: Retrieval, _ result: RetrievalResult, _ strata: [StratumResult]) -> String {
        let cells = StrataTable.cells(strata, classNames: classNames)
        // The first column names the group, which is a heading here.
        let headers = ["stratum"] + cells[0].dropFirst(2)
        let rows = Dictionary(zip(strata.map(\.stratum), cells.dropFirst()), uniquingKeysWith: { first, _ in first })
        let shares = Dictionary(
            strata.map { ($0.stratum, $0.rates.top1) }, uniquingKeysWith: { first, _ in first })
        let column = headers.firstIndex(of: "top-1")
        let groups = Self.groups(strata.map(\.stratum)) { stratum in
            (rows[stratum] ?? []).dropFirst().enumerated().map { index, text in
                HTMLTable.Cell(text, share: index == column ? shares[stratum] ?? nil : nil)
            }
        }
        return HTMLTable(
            caption: "\(entry.title), \(result.gapTitle): every figure by what the query is, % of queries",
            headers: headers, groups: groups
        ).html()
    }

    /// Strata that divide by the same thing, together.
    private static func groups(
        _ strata: [RetrievalStratum], row: (RetrievalStratum) -> [HTMLTable.Cell]
    ) -> [HTMLTable.Group] {
        var groups: [HTMLTable.Group] = []
        for stratum in strata {
            if groups.last?.title != stratum.title { groups.append(.init(title: stratum.title, rows: [])) }
            groups[groups.count - 1].rows.append(row(stratum))
        }
        return groups
    }
}

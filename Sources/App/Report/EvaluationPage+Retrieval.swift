import Evaluation

extension EvaluationPage {
    /// Accuracy over the gap: figures of all models, then a table a model.
    var retrievalSection: String {
        guard !retrieval.isEmpty else { return "" }
        var text = Self.figures(
            [false, true].compactMap { gate in
                RetrievalFigure(models: retrieval.filter { $0.classGate == gate })?.html(
                    title: "Nearest box over Δt, " + (gate ? "among boxes of the query's class" : "among all boxes"))
            })
        var models: [String] = []
        for entry in retrieval where !models.contains(entry.model) { models.append(entry.model) }
        for model in models {
            let entries = retrieval.filter { $0.model == model }
            text += "<h3>\(HTML.escaped(model))</h3>\n"
            for entry in entries {
                text += Self.table(
                    caption: "\(entry.title): retrieval at each Δt, % of queries", RetrievalTable.cells(entry.results),
                    shares: entry.results.map(\.rates.top1))
                text += HTML.paragraphs(RetrievalTable.notes(entry.results))
            }
            text += Self.figures(
                entries.compactMap { entry in
                    RetrievalFigure(classesOf: entry, names: classNames)?.html(
                        title: "\(entry.title): nearest box over Δt, by the query's class")
                })
        }
        return text
    }

    /// Figures side by side, as far as there is room.
    private static func figures(_ figures: [String]) -> String {
        figures.isEmpty ? "" : "<div class=\"figures\">\n\(figures.joined())</div>\n"
    }

    /// Every sequence by itself: top-1 at each gap.
    var sequencesSection: String {
        retrieval.filter { !$0.sequences.isEmpty }.enumerated().map { position, entry in
            // Without a model there are only baselines.
            let gaps = entry.hasFeatures ? entry.results.map(\.gapTitle) : []
            let headers = ["sequence"] + gaps + ["IoU", "colours"]
            // Baselines at the longest gap that has queries, where they say most.
            let place = entry.longestGap
            func row(_ name: String, _ results: [RetrievalResult]) -> [HTMLTable.Cell] {
                let longest = place.flatMap { results.indices.contains($0) ? results[$0].rates : nil }
                return [HTMLTable.Cell(name)] + (entry.hasFeatures ? results.map { Self.rate($0) } : [])
                    + [.init(Self.percent(longest?.iouTop1)), .init(Self.percent(longest?.histogramTop1))]
            }
            let longest = place.map { " at \(entry.results[$0].gapTitle)" } ?? ""
            let subject = entry.hasFeatures ? "top-1 of each sequence by itself" : "each sequence by itself"
            let table = HTMLTable(
                caption:
                    "\(entry.title): \(subject), % of queries; IoU and colours\(longest)",
                headers: headers, rows: entry.sequences.map { row($0.name, $0.results) },
                totals: [row("all", entry.results)], isSortable: true)
            return HTML.details(entry.title, isOpen: position == 0, table.html())
        }.joined()
    }

    /// A table of texts whose second of the rates' columns has bars.
    static func table(caption: String, _ cells: [[String]], shares: [Double?]) -> String {
        guard let headers = cells.first else { return "" }
        let column = headers.firstIndex(of: "top-1")
        let rows = zip(cells.dropFirst(), shares).map { row, share in
            row.enumerated().map { HTMLTable.Cell($1, share: $0 == column ? share : nil) }
        }
        return HTMLTable(caption: caption, headers: headers, rows: rows).html()
    }

    /// A top-1 rate with a bar and the number of its queries.
    static func rate(_ figures: (any RetrievalFigures)?) -> HTMLTable.Cell {
        guard let figures, figures.queries > 0 else { return .init("–") }
        return .init(percent(figures.rates.top1), remark: "\(figures.queries)", share: figures.rates.top1)
    }

    static func percent(_ rate: Double?) -> String { rate.map { decimal($0 * 100, 1) } ?? "–" }
}

extension EvaluationPage.Retrieval {
    /// What the page calls it.
    var title: String { model + (classGate ? " · class gate" : "") }

    /// Whether anything was found by features; without a model only baselines were.
    var hasFeatures: Bool { results.contains { $0.rates.top1 != nil } }

    /// The index of the longest gap with queries; nil where there are none at any.
    var longestGap: Int? {
        results.indices.filter { results[$0].queries > 0 }.max { left, right in
            // At any rate, since gaps in frames and in seconds have to be compared.
            (results[left].requested.frames(at: 30) ?? 0) < (results[right].requested.frames(at: 30) ?? 0)
        }
    }
}

extension RetrievalResult {
    /// The gap as a table's column is called.
    var gapTitle: String {
        // Spaces at which no line breaks.
        guard case .frames = requested, let deltaSeconds else { return "Δt\u{A0}\(requested)" }
        return "Δt\u{A0}\(requested) (\(AccuracyFigure.short(deltaSeconds))\u{A0}s)"
    }
}

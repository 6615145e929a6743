import Evaluation

/// A sweep as a table for a terminal.
enum SweepTable {
    /// Configurations that are listed where there are more than that.
    private static let listed = 40
    private static let best = 10

    /// The text, ending in a newline.
    static func text(_ report: SweepReport) -> String {
        let result = report.result
        let state = report.interrupted ? "interrupted after " : ""
        let count = report.sequences.count
        var text =
            "\(state)\(report.totals.frames) frames, \(report.totals.boxes) boxes, \(count) "
            + "sequence\(count == 1 ? "" : "s"); \(report.passes) frames embedded, \(result.rows.count) configurations\n"
        text += "model: \(report.model), tiling \(report.tiling), \(report.precision)\n"
        if report.totals.decodeErrors > 0 {
            text += "degraded: \(report.totals.decodeErrors) decoding errors; --strict makes this an error\n"
        }
        text +=
            "\(decimal(report.seconds.total, 1)) s, of which \(decimal(report.seconds.embed, 1)) s in the network\n\n"
        guard result.rows.contains(where: { $0.counts.contains { $0.queries > 0 } }) else {
            return text + "No box has an identity that is there again at any Δt: nothing to choose by.\n"
        }
        var rows = [["  correct at Δt"] + result.deltas.map(\.description) + ["score %", "blocks", "GFLOP", "numbers"]]
        rows.append(["  of queries"] + (result.rows.first?.counts.map { "\($0.queries)" } ?? []) + ["", "", "", ""])
        let shown = shownRows(result)
        for index in shown {
            let row = result.rows[index]
            rows.append(
                ["\(row.isOnFront ? "*" : " ") \(row.configuration.text)"] + row.counts.map { "\($0.top1)" } + [
                    decimal(row.tradeoff.score * 100, 1), "\(row.configuration.blocksRun)",
                    decimal(row.tradeoff.operations / 1e9, 1), "\(row.tradeoff.dimension)",
                ])
        }
        text += TextTable.numbers(rows)
        if shown.count < result.rows.count {
            text += "… and \(result.rows.count - shown.count) more, which --out and --csv list\n"
        }
        text += "\n* nothing is better for as few operations and numbers (score: Δt \(report.range))\n"
        return text + choice(report)
    }

    /// All rows, or the front and the best ones.
    private static func shownRows(_ result: SweepResult) -> [Int] {
        guard result.rows.count > listed else { return Array(result.rows.indices) }
        let falling = result.rows.indices.sorted {
            let (left, right) = (result.rows[$0].tradeoff.score, result.rows[$1].tradeoff.score)
            return left != right ? left > right : $0 < $1
        }
        let chosen = Set(falling.prefix(best)).union(result.rows.indices.filter { result.rows[$0].isOnFront })
        return chosen.sorted()
    }

    private static func choice(_ report: SweepReport) -> String {
        let result = report.result
        guard let winner = result.winner else { return "" }
        var text = "best: \(winner.configuration.text), \(decimal(winner.tradeoff.score * 100, 1)) %"
        guard let heldOut = result.selection.heldOut else {
            return text + ", on the frames it was chosen by; give more sequences for a figure that can be reported\n"
        }
        text +=
            " on the sequences it was chosen by\nheld out: \(decimal(100 * Double(heldOut.top1) / Double(heldOut.queries), 1)) %, "
            + "each sequence with what is best on the others:\n"
        for fold in result.selection.folds {
            text +=
                "  \(report.sequences[fold.sequence].name): \(fold.counts.top1) of \(fold.counts.queries) with "
                + "\(result.rows[fold.chosen].configuration.text)\n"
        }
        return text
    }
}

import Evaluation

/// A comparison as tables for a terminal: a line an entry, a column a gap.
enum ComparisonTable {
    /// The text, ending in a newline.
    static func text(_ comparison: Comparison) -> String {
        let state = comparison.interrupted ? "interrupted after " : ""
        let names = comparison.sequences.count == 1 ? "1 sequence" : "\(comparison.sequences.count) sequences"
        var text = "\(state)\(comparison.totals.frames) frames, \(comparison.totals.boxes) boxes, \(names)\n"
        if comparison.totals.decodeErrors > 0 {
            text += "degraded: \(comparison.totals.decodeErrors) decoding errors; --strict makes this an error\n"
        }
        if comparison.totals.boxesWithoutFrame > 0 {
            text += "\(comparison.totals.boxesWithoutFrame) boxes are on frames that the videos do not have\n"
        }
        text +=
            "\(decimal(comparison.seconds.total, 1)) s, of which \(decimal(comparison.seconds.embed, 1)) s in networks\n"
        guard let first = comparison.entries.first else { return text }
        text += "\n"
        var rows = [["Δt"] + first.points.map(\.requested), ["queries"] + first.points.map { "\($0.queries)" }]
        let seconds = first.points.map { $0.seconds.map { decimal($0, 2) } ?? "–" }
        if seconds.contains(where: { $0 != "–" }) { rows.insert(["seconds"] + seconds, at: 1) }
        rows.append(["same object, %"])
        for entry in comparison.entries { rows.append([entry.label] + entry.points.map { percent($0.instance) }) }
        rows.append(["same class, %"])
        for entry in comparison.entries { rows.append([entry.label] + entry.points.map { percent($0.sameClass) }) }
        text += TextTable.numbers(rows)
        let losing = comparison.entries.filter { ($0.retrieval ?? []).contains(where: \.losesToHistogram) }
        if !losing.isEmpty { text += "\n" }
        for entry in losing {
            let gaps = (entry.retrieval ?? []).filter(\.losesToHistogram).map(\.requested.description)
            text += "\(entry.label) does not beat the colour histogram at Δt \(gaps.joined(separator: ", "))\n"
        }
        return text
    }

    private static func percent(_ rate: Double?) -> String { rate.map { decimal($0 * 100, 1) } ?? "–" }
}

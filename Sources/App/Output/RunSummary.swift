import Evaluation

/// What a run prints when it is done: what was used, what came out, and the retrieval table.
struct RunSummary {
    let report: Report
    /// What the model was used with; nil without one.
    let appearance: String?

    /// The text, ending in a newline.
    func text(tracksPath: String) -> String {
        var lines: [String] = []
        let state = report.interrupted ? "interrupted after " : ""
        lines.append(
            "\(state)\(report.frames) frames, \(report.boxes) boxes, \(report.tracks) tracks"
                + (tracksPath == "-" ? "" : " → \(tracksPath)"))
        lines.append("model: \(appearance ?? "none (motion alone)")")
        if let tiles = report.tiles, tiles.skipped + tiles.reused > 0 {
            lines.append(
                "\(tiles.embedded) tiles embedded, \(tiles.skipped) skipped that no box touches, "
                    + "\(tiles.reused) reused")
        }
        if let high = report.highNormTokens {
            lines.append(
                "\(high.count) of \(high.tokens) tokens are high-norm, on \(high.frames) frames"
                    + (high.dropped ? ", left out of pooling" : ""))
        }
        if report.boxesUntracked > 0 {
            lines.append(
                "\(report.boxesUntracked) boxes have no track: not confident enough for birth_confidence or "
                    + "minimum_confidence, or at a border for no longer than return_wait_seconds, of the tracker's "
                    + "configuration")
        }
        if report.degraded {
            lines.append("degraded: \(report.decodeErrors) decoding errors; --strict makes this an error")
        }
        if report.irregularFrames > 0 {
            lines.append(
                "\(report.irregularFrames) frames lie off the frame grid; --frame-numbers count numbers them one by one"
            )
        }
        if report.boxesWithoutFrame > 0 {
            lines.append("\(report.boxesWithoutFrame) boxes are on frames that the video does not have")
        }
        let seconds = report.seconds
        let rate = Double(report.frames) / max(seconds.total, 1e-9)
        lines.append(
            "\(decimal(seconds.total, 2)) s, \(decimal(rate, 1)) frames/s (decode \(decimal(seconds.decode, 2)) s, "
                + "embed \(decimal(seconds.embed, 2)) s, pool \(decimal(seconds.pool, 2)) s, "
                + "associate \(decimal(seconds.associate, 3)) s)")
        var text = lines.joined(separator: "\n") + "\n"
        if report.retrieval.contains(where: { $0.queries > 0 }) {
            text += "\n" + RetrievalTable.text(report.retrieval)
            if !text.hasSuffix("\n") { text += "\n" }
        }
        return text
    }

    /// Prints to standard output, or to standard error where data is on standard output.
    func print(tracksPath: String, toStandardError: Bool, quiet: Bool) throws(AppError) {
        guard !quiet else { return }
        try printOut(text(tracksPath: tracksPath), toStandardError: toStandardError)
    }
}

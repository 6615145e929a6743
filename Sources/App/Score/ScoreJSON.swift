import Evaluation

/// Scores as JSON: {"trackers": {NAME: {"sequences": {SEQ: {"HOTA": …}}, "combined": {…}}}}, shares from 0 to 100.
///
/// Benchmarks of several classes have `{"classes": {CLASS: {…}}}` in the place of the figures. See docs/formats.md.
enum ScoreJSON {
    /// The text, ending in a newline.
    static func text(_ document: ScoreDocument) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("benchmark", document.benchmark.rawValue)
            writer.member("profile", document.profile.rawValue)
            writer.member("split", document.split)
            writer.member("half", document.half?.rawValue)
            writer.member("partial", document.isPartial)
            writer.key("skipped")
            reasons(document.skipped, &writer)
            writer.key("notes")
            writer.array(document.notes) { writer, note in writer.string(note) }
            writer.key("trackers")
            writer.object { writer in
                for tracker in document.trackers {
                    writer.key(tracker.name)
                    self.tracker(tracker, document, &writer)
                }
            }
        }
        return writer.text + "\n"
    }

    /// The object of one tracker.
    static func tracker(_ tracker: ScoreDocument.Tracker, _ document: ScoreDocument, _ writer: inout JSONWriter) {
        let table = tracker.table
        writer.object { writer in
            writer.key("sequences")
            writer.object { writer in
                for sequence in table.sequences {
                    writer.key(sequence)
                    rows(table.rows(of: sequence), document, table.classes, &writer)
                }
            }
            writer.key("combined")
            rows(table.combined(), document, table.classes, &writer)
            if !tracker.missing.isEmpty {
                writer.key("missing")
                writer.array(tracker.missing) { writer, name in writer.string(name) }
            }
            if !tracker.failed.isEmpty {
                writer.key("failed")
                reasons(tracker.failed, &writer)
            }
        }
    }

    private static func rows(
        _ rows: [ScoreTable.Row], _ document: ScoreDocument, _ classes: Evaluation.ClassList, _ writer: inout JSONWriter
    ) {
        if document.hasOneClass {
            writer.object { writer in
                if let row = rows.first { fields(row.scores.fields(of: document.families), &writer) }
            }
            return
        }
        let names = Set(classes.evaluated.map(\.name))
        writer.object { writer in
            writer.key("classes")
            writer.object { writer in
                for row in rows where names.contains(row.className) {
                    writer.key(row.className)
                    writer.object { fields(row.scores.fields(of: document.families), &$0) }
                }
            }
            for row in rows where !names.contains(row.className) {
                writer.key(row.className)
                writer.object { fields(row.scores.fields(of: document.families), &$0) }
            }
        }
    }

    private static func fields(_ fields: [ScoreField], _ writer: inout JSONWriter) {
        for field in fields {
            writer.key(field.name)
            if case .count(let count) = field.value { writer.number(count) } else { writer.number(field.scaledNumber) }
            if case .curve(let curve) = field.value {
                writer.key("\(field.name)_curve")
                writer.numbers(field.isPercentage ? curve.map { 100 * $0 } : curve)
            }
        }
    }

    private static func reasons(_ sequences: [SkippedSequence], _ writer: inout JSONWriter) {
        writer.array(sequences) { writer, sequence in
            writer.object { writer in
                writer.member("sequence", sequence.name)
                writer.member("reason", sequence.reason)
            }
        }
    }
}

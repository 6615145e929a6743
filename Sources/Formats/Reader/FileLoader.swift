/// Reads a whole file of boxes into a table.
struct FileLoader {
    let source: String
    let options: BoxOptions
    private var lines: LineReader
    private var rows: [StoredRow] = []
    /// Every frame that the file names, with neighbouring repetitions left out.
    private var frames: [Int32] = []

    /// What was read.
    struct Result {
        let format: BoxFormat
        let table: BoxTable
        let summary: BoxSummary
    }

    init(_ lines: LineReader, source: String, options: BoxOptions) {
        self.lines = lines
        self.source = source
        self.options = options
    }

    /// Reads to the end of the input, decides the format where the options do not, filters, sorts and checks.
    ///
    /// - Parameter deadline: for input that comes as it is written; nil for files.
    mutating func load(_ shape: FormatSniffer.Shape, deadline: Deadline? = nil) throws(FormatError) -> Result {
        let format: BoxFormat
        var summary: BoxSummary
        switch shape {
        case .mot:
            format = try readMOT()
            summary = try filterRows(format: format)
        case .jsonLines:
            format = .jsonLines
            summary = try readJSONLines()
        case .scalabel:
            format = .scalabel
            let document = try ScalabelDocument.read(
                ScalabelFrames(lines, source: source, deadline: deadline), source: source,
                videoName: options.videoName, maximumRows: BoxTable.maximumRows)
            rows = document.rows
            frames = document.frames
            summary = try filterRows(format: format, summary: document.summary)
        }
        let table = try BoxTable(rows: rows, frames: frames, source: source, maximumBoxes: options.maximumBoxes)
        summary.frames = table.frameCount
        return Result(format: format, table: table, summary: summary)
    }

    /// Reads MOT text and decides whether it is a ground truth: that takes every row (docs/formats.md).
    private mutating func readMOT() throws(FormatError) -> BoxFormat {
        var couldBeGroundTruth = options.format != .motDetections
        while let line = try lines.next(deadline: nil) {
            guard let row = try MOTRow.parse(lines.bytes, line, at: lines.place) else { continue }
            if couldBeGroundTruth, let breach = row.breachOfGroundTruth {
                if options.format == .motGT { throw .notGroundTruth(lines.place, found: breach) }
                couldBeGroundTruth = false
            }
            try append(row.stored)
        }
        if options.format == .motGT { return .motGT }
        return couldBeGroundTruth && !rows.isEmpty ? .motGT : .motDetections
    }

    private mutating func readJSONLines() throws(FormatError) -> BoxSummary {
        var filter = RowFilter(format: .jsonLines, options: options, source: source)
        while let range = try lines.next(deadline: nil) {
            let line = try JSONLine.parse(
                lines.bytes, range, at: lines.place, frameRate: options.frameRate, firstRow: filter.summary.rows + 1)
            guard let line else { continue }
            if frames.last != line.frame { frames.append(line.frame) }
            for row in line.rows where try filter.keeps(row) { try append(row) }
        }
        return filter.summary
    }

    private mutating func append(_ row: StoredRow) throws(FormatError) {
        if rows.count == BoxTable.maximumRows {
            throw .inputTooLarge(source: source, limit: BoxTable.maximumRows, unit: "boxes")
        }
        if frames.last != row.frame { frames.append(row.frame) }
        rows.append(row)
    }

    /// Drops what the options leave out, in place.
    private mutating func filterRows(
        format: BoxFormat, summary: BoxSummary = BoxSummary()
    ) throws(FormatError) -> BoxSummary {
        var filter = RowFilter(format: format, options: options, source: source, summary: summary)
        var kept = 0
        for index in rows.indices where try filter.keeps(rows[index]) {
            rows[kept] = rows[index]
            kept += 1
        }
        rows.removeLast(rows.count - kept)
        return filter.summary
    }
}

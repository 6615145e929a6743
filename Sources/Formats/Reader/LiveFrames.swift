import Geometry

/// Boxes that come as somebody writes them, in frame order (docs/formats.md).
///
/// A frame is complete at its frame object, at a row of a later frame, or at the end; that is when `next` returns it.
/// What is waiting is one frame and the line that completed it, so that memory is bounded.
struct LiveFrames {
    /// The format; for MOT text nil until the first frame is complete.
    private(set) var format: BoxFormat?
    private let source: String
    private let options: BoxOptions
    private var lines: LineReader
    private var filter: RowFilter
    private var check: FrameCheck
    /// The frame that is being gathered.
    private var pending: [StoredRow] = []
    private var pendingFrame: Int32?
    /// The frame that `next` returned last; 0 before the first.
    private var finished: Int32 = 0
    /// The line that completed the last frame and belongs to the next one.
    private var held: Item?
    /// Whether a row of the first frame breaks the ground-truth rule.
    private var breaksGroundTruth = false
    private var rowsRead = 0

    /// Rows that the first frame may have before its format, and with it the filter, is known.
    private static let maximumUndecided = 100_000

    /// What one line says.
    private struct Item {
        var frame: Int32
        var rows: [StoredRow]
        var isFrameObject: Bool
        var breach: String?
        var place: SourcePlace
    }

    /// - Parameter shape: rows of numbers or JSON Lines.
    init(_ lines: LineReader, shape: FormatSniffer.Shape, source: String, options: BoxOptions) {
        self.lines = lines
        self.source = source
        self.options = options
        format = shape == .jsonLines ? .jsonLines : options.format
        filter = RowFilter(format: format ?? .motDetections, options: options, source: source)
        check = FrameCheck(source: source, maximumBoxes: options.maximumBoxes)
    }

    /// The counts so far.
    var summary: BoxSummary { filter.summary }

    /// The next complete frame; nil at the end of the input.
    ///
    /// After `timedOut` what was gathered stays, and the next call goes on from there.
    mutating func next(deadline: Deadline?, frameRate: Double?) throws(FormatError) -> FrameBoxes? {
        while let item = try takeItem(deadline: deadline, frameRate: frameRate) {
            let current = pendingFrame ?? finished
            if item.frame < current || (pendingFrame == nil && item.frame == finished) {
                throw .finishedFrame(item.place, frame: Int(item.frame), current: Int(current))
            }
            if let pendingFrame, item.frame > pendingFrame {
                held = item
                return try complete(pendingFrame)
            }
            try add(item)
            if item.isFrameObject { return try complete(item.frame) }
        }
        guard let pendingFrame else { return nil }
        return try complete(pendingFrame)
    }

    private mutating func add(_ item: Item) throws(FormatError) {
        if let breach = item.breach {
            if format == .motGT { throw .notGroundTruth(item.place, found: breach) }
            breaksGroundTruth = true
        }
        pendingFrame = item.frame
        let limit = format == nil ? max(options.maximumBoxes, Self.maximumUndecided) : options.maximumBoxes
        for row in item.rows {
            if format != nil, try !filter.keeps(row) { continue }
            if pending.count >= limit {
                throw .tooManyBoxes(SourcePlace(source: source, line: row.line), frame: Int(item.frame), limit: limit)
            }
            pending.append(row)
        }
    }

    private mutating func complete(_ frame: Int32) throws(FormatError) -> FrameBoxes {
        var rows = pending
        pending.removeAll(keepingCapacity: true)
        pendingFrame = nil
        finished = frame
        if format == nil {
            let decided: BoxFormat = breaksGroundTruth ? .motDetections : .motGT
            format = decided
            filter = RowFilter(format: decided, options: options, source: source)
            var kept: [StoredRow] = []
            for row in rows where try filter.keeps(row) { kept.append(row) }
            rows = kept
        }
        try check.check(rows, frame: frame)
        filter.summary.frames += 1
        return FrameBoxes(frame: FrameIndex(Int(frame)), boxes: rows.map(\.record))
    }

    private mutating func takeItem(deadline: Deadline?, frameRate: Double?) throws(FormatError) -> Item? {
        if let item = held {
            held = nil
            return item
        }
        while let range = try lines.next(deadline: deadline) {
            let place = lines.place
            if format == .jsonLines {
                let line = try JSONLine.parse(
                    lines.bytes, range, at: place, frameRate: frameRate, firstRow: rowsRead + 1)
                guard let line else { continue }
                rowsRead += line.rows.count
                return Item(
                    frame: line.frame, rows: line.rows, isFrameObject: line.isFrameObject, breach: nil, place: place)
            }
            guard let row = try MOTRow.parse(lines.bytes, range, at: place) else { continue }
            let breach = format == .motDetections ? nil : row.breachOfGroundTruth
            return Item(frame: row.stored.frame, rows: [row.stored], isFrameObject: false, breach: breach, place: place)
        }
        return nil
    }
}

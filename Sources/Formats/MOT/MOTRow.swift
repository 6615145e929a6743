/// One row of MOTChallenge text, as TrackEval and the MOT devkit read it.
///
/// `frame, id, left, top, width, height[, confidence[, class[, visibility, …]]]`. Columns are parted by a comma or a
/// semicolon with blanks and tabs around it, or by blanks and tabs alone; one separator may follow the last column.
/// Whole numbers may be written `7.0`. Columns after the eighth are counted and not read.
struct MOTRow {
    /// The row, with class 1 where the eighth column holds no class and confidence 1 where there is no seventh.
    var stored: StoredRow
    /// How many columns the row has.
    var columns: Int
    /// Whether the eighth column is a whole number of at least 1, as a ground truth's class is.
    var hasClass: Bool
    /// Why the row cannot belong to a ground truth; nil where it can (docs/formats.md).
    var breachOfGroundTruth: String? {
        if columns < 8 { return "the row has \(columns) columns" }
        if stored.identity < 0 { return "the id is below 0" }
        if !hasClass { return "the class is not a whole number of at least 1" }
        if stored.confidence != 0, stored.confidence != 1 { return "the confidence is neither 0 nor 1" }
        return nil
    }

    /// Parses one line; nil where it is blank.
    ///
    /// - Throws: `malformed` or `encoding` with the line's place. Numbers that merely cannot be used as a box (NaN,
    ///   negative sides and so on) are no error here: `StoredRow.fault` finds them.
    static func parse(_ bytes: [UInt8], _ line: Range<Int>, at place: SourcePlace) throws(FormatError) -> MOTRow? {
        var parser = MOTRowParser(bytes: bytes, line: line, place: place)
        return try parser.row()
    }
}

private struct MOTRowParser {
    let bytes: [UInt8]
    let end: Int
    let place: SourcePlace
    var position: Int
    var column = 0

    private static let columnNames = ["frame", "id", "left", "top", "width", "height", "confidence", "class"]

    init(bytes: [UInt8], line: Range<Int>, place: SourcePlace) {
        self.bytes = bytes
        self.place = place
        position = line.lowerBound
        end = line.upperBound
    }

    mutating func row() throws(FormatError) -> MOTRow? {
        skipBlanks()
        if position == end { return nil }
        let frame = try frameNumber()
        let identity = hasNext() ? try self.identity() : -1
        var stored = StoredRow(
            x: 0, y: 0, width: 0, height: 0, confidence: 1, identity: identity, frame: frame, classID: 1,
            row: place.line ?? 0,
            line: place.line ?? 0)
        try needNext()
        stored.x = try number().value
        try needNext()
        stored.y = try number().value
        try needNext()
        stored.width = try number().value
        try needNext()
        stored.height = try number().value
        var hasClass = false
        if hasNext() {
            stored.confidence = try number().value
            if hasNext(), case .exact(let value) = try number().whole, let classID = Int32(exactly: value), classID >= 0
            {
                stored.classID = classID
                hasClass = classID >= 1
            }
        }
        while hasNext() { try skipColumn() }
        return MOTRow(stored: stored, columns: column + 1, hasClass: hasClass)
    }

    private mutating func frameNumber() throws(FormatError) -> Int32 {
        let start = position
        guard case .exact(let value) = try number().whole, value >= 1, value <= FrameRule.largest else {
            throw .malformed(place, found: "frame \(quoted(bytes, start..<position))", expected: FrameRule.expected)
        }
        return Int32(value)
    }

    /// The second column; every number below 0 stands for no identity.
    private mutating func identity() throws(FormatError) -> Int64 {
        let start = position
        let text = try number()
        if case .exact(let value) = text.whole { return max(value, -1) }
        throw .malformed(
            place, found: "id \(quoted(bytes, start..<position))",
            expected: "a whole number up to 9223372036854775807, or −1 for none")
    }

    private mutating func number() throws(FormatError) -> NumberText {
        let start = position
        if let text = NumberText.scan(bytes, &position, end: end), position == end || isSeparator(bytes[position]) {
            return text
        }
        position = start
        while position < end, !isSeparator(bytes[position]) { position += 1 }
        try refuseNUL(start..<position)
        let name = column < Self.columnNames.count ? " (\(Self.columnNames[column]))" : ""
        throw .malformed(
            place, found: "\(quoted(bytes, start..<position)) in column \(column + 1)\(name)", expected: "a number")
    }

    private mutating func skipColumn() throws(FormatError) {
        let start = position
        while position < end, !isSeparator(bytes[position]) {
            if bytes[position] < 0x20 {
                try refuseNUL(start..<end)
                throw .malformed(place, found: "a control character in column \(column + 1)", expected: "a number")
            }
            position += 1
        }
    }

    private func refuseNUL(_ range: Range<Int>) throws(FormatError) {
        if bytes[range].contains(0) { throw .encoding(place, found: "a NUL byte (binary data, or UTF-16)") }
    }

    /// Moves to the next column; false at the end of the line, behind a trailing separator too.
    private mutating func hasNext() -> Bool {
        skipBlanks()
        if position < end, bytes[position] == UInt8(ascii: ",") || bytes[position] == UInt8(ascii: ";") {
            position += 1
            skipBlanks()
        }
        if position == end { return false }
        column += 1
        return true
    }

    private mutating func needNext() throws(FormatError) {
        if hasNext() { return }
        throw .malformed(
            place, found: "a row of \(column + 1) columns",
            expected: "at least 6: frame, id, left, top, width, height")
    }

    private mutating func skipBlanks() {
        while position < end, bytes[position] == UInt8(ascii: " ") || bytes[position] == UInt8(ascii: "\t") {
            position += 1
        }
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: " ")
            || byte == UInt8(ascii: "\t")
    }
}

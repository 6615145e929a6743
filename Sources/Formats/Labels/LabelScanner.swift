/// Walks over the rows and columns of a text of labels that is in memory.
///
/// Columns are parted as `MOTRow` parts them: by a comma or a semicolon with blanks and tabs around it, or by blanks and
/// tabs alone; one separator may follow the last column. `\n`, `\r\n` and `\r` end a row, blank rows are skipped.
struct LabelScanner {
    /// The row that is read, counted from 1; 0 before the first.
    private(set) var line = 0
    /// The column that is read, counted from 0.
    private(set) var column = 0
    private let bytes: [UInt8]
    private let source: String
    private let columnNames: [String]
    private var position = 0

    /// The largest text that is read at once: 512 MiB, some ten million rows.
    static let maximumSize = 1 << 29

    /// Starts before the first row of a text; `columnNames` are for messages.
    init(bytes: [UInt8], source: String, columnNames: [String]) {
        self.bytes = bytes
        self.source = source
        self.columnNames = columnNames
    }

    /// Reads a file whole.
    ///
    /// - Throws: `notFound`, `isDirectory`, `notPermitted`, `cannotRead`, `inputTooLarge`, `encoding`.
    init(contentsOf path: String, columnNames: [String]) throws(FormatError) {
        let input = try ByteInput(.path(path), wakeUp: WakeUp())
        if let size = input.knownSize, size > Self.maximumSize {
            throw .inputTooLarge(source: input.name, limit: Self.maximumSize, unit: "bytes")
        }
        var lines = LineReader(input)
        let bytes = try lines.rest(limit: Self.maximumSize, deadline: nil)
        self.init(bytes: bytes, source: input.name, columnNames: columnNames)
    }

    /// The row that is read, for messages.
    var place: SourcePlace { SourcePlace(source: source, line: line) }

    /// Goes to the first column of the next row that is not blank; false at the end.
    mutating func nextRow() -> Bool {
        let end = bytes.count
        if line > 0 {
            while position < end, !Self.endsRow(bytes[position]) { position += 1 }
        } else if end > 0 {
            line = 1
        }
        while position < end {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\n") {
                line += 1
            } else if byte == UInt8(ascii: "\r") {
                if position + 1 == end || bytes[position + 1] != UInt8(ascii: "\n") { line += 1 }
            } else if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") {
                column = 0
                return true
            }
            position += 1
        }
        return false
    }

    /// Goes to the next column; false at the end of the row, behind a trailing separator too.
    mutating func nextColumn() -> Bool {
        skipBlanks()
        if position < bytes.count, bytes[position] == UInt8(ascii: ",") || bytes[position] == UInt8(ascii: ";") {
            position += 1
            skipBlanks()
        }
        if position == bytes.count || Self.endsRow(bytes[position]) { return false }
        column += 1
        return true
    }

    /// Goes to the next column, which the row must have.
    mutating func needColumn(of least: Int) throws(FormatError) {
        if nextColumn() { return }
        throw .malformed(
            place, found: "a row of \(column + 1) columns",
            expected: "at least \(least): \(columnNames.prefix(least).joined(separator: ", "))")
    }

    /// The number in this column.
    mutating func number() throws(FormatError) -> NumberText {
        let start = position
        if let text = NumberText.scan(bytes, &position, end: bytes.count),
            position == bytes.count || Self.endsColumn(bytes[position])
        {
            return text
        }
        throw notANumber(from: start, expected: "a number")
    }

    /// The number in this column as a Double that is neither NaN nor infinite.
    mutating func finite() throws(FormatError) -> Double {
        let start = position
        let value = try number().value
        if value.isFinite { return value }
        throw notANumber(from: start, expected: "a finite number")
    }

    /// The number in this column without its fraction, as NumPy's `astype(int)` makes it.
    ///
    /// Edge cases: whole numbers are exact up to 2⁶³ − 1, where NumPy has rounded them to 53 bits before.
    mutating func truncated() throws(FormatError) -> Int64 {
        let start = position
        let text = try number()
        if case .exact(let value) = text.whole { return value }
        if let value = Int64(exactly: text.value.rounded(.towardZero)) { return value }
        throw notANumber(from: start, expected: "a number within ±9223372036854775807")
    }

    /// The text in this column.
    mutating func word() -> Range<Int> {
        let start = position
        while position < bytes.count, !Self.endsColumn(bytes[position]) { position += 1 }
        return start..<position
    }

    /// The bytes of a range that `word` returned, letters in lower case.
    func lowercased(_ range: Range<Int>) -> String {
        String(decoding: bytes[range.prefix(64)], as: UTF8.self).lowercased()
    }

    private func notANumber(from start: Int, expected: String) -> FormatError {
        var end = start
        while end < bytes.count, !Self.endsColumn(bytes[end]) { end += 1 }
        if bytes[start..<end].contains(0) {
            return .encoding(place, found: "a NUL byte (binary data, or UTF-16)")
        }
        let name = column < columnNames.count ? " (\(columnNames[column]))" : ""
        return .malformed(
            place, found: "\(quoted(bytes, start..<end)) in column \(column + 1)\(name)", expected: expected)
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") || bytes[position] == UInt8(ascii: "\t") {
            position += 1
        }
    }

    @inline(__always)
    private static func endsRow(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    @inline(__always)
    private static func endsColumn(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: " ")
            || byte == UInt8(ascii: "\t") || endsRow(byte)
    }
}

/// Walks over the rows and columns of a text of labels that is in memory.
///
/// Columns are parted as `MOTRow` parts them: by a comma or a semicolon with blanks and tabs around it, or by blanks and
/// tabs alone; one separator may follow the last column. `\n`, `\r\n` and `\r` end a row, blank rows are skipped.
struct LabelScanner {
    /// The row that is read, counted from 1; 0 before the first.
    private(set) var line = 0
    /// The column that is read, counted from 0.
    private(set) var column = 0
    let bytes: [UInt8]
    private let source: String
    private let columnNames: [String]
    /// Where the next column begins, or the separator before it.
    var position = 0
    /// Where the first column of the row begins.
    private var rowStart = 0

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
        let bytes = try Self.whole(input)
        self.init(bytes: bytes, source: input.name, columnNames: columnNames)
    }

    /// Everything in an input without its byte order mark, in one piece of memory.
    private static func whole(_ input: ByteInput) throws(FormatError) -> [UInt8] {
        guard let size = input.knownSize else {
            var lines = LineReader(input)
            return try lines.rest(limit: maximumSize, deadline: nil)
        }
        // One byte more shows the end without another allocation.
        var bytes = [UInt8](repeating: 0, count: size + 1)
        var filled = 0
        while true {
            if filled == bytes.count {
                if filled > maximumSize { throw .inputTooLarge(source: input.name, limit: maximumSize, unit: "bytes") }
                bytes.append(contentsOf: repeatElement(0, count: filled))
            }
            let count = try input.read(into: &bytes, at: filled, deadline: nil)
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        if filled >= 2, (bytes[0], bytes[1]) == (0xFF, 0xFE) || (bytes[0], bytes[1]) == (0xFE, 0xFF) {
            throw .encoding(SourcePlace(source: input.name, line: 1), found: "a UTF-16 byte order mark")
        }
        if filled >= 3, (bytes[0], bytes[1], bytes[2]) == (0xEF, 0xBB, 0xBF) { bytes.removeFirst(3) }
        return bytes
    }

    /// About how many rows the text has, rather too many, for reserving memory.
    var estimatedRows: Int { bytes.count / 20 }

    /// Goes back to the first column of the row.
    mutating func returnToRow() {
        position = rowStart
        column = 0
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
                rowStart = position
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
        if let value = shortNumber() { return value }
        let start = position
        let value = try number().value
        if value.isFinite { return value }
        throw notANumber(from: start, expected: "a finite number")
    }

    /// The number in this column without its fraction, as NumPy's `astype(int)` makes it.
    ///
    /// Edge cases: whole numbers are exact up to 2⁶³ − 1, where NumPy has rounded them to 53 bits before.
    mutating func truncated() throws(FormatError) -> Int64 {
        if let value = shortWhole() { return value }
        let start = position
        let text = try number()
        if case .exact(let value) = text.whole { return value }
        if let value = Int64(exactly: text.value.rounded(.towardZero)) { return value }
        throw notANumber(from: start, expected: "a number within ±9223372036854775807")
    }

    /// A number of at most 15 digits with or without a point, which is most of them; nil, and no move, for others.
    private mutating func shortNumber() -> Double? {
        var index = position
        let end = bytes.count
        let isNegative = index < end && bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let start = index
        var mantissa: Int64 = 0
        var point = -1
        while index < end {
            let byte = bytes[index]
            if isDigit(byte) {
                mantissa = mantissa &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
            } else if byte == UInt8(ascii: "."), point < 0 {
                point = index
            } else {
                break
            }
            index += 1
            // Digits and a point.
            if index - start > 15 { return nil }
        }
        let count = index - start - (point < 0 ? 0 : 1)
        guard count > 0, index == end || Self.endsColumn(bytes[index]) else { return nil }
        position = index
        let magnitude = Digits.quotient(UInt64(mantissa), fraction: point < 0 ? 0 : index - point - 1)
        return isNegative ? -magnitude : magnitude
    }

    /// A whole number of at most 15 digits; nil, and no move, for others.
    private mutating func shortWhole() -> Int64? {
        var index = position
        let end = bytes.count
        let isNegative = index < end && bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let start = index
        var value: Int64 = 0
        while index < end, isDigit(bytes[index]) {
            value = value &* 10 &+ Int64(bytes[index] &- UInt8(ascii: "0"))
            index += 1
            if index - start > 15 { return nil }
        }
        guard index > start, index == end || Self.endsColumn(bytes[index]) else { return nil }
        position = index
        return isNegative ? -value : value
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
    static func endsRow(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    @inline(__always)
    private static func endsColumn(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: " ")
            || byte == UInt8(ascii: "\t") || endsRow(byte)
    }
}

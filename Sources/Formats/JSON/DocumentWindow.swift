/// A JSON document of any size of which one value at a time is in memory.
///
/// Why: a set of BDD100K labels in one file is hundreds of megabytes, and every frame of it is read on its own. The
/// window finds the end of the next value by counting brackets outside of strings; `JSONScanner` then reads that value
/// and is the only judge of its grammar, because text that it accepts is balanced.
struct DocumentWindow {
    /// The longest value that is believed, bytes: no frame of labels, masks included, comes near 64 MiB.
    static let maximumValue = 64 << 20

    private var lines: LineReader
    private let source: String
    private let deadline: Deadline?
    private var bytes: [UInt8] = []
    /// The next byte to look at.
    private var position = 0
    /// Where `bytes` begins in the document.
    private var base: Int
    /// The line of `position`.
    private(set) var line: Int

    /// A window over what a reader of lines has not given out yet.
    ///
    /// - Parameter firstLine: the number of the first line, for messages.
    init(_ lines: LineReader, source: String, firstLine: Int = 1, deadline: Deadline? = nil) {
        self.lines = lines
        self.source = source
        self.deadline = deadline
        line = firstLine
        base = 0
    }

    /// Where the next byte stands in the document, a byte order mark included.
    var offset: Int { lines.markLength + base + position }

    /// Where the window stands, for messages.
    var place: SourcePlace { SourcePlace(source: source, line: line) }

    /// The next byte that is not white space, which stays; nil at the end.
    mutating func peek() throws(FormatError) -> UInt8? {
        while true {
            while position < bytes.count {
                switch bytes[position] {
                case UInt8(ascii: "\n"): line += 1
                case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
                default: return bytes[position]
                }
                position += 1
            }
            if try !fill() { return nil }
        }
    }

    /// Passes `byte`, which has to come next.
    mutating func expect(_ byte: UInt8, _ expected: String) throws(FormatError) {
        guard try peek() == byte else { throw unexpected(expected) }
        position += 1
    }

    /// Passes `byte` where it comes next.
    mutating func pass(_ byte: UInt8) throws(FormatError) -> Bool {
        guard try peek() == byte else { return false }
        position += 1
        return true
    }

    /// Gives the next value, whole, to a parser, which has to read all of it.
    mutating func read<Value>(
        _ parse: (inout JSONScanner) throws(FormatError) -> Value
    ) throws(FormatError) -> Value {
        let range = try cut()
        var scanner = JSONScanner(bytes, range, source: source, firstLine: line)
        let value = try parse(&scanner)
        try scanner.finish()
        position = range.upperBound
        line = scanner.line
        return value
    }

    /// An error that quotes what comes next.
    func unexpected(_ expected: String) -> FormatError {
        JSONScanner(bytes, position..<bytes.count, source: source, firstLine: line).unexpected(expected)
    }

    /// The bytes of the next value; what is there, where it is cut off.
    private mutating func cut() throws(FormatError) -> Range<Int> {
        guard let first = try peek() else { return position..<position }
        let isContainer = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        var index = position
        var depth = 0
        var isInString = false
        while true {
            while index < bytes.count {
                let byte = bytes[index]
                if isInString {
                    if byte == UInt8(ascii: "\\") {
                        index += 1
                    } else if byte == UInt8(ascii: "\"") {
                        isInString = false
                        if depth == 0 { return position..<index + 1 }
                    }
                } else {
                    switch byte {
                    case UInt8(ascii: "\""):
                        // A string behind a number or a word is not a part of it.
                        if !isContainer, index > position { return position..<index }
                        isInString = true
                    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                    case UInt8(ascii: "}"), UInt8(ascii: "]"):
                        if depth == 0 { return position..<index }
                        depth -= 1
                        if depth == 0 { return position..<index + 1 }
                    case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\n"):
                        if depth == 0 { return position..<index }
                    default: break
                    }
                }
                index += 1
            }
            if index - position > Self.maximumValue {
                throw .malformed(
                    place, found: "a value of more than \(Self.maximumValue >> 20) MiB", expected: "frames of boxes")
            }
            let before = position
            let hasMore = try fill()
            // Bytes that were passed may have gone, and an escape may have reached behind the end.
            index -= before - position
            if !hasMore { return position..<bytes.count }
        }
    }

    /// Reads on; false at the end.
    private mutating func fill() throws(FormatError) -> Bool {
        if position == bytes.count {
            base += position
            bytes.removeAll(keepingCapacity: true)
            position = 0
        } else if position > bytes.count / 2 {
            base += position
            bytes.removeFirst(position)
            position = 0
        }
        return try lines.take(into: &bytes, deadline: deadline)
    }
}

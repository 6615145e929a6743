/// Cuts an input into lines without building a String for any of them.
///
/// A byte order mark is skipped, `\r\n` ends a line as `\n` does, and the last line needs no end. A line longer than
/// `maximumLineLength` is refused before more of it is read, so that memory stays bounded whatever comes.
struct LineReader {
    /// The longest line, bytes: 1 MiB.
    static let maximumLineLength = 1 << 20
    /// The most bytes that `peek` offers: 64 KiB.
    private static let maximumPeek = 1 << 16

    /// The buffer that the ranges of `next` point into, until its next call.
    private(set) var bytes: [UInt8] = []
    /// The number of the line that `next` returned last; 0 before the first.
    private(set) var lineNumber = 0
    private let input: ByteInput
    /// How many bytes are asked for at once.
    private let chunk: Int
    private var start = 0
    private var filled = 0
    private var scanned = 0
    private var isAtEnd = false
    private var hasBegun = false
    /// Bytes of a byte order mark that was skipped.
    private(set) var markLength = 0

    init(_ input: ByteInput) {
        self.input = input
        // A small file needs no large buffer.
        chunk = min(1 << 16, max(256, (input.knownSize ?? 1 << 16) + 1))
    }

    /// The place of the line that `next` returned last.
    var place: SourcePlace { SourcePlace(source: input.name, line: lineNumber) }

    /// The next line, without its end, as a range of `bytes`; nil at the end of the input.
    mutating func next(deadline: Deadline?) throws(FormatError) -> Range<Int>? {
        try begin(deadline: deadline)
        while true {
            if let end = newline() {
                lineNumber += 1
                let line = start..<(end > start && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end)
                start = end + 1
                scanned = start
                if line.count > Self.maximumLineLength { throw tooLong }
                return line
            }
            if filled - start > Self.maximumLineLength + 1 {
                lineNumber += 1
                throw tooLong
            }
            if isAtEnd {
                guard start < filled else { return nil }
                lineNumber += 1
                let line = start..<(bytes[filled - 1] == UInt8(ascii: "\r") ? filled - 1 : filled)
                start = filled
                return line
            }
            try fill(deadline: deadline)
        }
    }

    /// Calls `decide` with the bytes at hand, unread, with ever more of them until it decides or all are there.
    ///
    /// - Parameter decide: gets the buffer, the range at hand, and whether no more will come.
    mutating func peek<Decision>(
        deadline: Deadline?, decide: ([UInt8], Range<Int>, Bool) -> Decision?
    ) throws(FormatError) -> Decision? {
        try begin(deadline: deadline)
        while true {
            let isComplete = isAtEnd || filled - start >= Self.maximumPeek
            if let decision = decide(bytes, start..<filled, isComplete) { return decision }
            if isComplete { return nil }
            try fill(deadline: deadline)
        }
    }

    /// Everything that is left, for formats that are one document; refuses more than `limit` bytes.
    mutating func rest(limit: Int, deadline: Deadline?) throws(FormatError) -> [UInt8] {
        try begin(deadline: deadline)
        while !isAtEnd {
            if filled - start > limit { throw .inputTooLarge(source: input.name, limit: limit, unit: "bytes") }
            try fill(deadline: deadline)
        }
        if filled - start > limit { throw .inputTooLarge(source: input.name, limit: limit, unit: "bytes") }
        // In place: a second copy of a large document would be the most of the memory.
        var rest: [UInt8] = []
        swap(&rest, &bytes)
        rest.removeLast(rest.count - filled)
        rest.removeFirst(start)
        start = 0
        filled = 0
        scanned = 0
        return rest
    }

    /// Moves what is at hand, or more of it where there is nothing, to the end of `buffer`; false at the end of the input.
    mutating func take(into buffer: inout [UInt8], deadline: Deadline?) throws(FormatError) -> Bool {
        try begin(deadline: deadline)
        if start == filled, !isAtEnd { try fill(deadline: deadline) }
        guard start < filled else { return false }
        buffer.append(contentsOf: bytes[start..<filled])
        start = filled
        scanned = filled
        return true
    }

    private var tooLong: FormatError { .lineTooLong(place, limit: Self.maximumLineLength) }

    /// Skips a byte order mark and refuses those of UTF-16 and UTF-32.
    private mutating func begin(deadline: Deadline?) throws(FormatError) {
        if hasBegun { return }
        while filled < 3, !isAtEnd { try fill(deadline: deadline) }
        hasBegun = true
        guard filled >= 2 else { return }
        let mark = (bytes[0], bytes[1])
        if mark == (0xFF, 0xFE) || mark == (0xFE, 0xFF) {
            throw .encoding(SourcePlace(source: input.name, line: 1), found: "a UTF-16 byte order mark")
        }
        if filled >= 3, mark == (0xEF, 0xBB), bytes[2] == 0xBF {
            start = 3
            scanned = 3
            markLength = 3
        }
    }

    private mutating func newline() -> Int? {
        var index = scanned
        let end = filled
        while index < end {
            if bytes[index] == UInt8(ascii: "\n") { return index }
            index += 1
        }
        scanned = index
        return nil
    }

    private mutating func fill(deadline: Deadline?) throws(FormatError) {
        if start > 0, start == filled || bytes.count - filled < chunk {
            // Move the unfinished line to the front; it is short beside a chunk unless somebody sends giant lines.
            for index in start..<filled { bytes[index - start] = bytes[index] }
            filled -= start
            scanned -= start
            start = 0
        }
        if bytes.count - filled < chunk {
            var larger = [UInt8](repeating: 0, count: bytes.count + max(chunk, bytes.count))
            larger.replaceSubrange(0..<filled, with: bytes[..<filled])
            bytes = larger
        }
        let count = try input.read(into: &bytes, at: filled, deadline: deadline)
        filled += count
        if count == 0 { isAtEnd = true }
    }
}

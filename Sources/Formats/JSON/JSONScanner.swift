/// Walks through JSON text (RFC 8259) value by value, without building a tree.
///
/// Why not Foundation's decoder: it refuses a whole line for one `NaN`, which is what Python's `json.dumps` writes for
/// a bad box and what has to be dropped and counted; it names no line in a document of many; and it keeps every polygon
/// and mask of a BDD100K file in memory to give four numbers of each label. What callers do not ask for is checked and
/// passed over here.
///
/// Bounds: no recursion, so that nesting costs a byte a level and stops at `maximumDepth`. Numbers are read as
/// leniently as in MOT text, `NaN` and `Infinity` included; everything else is JSON. Strings are checked for UTF-8 when
/// they are asked for.
struct JSONScanner {
    /// The deepest nesting.
    static let maximumDepth = 512

    let bytes: [UInt8]
    /// The next byte to look at.
    private(set) var position: Int
    /// One behind the last byte.
    let end: Int
    /// The line of `position`, from 1.
    private(set) var line: Int
    private let source: String

    init(_ bytes: [UInt8], _ range: Range<Int>, source: String, firstLine: Int) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
        line = firstLine
        self.source = source
    }

    /// Where the scanner stands.
    var place: SourcePlace { SourcePlace(source: source, line: line) }

    /// The next byte that is not white space, which stays; nil at the end.
    mutating func peek() -> UInt8? {
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            default: return bytes[position]
            }
            position += 1
        }
        return nil
    }

    /// Passes `byte`, which has to come next.
    mutating func expect(_ byte: UInt8, _ expected: String) throws(FormatError) {
        guard peek() == byte else { throw unexpected(expected) }
        position += 1
    }

    /// The next key of an object whose `{` has been passed, with its colon passed too; nil behind the `}`.
    ///
    /// - Parameter isFirst: true for the first call in an object; false afterwards.
    mutating func nextKey(isFirst: inout Bool) throws(FormatError) -> String? {
        if peek() == UInt8(ascii: "}") {
            position += 1
            return nil
        }
        if !isFirst { try expect(UInt8(ascii: ","), "`,` or `}`") }
        isFirst = false
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a key in quotation marks") }
        let key = try string()
        try expect(UInt8(ascii: ":"), "`:`")
        return key
    }

    /// Moves to the next element of an array whose `[` has been passed; false behind the `]`.
    mutating func nextElement(isFirst: inout Bool) throws(FormatError) -> Bool {
        if peek() == UInt8(ascii: "]") {
            position += 1
            return false
        }
        if !isFirst { try expect(UInt8(ascii: ","), "`,` or `]`") }
        isFirst = false
        return true
    }

    /// Passes `null` where it comes next.
    mutating func passNull() -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        return passWord("null")
    }

    /// The next value, a number.
    mutating func number(_ expected: String) throws(FormatError) -> NumberText {
        guard peek() != nil, let number = NumberText.scan(bytes, &position, end: end), isAtDelimiter else {
            throw unexpected(expected)
        }
        return number
    }

    /// The next value, a truth value.
    mutating func boolean(_ expected: String) throws(FormatError) -> Bool {
        _ = peek()
        if passWord("true") { return true }
        if passWord("false") { return false }
        throw unexpected(expected)
    }

    /// The next value, a string, with its escapes resolved.
    mutating func string() throws(FormatError) -> String {
        let (range, hasEscapes) = try passString()
        if hasEscapes {
            return try JSONEscapes.resolve(bytes, range, at: place)
        }
        // Nearly all strings are keys and names in ASCII, which needs no validation.
        if bytes[range].allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes[range], as: UTF8.self) }
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw .encoding(place, found: "bytes that are not UTF-8")
        }
        return text
    }

    /// Passes the next value whatever it is, and checks its grammar.
    mutating func skipValue() throws(FormatError) {
        // For each open container the byte that closes it.
        var open: [UInt8] = []
        repeat {
            var isComplete = true
            switch peek() {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let closer: UInt8 = bytes[position] == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]")
                guard open.count < Self.maximumDepth else {
                    throw .malformed(place, found: "values nested deeper than \(Self.maximumDepth)", expected: "boxes")
                }
                position += 1
                if peek() == closer {
                    position += 1
                } else {
                    open.append(closer)
                    if closer == UInt8(ascii: "}") { try passKey() }
                    isComplete = false
                }
            case UInt8(ascii: "\""): _ = try passString()
            case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean("a value")
            case UInt8(ascii: "n") where passWord("null"): break
            default: _ = try number("a value")
            }
            while isComplete, let closer = open.last {
                guard let next = peek() else { throw unexpected("more of the value") }
                position += 1
                if next == closer {
                    open.removeLast()
                } else if next == UInt8(ascii: ",") {
                    if closer == UInt8(ascii: "}") { try passKey() }
                    isComplete = false
                } else {
                    position -= 1
                    throw unexpected("`,` or `\(Character(UnicodeScalar(closer)))`")
                }
            }
        } while !open.isEmpty
    }

    /// Makes sure that nothing but white space is left.
    mutating func finish() throws(FormatError) {
        if peek() != nil { throw unexpected("the end of the value") }
    }

    /// An error that quotes what stands at `position`.
    func unexpected(_ expected: String) -> FormatError {
        let rest = position..<min(end, position + 20)
        if rest.isEmpty { return .malformed(place, found: "the end of the text", expected: expected) }
        if bytes[rest].first == 0 { return .encoding(place, found: "a NUL byte (binary data, or UTF-16)") }
        return .malformed(place, found: quoted(bytes, rest), expected: expected)
    }

    private var isAtDelimiter: Bool {
        guard position < end else { return true }
        switch bytes[position] {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), UInt8(ascii: "\t"),
            UInt8(ascii: "\r"), UInt8(ascii: "\n"):
            return true
        default: return false
        }
    }

    private mutating func passKey() throws(FormatError) {
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a key in quotation marks") }
        _ = try passString()
        try expect(UInt8(ascii: ":"), "`:`")
    }

    private mutating func passWord(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard position + length <= end, bytes[position..<position + length].elementsEqual(word.description.utf8) else {
            return false
        }
        position += length
        return true
    }

    /// Passes a string and returns what is between its quotation marks.
    private mutating func passString() throws(FormatError) -> (range: Range<Int>, hasEscapes: Bool) {
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a string") }
        var index = position + 1
        let start = index
        var hasEscapes = false
        while index < end {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                return (start..<index, hasEscapes)
            }
            if byte < 0x20 {
                position = index
                throw unexpected("a string without control characters")
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                index += 1
            }
            index += 1
        }
        position = end
        throw unexpected("the end of a string")
    }
}

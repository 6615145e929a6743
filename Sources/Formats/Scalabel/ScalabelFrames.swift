/// The frames of a Scalabel document, one after the other: a list of frames, or an object with `frames`.
///
/// Source: scalabel `label/io.py:74-97`. One frame at a time is in memory, so that a file may have any size; polygons,
/// masks and whatever else a file carries are checked and passed over.
struct ScalabelFrames {
    private enum Stage {
        case beginning
        /// In the list of frames, which is the document or one of an object's values.
        case list(isFirst: Bool, inObject: Bool)
        case end
    }

    private static let expected = "a list of Scalabel frames, or an object with `frames`"
    private var window: DocumentWindow
    private var stage: Stage
    private var isFirstKey = true
    private var hasFrames = false
    /// Bytes of the document that the last frame takes.
    private(set) var extent = 0..<0

    /// The frames of a whole document.
    init(_ lines: LineReader, source: String, deadline: Deadline? = nil) {
        window = DocumentWindow(lines, source: source, deadline: deadline)
        stage = .beginning
    }

    /// The frames in a part of a document that holds neighbours of a list, commas between them included.
    init(part lines: LineReader, source: String, firstLine: Int) {
        window = DocumentWindow(lines, source: source, firstLine: firstLine)
        stage = .list(isFirst: true, inObject: false)
        isPart = true
    }

    private var isPart = false

    /// The next frame; nil behind the last, when the rest of the document has been checked.
    ///
    /// - Parameter withLabels: whether labels are wanted; otherwise they are passed over.
    /// - Throws: `malformed` and `encoding` with the line, and what reading gives.
    mutating func next(withLabels: Bool = true) throws(FormatError) -> ScalabelFrame? {
        if case .beginning = stage { try begin() }
        while case .list(let isFirst, let inObject) = stage {
            if try isAtEndOfList() {
                stage = .end
                if inObject { try nextKeys() }
                if case .end = stage, try window.peek() != nil { throw window.unexpected("the end of the value") }
                continue
            }
            if !isFirst { try window.expect(UInt8(ascii: ","), isPart ? "`,`" : "`,` or `]`") }
            stage = .list(isFirst: false, inObject: inObject)
            _ = try window.peek()
            let start = window.offset
            let frame = try window.read { (scanner) throws(FormatError) in
                try ScalabelFrame.parse(&scanner, withLabels: withLabels)
            }
            extent = start..<window.offset
            return frame
        }
        return nil
    }

    private mutating func isAtEndOfList() throws(FormatError) -> Bool {
        isPart ? try window.peek() == nil : try window.pass(UInt8(ascii: "]"))
    }

    private mutating func begin() throws(FormatError) {
        if try window.pass(UInt8(ascii: "[")) {
            stage = .list(isFirst: true, inObject: false)
        } else {
            try window.expect(UInt8(ascii: "{"), Self.expected)
            try nextKeys()
        }
    }

    /// Passes the keys of the object up to its list of frames, or to its end.
    private mutating func nextKeys() throws(FormatError) {
        while try !window.pass(UInt8(ascii: "}")) {
            if !isFirstKey { try window.expect(UInt8(ascii: ","), "`,` or `}`") }
            isFirstKey = false
            guard try window.peek() == UInt8(ascii: "\"") else { throw window.unexpected("a key in quotation marks") }
            let key = try window.read { (scanner) throws(FormatError) in try scanner.string() }
            try window.expect(UInt8(ascii: ":"), "`:`")
            if key != "frames" {
                try window.read { (scanner) throws(FormatError) in try scanner.skipValue() }
                continue
            }
            if hasFrames { throw .malformed(window.place, found: "a second `frames`", expected: Self.expected) }
            hasFrames = true
            try window.expect(UInt8(ascii: "["), "a list of frames")
            stage = .list(isFirst: true, inObject: true)
            return
        }
        if !hasFrames { throw .malformed(window.place, found: "an object without `frames`", expected: Self.expected) }
        stage = .end
        if try window.peek() != nil { throw window.unexpected("the end of the value") }
    }
}

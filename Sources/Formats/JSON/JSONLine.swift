/// One line of JSON Lines: a frame with its boxes, or one box that carries its own frame (docs/formats.md).
struct JSONLine {
    /// The frame's number.
    var frame: Int32
    /// Whether the line is a frame object, after which its frame is complete.
    var isFrameObject: Bool
    /// The boxes, in order.
    var rows: [StoredRow]

    /// Parses one line; nil where it is blank.
    ///
    /// Frame objects have `boxes`, or `tracks` as vtrack's own output has. Keys that are not known are passed over.
    ///
    /// - Parameters:
    ///   - frameRate: frames a second, for lines that carry `timestamp`.
    ///   - firstRow: the ordinal of the first box of the line.
    /// - Throws: `malformed`, `encoding`, `frameRateMissing`, with the line's place.
    static func parse(
        _ bytes: [UInt8], _ line: Range<Int>, at place: SourcePlace, frameRate: Double?, firstRow: Int
    ) throws(FormatError) -> JSONLine? {
        var scanner = JSONScanner(bytes, line, source: place.source, firstLine: place.line ?? 1)
        guard let first = scanner.peek() else { return nil }
        guard first == UInt8(ascii: "{") else { throw scanner.unexpected("a JSON object") }
        var fields = Fields(frameRate: frameRate, nextRow: firstRow)
        try fields.read(&scanner)
        try scanner.finish()
        return try fields.line(at: place)
    }
}

/// The keys of one object, gathered in whatever order they come.
private struct Fields {
    let frameRate: Double?
    var nextRow: Int
    var frame: Int32?
    /// `timestamp`, which counts only where there is no `frame`.
    var seconds: Double?
    var list: [StoredRow]?
    var box = BoxFields()

    init(frameRate: Double?, nextRow: Int) {
        self.frameRate = frameRate
        self.nextRow = nextRow
    }

    mutating func read(_ scanner: inout JSONScanner) throws(FormatError) {
        try scanner.expect(UInt8(ascii: "{"), "a JSON object")
        var isFirst = true
        while let key = try scanner.nextKey(isFirst: &isFirst) {
            switch key {
            case "frame":
                try refuseSecond(frame != nil, "`frame`", scanner)
                frame = try frameNumber(&scanner)
            case "timestamp":
                try refuseSecond(seconds != nil, "`timestamp`", scanner)
                seconds = try scanner.number("a time in seconds").value
            case "boxes", "tracks":
                try refuseSecond(list != nil, "`boxes` or `tracks`", scanner)
                list = try boxes(&scanner)
            default:
                if try !box.read(key, &scanner) { try scanner.skipValue() }
            }
        }
    }

    func line(at place: SourcePlace) throws(FormatError) -> JSONLine {
        let frame = if let given = self.frame { given } else { try frameOfTime(at: place) }
        if var rows = list {
            guard box.corners == nil else {
                throw .malformed(place, found: "`box` beside a list of boxes", expected: "one of the two")
            }
            for index in rows.indices { rows[index].frame = frame }
            return JSONLine(frame: frame, isFrameObject: true, rows: rows)
        }
        let row = try box.row(frame: frame, ordinal: nextRow, at: place)
        return JSONLine(frame: frame, isFrameObject: false, rows: [row])
    }

    private func refuseSecond(_ isSecond: Bool, _ name: String, _ scanner: JSONScanner) throws(FormatError) {
        if isSecond { throw .malformed(scanner.place, found: "a second \(name)", expected: "one of them in an object") }
    }

    private func frameNumber(_ scanner: inout JSONScanner) throws(FormatError) -> Int32 {
        let number = try scanner.number(FrameRule.expected)
        guard case .exact(let value) = number.whole, value >= 1, value <= FrameRule.largest else {
            throw .malformed(scanner.place, found: "frame \(decimalText(number.value))", expected: FrameRule.expected)
        }
        return Int32(value)
    }

    /// The frame that is shown at a time: round(seconds · rate) + 1, as frames of a video are numbered.
    private func frameOfTime(at place: SourcePlace) throws(FormatError) -> Int32 {
        guard let seconds else {
            throw .malformed(place, found: "an object without `frame` or `timestamp`", expected: "one of the two")
        }
        guard let frameRate else { throw .frameRateMissing(place) }
        let ordinal = (seconds * frameRate).rounded()
        guard ordinal.isFinite, ordinal >= 0, ordinal < Double(FrameRule.largest) else {
            throw .malformed(
                place, found: "the time \(decimalText(seconds)) s at \(decimalText(frameRate)) frames/s",
                expected: FrameRule.expected)
        }
        return Int32(ordinal) + 1
    }

    private mutating func boxes(_ scanner: inout JSONScanner) throws(FormatError) -> [StoredRow] {
        if scanner.passNull() { return [] }
        try scanner.expect(UInt8(ascii: "["), "a list of boxes")
        var rows: [StoredRow] = []
        var isFirst = true
        while try scanner.nextElement(isFirst: &isFirst) {
            var fields = BoxFields()
            try scanner.expect(UInt8(ascii: "{"), "an object with `box`")
            var isFirstKey = true
            while let key = try scanner.nextKey(isFirst: &isFirstKey) {
                if try !fields.read(key, &scanner) { try scanner.skipValue() }
            }
            rows.append(try fields.row(frame: 0, ordinal: nextRow, at: scanner.place))
            nextRow += 1
        }
        return rows
    }
}

/// The keys of one box.
private struct BoxFields {
    var corners: [Double]?
    var confidence: Double?
    var classID: Int32?
    var identity: Int64?

    /// Takes the value of a key that belongs to a box; false where the key does not, and its value is still to come.
    mutating func read(_ key: String, _ scanner: inout JSONScanner) throws(FormatError) -> Bool {
        switch key {
        case "box":
            if corners != nil { throw .malformed(scanner.place, found: "a second `box`", expected: "one in an object") }
            corners = try rectangle(&scanner)
        case "confidence":
            if !scanner.passNull() { confidence = try scanner.number("a confidence").value }
        case "class":
            let expected = "a class number"
            if scanner.passNull() { break }
            guard case .exact(let value) = try scanner.number(expected).whole, let number = Int32(exactly: value) else {
                throw .malformed(scanner.place, found: "a class that is no whole number of 32 bits", expected: expected)
            }
            classID = number
        case "id":
            let expected = "a whole number up to 9223372036854775807, or null for none"
            if scanner.passNull() { break }
            guard case .exact(let value) = try scanner.number(expected).whole else {
                throw .malformed(scanner.place, found: "an id that is no whole number of 64 bits", expected: expected)
            }
            identity = max(value, -1)
        default: return false
        }
        return true
    }

    func row(frame: Int32, ordinal: Int, at place: SourcePlace) throws(FormatError) -> StoredRow {
        guard let corners else {
            throw .malformed(
                place, found: "an object without `box`", expected: "`box` with left, top, width and height")
        }
        return StoredRow(
            x: corners[0], y: corners[1], width: corners[2], height: corners[3], confidence: confidence ?? 1,
            identity: identity ?? -1, frame: frame, classID: classID ?? 1, row: ordinal, line: place.line ?? 0)
    }

    private func rectangle(_ scanner: inout JSONScanner) throws(FormatError) -> [Double] {
        let expected = "a list of four numbers: left, top, width, height"
        try scanner.expect(UInt8(ascii: "["), expected)
        var numbers: [Double] = []
        var isFirst = true
        while try scanner.nextElement(isFirst: &isFirst) {
            // NaN is what `null` stands for in writers that have no word for it: the box is then dropped and counted.
            numbers.append(scanner.passNull() ? .nan : try scanner.number(expected).value)
            if numbers.count > 4 { break }
        }
        guard numbers.count == 4 else {
            throw .malformed(
                scanner.place, found: "a `box` of \(numbers.count > 4 ? "more than 4" : "\(numbers.count)") numbers",
                expected: expected)
        }
        return numbers
    }
}

/// One label of a Scalabel frame, as far as boxes and their conditions go.
///
/// Source: scalabel `label/typing.py` (Label) and `label/utils.py` (`check_crowd`, `check_ignored`, …); names with
/// capitals are those of older files.
public struct ScalabelLabel: Sendable {
    /// The two corners of a box in pixels, as the file has them.
    public struct Corners: Equatable, Sendable {
        /// Left edge.
        public var x1: Double
        /// Top edge.
        public var y1: Double
        /// Right edge.
        public var x2: Double
        /// Bottom edge.
        public var y2: Double
    }

    /// The object, as text; nil where the label does not say.
    public var identity: String?
    /// The category as written; empty where there is none.
    public var category = ""
    /// The detector's score; nil where there is none.
    public var score: Double?
    /// `box2d`; nil where the label has another shape only.
    public var corners: Corners?
    /// Whether the label stands for a group of objects.
    public var isCrowd = false
    /// Whether the label is marked `ignored`, as the converters of BDD100K mark categories that are not scored.
    public var isIgnored = false
    /// Whether something hides a part of the object; nil where the label does not say.
    public var isOccluded: Bool?
    /// Whether the picture's border cuts the object; nil where the label does not say.
    public var isTruncated: Bool?
    /// The line on which the label begins.
    public var line = 0

    /// Parses the label that comes next.
    static func parse(_ scanner: inout JSONScanner) throws(FormatError) -> ScalabelLabel {
        var label = ScalabelLabel()
        try scanner.expect(UInt8(ascii: "{"), "a label object")
        label.line = scanner.line
        var isFirst = true
        while let key = try scanner.nextKey(isFirst: &isFirst) {
            switch key {
            case "id": label.identity = try identity(&scanner)
            case "category":
                if !scanner.passNull() { label.category = try scanner.string() }
            case "score":
                if !scanner.passNull() { label.score = try scanner.number("a score").value }
            case "box2d":
                if !scanner.passNull() { label.corners = try corners(&scanner) }
            case "attributes":
                if !scanner.passNull() { try label.readAttributes(&scanner) }
            default: try scanner.skipValue()
            }
        }
        return label
    }

    /// An id of any type, as text: Scalabel makes strings of them itself.
    private static func identity(_ scanner: inout JSONScanner) throws(FormatError) -> String? {
        if scanner.passNull() { return nil }
        if scanner.peek() == UInt8(ascii: "\"") { return try scanner.string() }
        let number = try scanner.number("an id: a string or a number")
        if case .exact(let value) = number.whole { return String(value) }
        return decimalText(number.value)
    }

    private mutating func readAttributes(_ scanner: inout JSONScanner) throws(FormatError) {
        try scanner.expect(UInt8(ascii: "{"), "an object of attributes")
        var isFirst = true
        while let key = try scanner.nextKey(isFirst: &isFirst) {
            if scanner.passNull() { continue }
            switch key {
            case "crowd", "Crowd":
                if try scanner.boolean("true or false") { isCrowd = true }
            case "ignored":
                if try scanner.boolean("true or false") { isIgnored = true }
            case "occluded", "Occluded": isOccluded = try Self.condition(&scanner) ?? isOccluded
            case "truncated", "Truncated": isTruncated = try Self.condition(&scanner) ?? isTruncated
            default: try scanner.skipValue()
            }
        }
    }

    /// A truth value; nil for a level in numbers or words, which other data sets have under the same names.
    private static func condition(_ scanner: inout JSONScanner) throws(FormatError) -> Bool? {
        switch scanner.peek() {
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return try scanner.boolean("true or false")
        default:
            try scanner.skipValue()
            return nil
        }
    }

    private static func corners(_ scanner: inout JSONScanner) throws(FormatError) -> Corners {
        let expected = "`box2d` with numbers x1, y1, x2, y2"
        try scanner.expect(UInt8(ascii: "{"), expected)
        var x1: Double?
        var y1: Double?
        var x2: Double?
        var y2: Double?
        var isFirst = true
        while let key = try scanner.nextKey(isFirst: &isFirst) {
            switch key {
            case "x1": x1 = scanner.passNull() ? .nan : try scanner.number(expected).value
            case "y1": y1 = scanner.passNull() ? .nan : try scanner.number(expected).value
            case "x2": x2 = scanner.passNull() ? .nan : try scanner.number(expected).value
            case "y2": y2 = scanner.passNull() ? .nan : try scanner.number(expected).value
            default: try scanner.skipValue()
            }
        }
        guard let x1, let y1, let x2, let y2 else {
            throw .malformed(scanner.place, found: "a `box2d` without all four corners", expected: expected)
        }
        return Corners(x1: x1, y1: y1, x2: x2, y2: y2)
    }
}

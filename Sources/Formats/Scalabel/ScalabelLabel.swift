/// One label of a Scalabel frame, as far as boxes go.
struct ScalabelLabel {
    var identity: String?
    var category = ""
    var score: Double?
    var corners: (x1: Double, y1: Double, x2: Double, y2: Double)?
    /// `crowd`, or `ignored` as the converters of BDD100K mark labels that are not to be scored.
    var isCrowd = false
    var line = 0

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
                if !scanner.passNull() { label.isCrowd = try isCrowd(&scanner) }
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

    private static func isCrowd(_ scanner: inout JSONScanner) throws(FormatError) -> Bool {
        try scanner.expect(UInt8(ascii: "{"), "an object of attributes")
        var result = false
        var isFirst = true
        while let key = try scanner.nextKey(isFirst: &isFirst) {
            switch key {
            case "crowd", "Crowd", "ignored":
                if scanner.passNull() { continue }
                if try scanner.boolean("true or false") { result = true }
            default: try scanner.skipValue()
            }
        }
        return result
    }

    private static func corners(
        _ scanner: inout JSONScanner
    ) throws(FormatError) -> (x1: Double, y1: Double, x2: Double, y2: Double) {
        let expected = "`box2d` with numbers x1, y1, x2, y2"
        try scanner.expect(UInt8(ascii: "{"), expected)
        var found: [String: Double] = [:]
        var isFirst = true
        while let key = try scanner.nextKey(isFirst: &isFirst) {
            if ["x1", "y1", "x2", "y2"].contains(key) {
                found[key] = scanner.passNull() ? .nan : try scanner.number(expected).value
            } else {
                try scanner.skipValue()
            }
        }
        guard let x1 = found["x1"], let y1 = found["y1"], let x2 = found["x2"], let y2 = found["y2"] else {
            throw .malformed(scanner.place, found: "a `box2d` without all four corners", expected: expected)
        }
        return (x1, y1, x2, y2)
    }
}

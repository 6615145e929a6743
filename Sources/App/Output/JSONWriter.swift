/// Writes indented JSON whose keys keep their order.
///
/// Numbers are the shortest that read back as the same; what JSON has no number for is null.
struct JSONWriter {
    private(set) var text = ""
    private var depth = 0
    private var isFirst = true

    /// An object; `body` writes its members.
    mutating func object(_ body: (inout JSONWriter) -> Void) { nest("{", "}", body) }

    /// An array with a value for every element.
    mutating func array<Element>(_ elements: [Element], _ value: (inout JSONWriter, Element) -> Void) {
        nest("[", "]") { writer in
            for element in elements {
                writer.beginItem()
                value(&writer, element)
            }
        }
    }

    /// Begins a member of an object; its value follows.
    mutating func key(_ name: String) {
        beginItem()
        string(name)
        text += ": "
    }

    /// A member that is a text, or null.
    mutating func member(_ name: String, _ value: String?) {
        key(name)
        if let value { string(value) } else { text += "null" }
    }

    /// A member that is true or false.
    mutating func member(_ name: String, _ value: Bool) {
        key(name)
        text += value ? "true" : "false"
    }

    /// A whole number.
    mutating func number(_ value: Int) { text += String(value) }

    /// A number.
    mutating func number(_ value: Double) { text += value.isFinite ? value.description : "null" }

    /// JSON of several lines that is complete in itself, indented as its place asks for.
    mutating func embed(_ json: String) {
        text += json.split(separator: "\n").joined(separator: "\n" + String(repeating: "  ", count: depth))
    }

    /// Numbers as an array on one line.
    mutating func numbers(_ values: [Double]) {
        text += "[" + values.map { $0.isFinite ? $0.description : "null" }.joined(separator: ", ") + "]"
    }

    /// A text.
    mutating func string(_ value: String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
        text += "\""
    }

    private mutating func nest(_ open: String, _ close: String, _ body: (inout JSONWriter) -> Void) {
        text += open
        depth += 1
        isFirst = true
        body(&self)
        depth -= 1
        if !isFirst { newline() }
        text += close
        isFirst = false
    }

    private mutating func beginItem() {
        if !isFirst { text += "," }
        isFirst = false
        newline()
    }

    private mutating func newline() {
        text += "\n" + String(repeating: "  ", count: depth)
    }
}

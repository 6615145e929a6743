/// The escapes in JSON strings, RFC 8259 section 7.
enum JSONEscapes {
    /// The text of a string with its escapes resolved.
    ///
    /// A lone surrogate becomes U+FFFD, as in most readers.
    static func resolve(_ bytes: [UInt8], _ range: Range<Int>, at place: SourcePlace) throws(FormatError) -> String {
        var units: [UInt8] = []
        units.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < range.upperBound else {
                units.append(bytes[index])
                index += 1
                continue
            }
            let kind = bytes[index + 1]
            index += 2
            if kind == UInt8(ascii: "u") {
                units.append(
                    contentsOf: Array(String(try scalar(bytes, &index, end: range.upperBound, at: place)).utf8))
            } else if let byte = single(kind) {
                units.append(byte)
            } else {
                throw .malformed(
                    place, found: "the escape \(quoted("\\" + String(UnicodeScalar(kind))))", expected: "JSON")
            }
        }
        guard let text = String(validating: units, as: UTF8.self) else {
            throw .encoding(place, found: "bytes that are not UTF-8")
        }
        return text
    }

    /// A string as a JSON literal with its quotation marks, control characters escaped.
    static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func single(_ kind: UInt8) -> UInt8? {
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): kind
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// The scalar of one `\uXXXX`, or of two that make a surrogate pair; `index` stands behind the `u`.
    private static func scalar(
        _ bytes: [UInt8], _ index: inout Int, end: Int, at place: SourcePlace
    ) throws(FormatError) -> Unicode.Scalar {
        let first = try unit(bytes, &index, end: end, at: place)
        if let scalar = Unicode.Scalar(first) { return scalar }
        var next = index
        guard first < 0xDC00, next + 1 < end, bytes[next] == UInt8(ascii: "\\"), bytes[next + 1] == UInt8(ascii: "u")
        else {
            return "\u{FFFD}"
        }
        next += 2
        let second = try unit(bytes, &next, end: end, at: place)
        guard (0xDC00...0xDFFF).contains(second) else { return "\u{FFFD}" }
        index = next
        return Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)) ?? "\u{FFFD}"
    }

    private static func unit(
        _ bytes: [UInt8], _ index: inout Int, end: Int, at place: SourcePlace
    ) throws(FormatError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard index < end, let digit = Character(UnicodeScalar(bytes[index])).hexDigitValue, bytes[index] < 0x80
            else {
                throw .malformed(place, found: "an incomplete \\u escape", expected: "four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            index += 1
        }
        return value
    }
}

/// Reads the header of a safetensors file: JSON of one fixed shape, from bytes nobody vouches for.
///
/// The shape is an object of objects with three known members each, so the scanner follows that shape instead of
/// building a tree: there is no recursion, nesting ends at the first bracket that the shape does not have, and memory
/// stays in proportion to the number of tensors.
///
/// Invariant: `position <= bytes.count`.
struct HeaderScanner {
    /// One tensor as the header states it, nothing checked but the syntax.
    struct Entry {
        var type: String
        var shape: [Int]
        var begin: Int
        var end: Int
    }

    /// What is wrong and at which byte of the header.
    struct Failure: Error {
        var offset: Int
        var problem: String
    }

    /// More dimensions than any tensor has; a bound keeps `[0,0,0,…` from growing an array.
    static let maximumRank = 16

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads the whole header.
    ///
    /// - Returns: The tensors and the metadata in file order.
    /// - Throws: `Failure` at the first byte that does not fit, including a name or a member that occurs twice.
    mutating func scan() throws(Failure) -> (tensors: [(name: String, entry: Entry)], metadata: [String: String]) {
        guard bytes.first == UInt8(ascii: "{") else { throw failure("expected \"{\" as the first byte") }
        var tensors: [(name: String, entry: Entry)] = []
        var names: Set<String> = []
        var metadata: [String: String] = [:]
        position = 1
        var first = true
        while try !closes("}", first: &first) {
            let start = position
            let name = try string()
            guard names.insert(name).inserted else { throw Failure(offset: start, problem: "\"\(name)\" occurs twice") }
            try expect(":")
            if name == "__metadata__" {
                metadata = try strings()
            } else {
                tensors.append((name, try entry(of: name)))
            }
        }
        skipSpace()
        guard position == bytes.count else { throw failure("expected nothing after the last \"}\"") }
        return (tensors, metadata)
    }

    private mutating func entry(of name: String) throws(Failure) -> Entry {
        let start = position
        try expect("{")
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        var first = true
        while try !closes("}", first: &first) {
            let memberStart = position
            let member = try string()
            try expect(":")
            switch member {
            case "dtype" where type == nil: type = try string()
            case "shape" where shape == nil: shape = try integers(atMost: Self.maximumRank)
            case "data_offsets" where offsets == nil:
                let values = try integers(atMost: 3)
                guard values.count == 2 else {
                    throw Failure(
                        offset: memberStart,
                        problem: "data_offsets of \"\(name)\" has \(values.count) numbers, expected 2")
                }
                offsets = values
            case "dtype", "shape", "data_offsets":
                throw Failure(offset: memberStart, problem: "\"\(member)\" of \"\(name)\" occurs twice")
            default:
                throw Failure(offset: memberStart, problem: "\"\(name)\" has a member \"\(member)\" that no tensor has")
            }
        }
        guard let type, let shape, let offsets else {
            let missing = type == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
            throw Failure(offset: start, problem: "\"\(name)\" has no \(missing)")
        }
        return Entry(type: type, shape: shape, begin: offsets[0], end: offsets[1])
    }

    private mutating func strings() throws(Failure) -> [String: String] {
        try expect("{")
        var result: [String: String] = [:]
        var first = true
        while try !closes("}", first: &first) {
            let start = position
            let key = try string()
            try expect(":")
            guard result.updateValue(try string(), forKey: key) == nil else {
                throw Failure(offset: start, problem: "\"\(key)\" occurs twice in __metadata__")
            }
        }
        return result
    }

    private mutating func integers(atMost limit: Int) throws(Failure) -> [Int] {
        try expect("[")
        var result: [Int] = []
        var first = true
        while try !closes("]", first: &first) {
            guard result.count < limit else { throw failure("more than \(limit) numbers in a list") }
            result.append(try integer())
        }
        return result
    }

    /// A whole number from 0 to 2⁶³−1: signs, fractions and exponents have no place in shapes and offsets.
    private mutating func integer() throws(Failure) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            let (tens, tensOverflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = tens.addingReportingOverflow(Int(bytes[position] - UInt8(ascii: "0")))
            guard !tensOverflow, !sumOverflow else {
                throw Failure(offset: start, problem: "a number is 2^63 or more")
            }
            value = sum
            position += 1
        }
        guard position > start else { throw failure("expected a whole number of at least 0") }
        guard position - start == 1 || bytes[start] != UInt8(ascii: "0") else {
            throw Failure(offset: start, problem: "a number begins with a zero")
        }
        if position < bytes.count, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[position]) {
            throw Failure(offset: start, problem: "expected a whole number without fraction or exponent")
        }
        return value
    }

    /// Steps over a separator and says whether the list or object ends here.
    private mutating func closes(_ bracket: Unicode.Scalar, first: inout Bool) throws(Failure) -> Bool {
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: bracket) {
            position += 1
            return true
        }
        if first { first = false } else { try expect(",") }
        skipSpace()
        return false
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
        skipSpace()
        guard position < bytes.count else { throw failure("the header ends where \"\(character)\" was expected") }
        guard bytes[position] == UInt8(ascii: character) else { throw failure("expected \"\(character)\"") }
        position += 1
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private func failure(_ problem: String) -> Failure { Failure(offset: position, problem: problem) }
}

// MARK: - Strings

extension HeaderScanner {
    /// A JSON string (RFC 8259 §7): UTF-8, no control characters, escapes resolved.
    private mutating func string() throws(Failure) -> String {
        try expect("\"")
        let start = position
        var content: [UInt8] = []
        while true {
            guard position < bytes.count else { throw Failure(offset: start, problem: "a string does not end") }
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: content, as: UTF8.self) else {
                    throw Failure(offset: start, problem: "a string is not UTF-8")
                }
                return string
            case 0..<0x20:
                throw Failure(offset: position - 1, problem: "a control character in a string")
            case UInt8(ascii: "\\"):
                content.append(contentsOf: Array(String(try escape()).utf8))
            default:
                content.append(byte)
            }
        }
    }

    private mutating func escape() throws(Failure) -> Unicode.Scalar {
        guard position < bytes.count else { throw failure("a string does not end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let high = try hexadecimal()
            if let scalar = Unicode.Scalar(high) { return scalar }
            guard (0xD800..<0xDC00).contains(high), position + 1 < bytes.count,
                bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
            else { throw failure("half of a surrogate pair") }
            position += 2
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            else { throw failure("half of a surrogate pair") }
            return scalar
        default: throw failure("an escape that JSON does not have")
        }
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        guard bytes.count - position >= 4,
            let digits = String(validating: bytes[position..<position + 4], as: UTF8.self),
            digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16)
        else { throw failure("expected four hexadecimal digits") }
        position += 4
        return value
    }
}

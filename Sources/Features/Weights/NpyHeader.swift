/// What an array's bytes begin with in NumPy's format: the type, order and shape of the numbers behind.
///
/// Source: https://numpy.org/neps/nep-0001-npy-format.html and numpy/lib/_format_impl.py, versions 1, 2 and 3. The
/// header is a Python dictionary that NumPy writes with `repr`; this scanner follows that one shape, so there is
/// nothing to nest and nothing to evaluate.
struct NpyHeader: Equatable, Sendable {
    /// The format of the numbers.
    var type: TensorType
    /// Whether the first index runs fastest, as in Fortran.
    var isFortran: Bool
    /// The dimensions, outermost first.
    var shape: [Int]

    /// What is wrong and at which byte of the dictionary.
    struct Failure: Error, Equatable {
        var offset: Int
        var problem: String
    }

    /// The longest dictionary; NumPy refuses longer ones, too.
    static let maximumLength = 10_000
    /// Bytes before the dictionary in version 1: the mark, the version, the length in two bytes.
    static let prefixCount = 10
    static let mark: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// The number formats by NumPy's names.
    ///
    /// bfloat16 is none of NumPy's own: JAX's arrays of it are saved as two bytes without a meaning ("void"), and
    /// nothing else that weights are made of is.
    private static let types: [String: TensorType] = [
        "|b1": .bool, "|i1": .int8, "|u1": .uint8, "<i2": .int16, "<u2": .uint16, "<i4": .int32, "<u4": .uint32,
        "<i8": .int64, "<u8": .uint64, "<f2": .float16, "|V2": .bfloat16, "<V2": .bfloat16, "<f4": .float32,
        "<f8": .float64, "<c8": .complex64,
    ]

    /// Reads the dictionary.
    ///
    /// - Throws: `Failure` at the first byte that does not fit.
    init(dictionary: [UInt8]) throws(Failure) {
        var scanner = Scanner(bytes: dictionary)
        var type: TensorType?
        var isFortran: Bool?
        var shape: [Int]?
        try scanner.expect("{")
        while !scanner.skips("}") {
            let start = scanner.position
            let key = try scanner.string()
            try scanner.expect(":")
            switch key {
            case "descr" where type == nil:
                scanner.skipSpace()
                let place = scanner.position
                let name = try scanner.string()
                guard let known = Self.types[name] else {
                    throw Failure(
                        offset: place,
                        problem: "its type is \"\(name)\"; floats are read from <f2, <f4, <f8 and |V2 (bfloat16)")
                }
                type = known
            case "fortran_order" where isFortran == nil: isFortran = try scanner.truth()
            case "shape" where shape == nil: shape = try scanner.tuple()
            case "descr", "fortran_order", "shape": throw Failure(offset: start, problem: "\"\(key)\" occurs twice")
            default: throw Failure(offset: start, problem: "it has a member \"\(key)\" that no array has")
            }
            if !scanner.skips(",") {
                try scanner.expect("}")
                break
            }
        }
        scanner.skipSpace()
        guard scanner.position == dictionary.count else {
            throw scanner.failure("expected nothing after the last \"}\"")
        }
        guard let type, let isFortran, let shape else {
            let missing = type == nil ? "descr" : isFortran == nil ? "fortran_order" : "shape"
            throw Failure(offset: 0, problem: "it has no \(missing)")
        }
        self.type = type
        self.isFortran = isFortran
        self.shape = shape
    }

    /// Reads everything before the numbers.
    ///
    /// - Throws: `WeightsError` naming the entry.
    init(from reader: inout NpzMemberReader, path: String, name: String) throws(WeightsError) {
        func wrong(_ problem: String) -> WeightsError { .entry(path: path, tensor: name, problem: problem) }
        var prefix = [UInt8](repeating: 0, count: Self.prefixCount + 2)
        try reader.read(Self.prefixCount, into: &prefix)
        guard prefix.starts(with: Self.mark) else { throw wrong("it is no array of NumPy's") }
        guard (1...3).contains(prefix[6]), prefix[7] == 0 else {
            throw wrong("its format version is \(prefix[6]).\(prefix[7]), expected 1.0, 2.0 or 3.0")
        }
        var length = Int(prefix[8]) | Int(prefix[9]) << 8
        if prefix[6] > 1 {
            var rest: [UInt8] = [0, 0]
            try reader.read(2, into: &rest)
            length |= Int(rest[0]) << 16 | Int(rest[1]) << 24
        }
        guard length <= Self.maximumLength else {
            throw wrong("its header has \(length) bytes; at most \(Self.maximumLength) are read")
        }
        var dictionary = [UInt8](repeating: 0, count: length)
        try reader.read(length, into: &dictionary)
        do {
            try self.init(dictionary: dictionary)
        } catch {
            throw wrong("damaged header at byte \(error.offset): \(error.problem)")
        }
    }
}

extension NpyHeader {
    /// Invariant: `position <= bytes.count`.
    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        func failure(_ problem: String) -> Failure { Failure(offset: position, problem: problem) }

        mutating func skipSpace() {
            while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        }

        mutating func skips(_ character: Unicode.Scalar) -> Bool {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
            guard skips(character) else { throw failure("expected \"\(character)\"") }
        }

        /// A short string without escapes: no name or type has one.
        mutating func string() throws(Failure) -> String {
            let quote: UInt8
            if skips("'") {
                quote = UInt8(ascii: "'")
            } else if skips("\"") {
                quote = UInt8(ascii: "\"")
            } else {
                throw failure("expected a string")
            }
            let start = position
            while position < bytes.count, bytes[position] != quote {
                guard (0x20..<0x7F).contains(bytes[position]), bytes[position] != UInt8(ascii: "\\"),
                    position - start < 64
                else { throw failure("expected a short string of ASCII characters without escapes") }
                position += 1
            }
            guard position < bytes.count else { throw failure("a string does not end") }
            position += 1
            return String(decoding: bytes[start..<position - 1], as: UTF8.self)
        }

        mutating func truth() throws(Failure) -> Bool {
            skipSpace()
            for (word, value) in [("True", true), ("False", false)] where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return value
            }
            throw failure("expected True or False")
        }

        /// `()`, `(3,)` or `(3, 4)`; `(3)` is no tuple.
        mutating func tuple() throws(Failure) -> [Int] {
            try expect("(")
            var values: [Int] = []
            while !skips(")") {
                guard values.count < HeaderScanner.maximumRank else {
                    throw failure("more than \(HeaderScanner.maximumRank) dimensions")
                }
                values.append(try integer())
                if !skips(",") {
                    guard values.count > 1 else { throw failure("expected \",\" after the only dimension") }
                    try expect(")")
                    break
                }
            }
            return values
        }

        /// A whole number from 0 to 2⁶³−1 as Python writes it: no sign, no leading zero, no underscore.
        mutating func integer() throws(Failure) -> Int {
            skipSpace()
            let start = position
            var value = 0
            while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
                let (tens, tensOverflow) = value.multipliedReportingOverflow(by: 10)
                let (sum, sumOverflow) = tens.addingReportingOverflow(Int(bytes[position] - UInt8(ascii: "0")))
                guard !tensOverflow, !sumOverflow else {
                    throw Failure(offset: start, problem: "a dimension is 2^63 or more")
                }
                value = sum
                position += 1
            }
            guard position > start else { throw failure("expected a whole number of at least 0") }
            guard position - start == 1 || bytes[start] != UInt8(ascii: "0") else {
                throw Failure(offset: start, problem: "a number begins with a zero")
            }
            return value
        }
    }
}

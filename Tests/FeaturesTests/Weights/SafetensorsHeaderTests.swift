import Foundation
import Geometry
import Testing

@testable import Features

/// A file of bytes nobody vouches for is refused with an error that names it, and never traps.
struct SafetensorsHeaderTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The header's text; nil where `bytes` is the whole file.
        var header: String?
        /// Zero bytes of data after the header.
        var data = 0
        var bytes: [UInt8] = []
        /// What the message must say.
        let says: String

        var file: [UInt8] {
            guard let header else { return bytes }
            return SafetensorsHeaderTests.prefix(UInt64(header.utf8.count)) + Array(header.utf8)
                + [UInt8](repeating: 0, count: data)
        }
    }

    static func prefix(_ length: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
    }

    /// One tensor "a" with these members.
    static func one(_ members: String) -> String { "{\"a\":{\(members)}}" }
    static func offsets(_ text: String) -> String { one("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":\(text)") }

    static let cases: [Case] = [
        // The length of the header.
        Case(testDescription: "empty file", bytes: [], says: "0 bytes"),
        Case(testDescription: "seven bytes", bytes: [1, 0, 0, 0, 0, 0, 0], says: "7 bytes"),
        Case(testDescription: "length 0", bytes: prefix(0) + [123, 125], says: "0 bytes"),
        Case(testDescription: "length 2^63", bytes: prefix(1 << 63) + [123, 125], says: "9223372036854775808 bytes"),
        Case(testDescription: "length 2^64-1", bytes: prefix(.max) + [123, 125], says: "18446744073709551615 bytes"),
        Case(testDescription: "length count-7", bytes: prefix(3) + [123, 125], says: "3 bytes"),
        Case(testDescription: "length over 100 MB", bytes: prefix(100_000_001) + [123, 125], says: "100000001 bytes"),
        // Not the JSON the format prescribes.
        Case(testDescription: "not an object", header: "[]", says: "expected \"{\""),
        Case(testDescription: "space before the object", header: " {}", says: "expected \"{\""),
        Case(testDescription: "not JSON", header: "{a}", says: "expected \"\"\""),
        Case(testDescription: "no end", header: "{\"a\":", says: "ends where"),
        Case(testDescription: "rubbish behind", header: "{}x", says: "after the last"),
        Case(testDescription: "comma at the end", header: one("\"dtype\":\"U8\","), says: "expected \"\"\""),
        Case(
            testDescription: "invalid UTF-8",
            bytes: prefix(6) + [123, 34, 0xFF, 0xFE, 34, 125], says: "not UTF-8"),
        Case(testDescription: "control character", header: "{\"a\u{1}\":{}}", says: "control character"),
        Case(testDescription: "unknown escape", header: "{\"\\x\":{}}", says: "escape"),
        Case(testDescription: "half a surrogate pair", header: "{\"\\ud800\":{}}", says: "surrogate"),
        Case(testDescription: "second half missing", header: "{\"\\ud800\\u0041\":{}}", says: "surrogate"),
        Case(testDescription: "escape at the end", header: "{\"\\u12", says: "hexadecimal"),
        Case(testDescription: "signs in an escape", header: "{\"\\u+123\":{}}", says: "hexadecimal"),
        Case(
            testDescription: "duplicate tensor",
            header: "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},\"\\u0061\":{}}",
            says: "\"a\" occurs twice"),
        Case(
            testDescription: "duplicate member", header: one("\"dtype\":\"U8\",\"dtype\":\"U8\""),
            says: "\"dtype\" of \"a\" occurs twice"),
        Case(
            testDescription: "duplicate metadata", header: "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}",
            says: "\"a\" occurs twice"),
        Case(
            testDescription: "metadata with a number", header: "{\"__metadata__\":{\"a\":1}}", says: "expected \"\"\""),
        Case(
            testDescription: "100,000 brackets", header: "{\"a\":" + String(repeating: "[", count: 100_000),
            says: "expected \"{\""),
        Case(
            testDescription: "100,000 brackets in a shape",
            header: "{\"a\":{\"shape\":" + String(repeating: "[", count: 100_000), says: "whole number"),
        Case(
            testDescription: "100,000 braces", header: String(repeating: "{\"a\":", count: 100_000),
            says: "has a member \"a\""),
        Case(
            testDescription: "a long list",
            header: "{\"a\":{\"shape\":[0" + String(repeating: ",0", count: 100_000), says: "more than 16"),
        Case(testDescription: "missing member", header: one("\"dtype\":\"U8\",\"shape\":[]"), says: "no data_offsets"),
        Case(testDescription: "unknown member", header: one("\"strides\":[]"), says: "\"strides\""),
        // data_offsets of every wrong form.
        Case(testDescription: "offsets []", header: offsets("[]"), says: "0 numbers, expected 2"),
        Case(testDescription: "offsets of one", header: offsets("[4]"), says: "1 numbers, expected 2"),
        Case(testDescription: "offsets of three", header: offsets("[0,4,8]"), says: "3 numbers, expected 2"),
        Case(testDescription: "offsets of four", header: offsets("[0,4,8,9]"), says: "more than 3"),
        Case(testDescription: "offsets negative", header: offsets("[-4,0]"), says: "at least 0"),
        Case(testDescription: "offsets 1e19", header: offsets("[0,1e19]"), says: "without fraction or exponent"),
        Case(testDescription: "offsets 10^19", header: offsets("[0,10000000000000000000]"), says: "2^63 or more"),
        Case(testDescription: "offsets fractional", header: offsets("[0,4.0]"), says: "without fraction"),
        Case(testDescription: "offsets with leading zero", header: offsets("[0,04]"), says: "begins with a zero"),
        Case(testDescription: "offsets strings", header: offsets("[\"0\",\"4\"]"), says: "whole number"),
        Case(testDescription: "offsets null", header: offsets("null"), says: "expected \"[\""),
        Case(testDescription: "end before begin", header: offsets("[4,0]"), data: 8, says: "before it begins"),
        Case(testDescription: "past the end", header: offsets("[0,4]"), data: 3, says: "data ends at 3"),
        Case(
            testDescription: "far past the end", header: offsets("[9223372036854775803,9223372036854775807]"),
            says: "ends at"),
        Case(
            testDescription: "overlap",
            header:
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            data: 8, says: "tensor \"b\": its data begins at 4, inside that of \"a\""),
        Case(
            testDescription: "gap",
            header:
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
            data: 12, says: "4..<8"),
        Case(testDescription: "trailing bytes", header: offsets("[0,4]"), data: 5, says: "4..<5"),
        Case(testDescription: "data without tensors", header: "{}", data: 1, says: "0..<1"),
        // Shapes and types.
        Case(
            testDescription: "product overflows to 0",
            header: one("\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]"),
            says: "more numbers than can be counted"),
        Case(
            testDescription: "product of bits overflows",
            header: one("\"dtype\":\"F64\",\"shape\":[4611686018427387904],\"data_offsets\":[0,0]"), says: "needs more"),
        Case(
            testDescription: "unknown type", header: one("\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]"),
            data: 4, says: "unknown type \"F31\""),
        Case(
            testDescription: "size is not shape times type",
            header: one("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]"), data: 4, says: "needs 8 bytes"),
        Case(
            testDescription: "half a byte",
            header: one("\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,1]"), data: 1, says: "needs 2 bytes"),
    ]

    @Test(arguments: cases)
    func `A damaged header is refused`(_ item: Case) throws {
        try TestData.withFolder { folder in
            let path = folder + "/hostile.safetensors"
            try Data(item.file).write(to: URL(filePath: path))
            let error = try #require(throws: WeightsError.self) { try SafetensorsFile(path: path) }
            #expect(error.description.hasPrefix(path + ": "), "\(error)")
            #expect(error.description.contains(item.says), "\(error)")
            #expect(error.category == .badData)
        }
    }

    @Test(arguments: [
        // A missing file, a folder, a device, a FIFO nobody writes to.
        ("missing", FailureCategory.noInput), (".", .noInput), ("/dev/null", .noInput), ("fifo", .noInput),
    ])
    func `Only regular files are read`(name: String, category: FailureCategory) throws {
        try TestData.withFolder { folder in
            if name == "fifo" {
                let made = unsafe mkfifo(folder + "/fifo", 0o600)
                #expect(made == 0)
            }
            let path = name.hasPrefix("/") ? name : folder + "/" + name
            let error = try #require(throws: WeightsError.self) { try SafetensorsFile(path: path) }
            #expect(error.category == category)
            #expect(error.description.hasPrefix(path))
        }
    }

    @Test
    func `A file cut off while it is read is an error, not a signal`() throws {
        try TestData.withFolder { folder in
            let path = folder + "/cut.safetensors"
            let header = Self.one("\"dtype\":\"F32\",\"shape\":[65536],\"data_offsets\":[0,262144]")
            let bytes =
                Self.prefix(UInt64(header.utf8.count)) + Array(header.utf8) + [UInt8](repeating: 0, count: 262144)
            try Data(bytes).write(to: URL(filePath: path))
            let file = try SafetensorsFile(path: path)
            let cut = unsafe truncate(path, 100_000)
            #expect(cut == 0)
            let error = try #require(throws: WeightsError.self) { try file.floats("a") }
            #expect(
                error
                    == .truncated(
                        path: path, tensor: "a", expected: 262144, found: 100_000 - 8 - header.utf8.count))
        }
    }
}

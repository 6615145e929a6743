import Geometry
import Testing

@testable import Formats

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Numbers as text, against the C library's `strtod`, which is written independently and rounds correctly.
@Suite struct NumberTextTests {
    @Test(arguments: [
        "0", "1", "0.1", "912.8", "1363", "586.474853515625", "444.63348388671875", "3.4028234663852886e38",
        // Beyond 15 digits, where the fast path must not be taken.
        "9007199254740993", "9007199254740993.0", "0.30000000000000004", "123456789012345678901234567890",
        // A tie that has to go to the even neighbour, and one that a late digit breaks.
        "9007199254740992.5", "9007199254740993.00000000000000000000000001", "1.00000000000000011102230246251565",
        "1.000000000000000111022302462515654042363166809082031250000000000000000000000000000001",
        // The ends of the range.
        "1.7976931348623157e308", "1.7976931348623159e308", "2.2250738585072014e-308", "4.9e-324", "2e-324", "1e400",
        "1e-400",
        // Powers of ten around the fast path's limit.
        "1e22", "1e23", "9e22", "1e-22", "1e-23", "9007199254740991e22", "9007199254740991e-22",
        // Zeros everywhere.
        "000001.50000", "0.000000000000000000000000000001", "0e999", "10000000000000000000000000000e-28",
        // Exponents that no integer holds.
        "1e99999999999999999999", "1e-99999999999999999999",
    ])
    func isTheNearestDouble(_ text: String) throws {
        for text in [text, "-" + text] {
            let expected = unsafe strtod(text, nil)
            let number = try #require(scan(text))
            #expect(number.value.bitPattern == expected.bitPattern, "\(text): \(number.value), not \(expected)")
        }
    }

    @Test func randomNumbersAreTheNearestDoubles() {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<20_000 {
            let digits = Int.random(in: 1...22, using: &generator)
            var text = ""
            for _ in 0..<digits { text += String(Int.random(in: 0...9, using: &generator)) }
            let point = text.index(text.startIndex, offsetBy: Int.random(in: 0...digits, using: &generator))
            if Bool.random(using: &generator) { text.insert(".", at: point) }
            if Bool.random(using: &generator) { text += "e\(Int.random(in: -330...330, using: &generator))" }
            let expected = unsafe strtod(text, nil)
            #expect(scan(text)?.value.bitPattern == expected.bitPattern, "\(text)")
        }
    }

    /// Every Double, printed and read, is itself; and outputs never have an exponent or a `.0`.
    @Test func outputsReadBackAsTheSameNumber() {
        var generator = SplitMix64(seed: 2)
        for index in 0..<20_000 {
            var value = Double(bitPattern: generator.next())
            if index % 2 == 0 { value = Double(Int.random(in: -9_999_999...9_999_999, using: &generator)) / 1000 }
            guard value.isFinite else { continue }
            let text = decimalText(value)
            #expect(scan(text)?.value.bitPattern == value.bitPattern, "\(text)")
            #expect(unsafe strtod(text, nil).bitPattern == value.bitPattern, "\(text)")
            #expect(!text.contains("e") && !text.hasSuffix(".0") && !text.contains(","), "\(text)")
        }
    }

    @Test(arguments: [
        (1.0, "1"), (-0.0, "-0"), (0, "0"), (0.5, "0.5"), (912.8, "912.8"), (1e-7, "0.0000001"), (1.25e-5, "0.0000125"),
        (1e16, "10000000000000000"), (1e21, "1000000000000000000000"), (-1.5e17, "-150000000000000000"),
        (.infinity, "inf"),
    ])
    func outputsAreShort(_ value: Double, _ text: String) {
        #expect(decimalText(value) == text)
    }

    @Test(arguments: [
        ("7", NumberText.Whole.exact(7)), ("7.0", .exact(7)), ("7.", .exact(7)), ("-1", .exact(-1)), ("7e0", .exact(7)),
        ("70e-1", .exact(7)), ("0.0000000000000000000000000", .exact(0)), ("007", .exact(7)),
        ("9223372036854775807", .exact(.max)), ("9223372036854775807.000", .exact(.max)),
        ("9223372036854775808", .tooLarge),
        ("-9223372036854775808", .exact(.min)), ("-9223372036854775809", .tooLarge),
        ("18446744073709551616", .tooLarge),
        ("99999999999999999999999", .tooLarge), ("1e400", .tooLarge), ("1e16", .tooLarge),
        // Whole as a Double, but not as written.
        ("9007199254740993.5", .no), ("7.5", .no), ("0.1e0", .no), ("nan", .no), ("inf", .no),
    ])
    func wholeNumbersAreExact(_ text: String, _ expected: NumberText.Whole) {
        #expect(scan(text)?.whole == expected)
    }

    @Test(arguments: ["", "-", "+", ".", "e5", "-.", "--1", "abc", "in", "na", ",", " 1", "−1"])
    func otherTextIsNoNumber(_ text: String) {
        #expect(scan(text) == nil)
    }

    @Test(arguments: [
        // What follows the number stays.
        ("1,2", 1), ("1e", 1), ("1e+", 1), ("1.2.3", 3), ("0x10", 1), ("1e5x", 3), ("nano", 3), ("infinity", 8),
        ("1 ", 1),
    ])
    func stopsBehindTheNumber(_ text: String, _ length: Int) {
        var position = 0
        _ = NumberText.scan(Array(text.utf8), &position, end: text.utf8.count)
        #expect(position == length)
    }

    private func scan(_ text: String) -> NumberText? {
        var position = 0
        return NumberText.scan(Array(text.utf8), &position, end: text.utf8.count)
    }
}

/// A number as it stands in an input.
///
/// The value is the Double nearest to the decimal text (ties to even), whatever the locale. Up to 19 digits are
/// gathered in an integer and scaled by one exact power of ten where that is exact (Clinger, “How to read floating
/// point numbers accurately”, PLDI 1990, the fast case), or divided by one in 128 bits; everything else goes to the
/// standard library.
struct NumberText {
    /// Whether a number is a whole one.
    enum Whole: Equatable {
        /// It is, and this is its exact value: `7`, `7.0`, `7e0`.
        case exact(Int64)
        /// It is, but does not fit into 64 bits.
        case tooLarge
        /// It has a fraction, or is not a number.
        case no
    }

    /// The nearest Double; infinite beyond its range and for `inf`, NaN for `nan`.
    let value: Double
    private let form: Form

    /// What `whole` is decided from: most numbers are never asked whether they are whole.
    private enum Form {
        /// mantissa / 10^fraction, both small.
        case plain(mantissa: Int64, fraction: Int)
        case decided(Whole)
    }

    /// Whether the text is a whole number, decided on its digits and not on the rounded value.
    ///
    /// With an exponent it is the value that decides, and only up to 2⁵³.
    var whole: Whole {
        switch form {
        case .decided(let whole): return whole
        case .plain(let mantissa, let fraction):
            var digits = mantissa
            for _ in 0..<fraction {
                if digits % 10 != 0 { return .no }
                digits /= 10
            }
            return .exact(digits)
        }
    }

    /// Reads the number that begins at `position` and moves `position` behind it.
    ///
    /// Accepted: an optional sign, digits with an optional point, an optional exponent; `nan`, `inf` and `infinity` in
    /// any case, because detectors print them and the row has to be counted. Hexadecimal and grouping are not.
    ///
    /// - Returns: nil where no number begins at `position`, which then stays.
    static func scan(_ bytes: [UInt8], _ position: inout Int, end: Int) -> NumberText? {
        var index = position
        var isNegative = false
        if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
            isNegative = bytes[index] == UInt8(ascii: "-")
            index += 1
        }
        guard index < end else { return nil }
        let start = index
        if let number = plain(bytes, &index, end: end, isNegative: isNegative) {
            position = index
            return number
        }
        index = start
        var digits = Digits()
        digits.read(bytes, &index, end: end)
        guard digits.seen > 0 else {
            guard let magnitude = word(bytes, &index, end: end) else { return nil }
            position = index
            return NumberText(value: isNegative ? -magnitude : magnitude, form: .decided(.no))
        }
        let mantissaEnd = index
        let exponent = Self.exponent(bytes, &index, end: end)
        position = index
        let magnitude = digits.value(exponent: exponent, bytes: bytes, text: start..<mantissaEnd)
        let value = isNegative ? -magnitude : magnitude
        let whole = digits.whole(exponent: exponent, isNegative: isNegative, value: value)
        return NumberText(value: value, form: .decided(whole))
    }

    /// At most 19 digits with or without a point and nothing behind them: nearly every number of nearly every file.
    private static func plain(_ bytes: [UInt8], _ index: inout Int, end: Int, isNegative: Bool) -> NumberText? {
        var mantissa: UInt64 = 0
        var count = 0
        var point = -1
        let limit = min(end, index + 20)
        while index < limit {
            let byte = bytes[index]
            if isDigit(byte) {
                // 20 digits overflow, and are refused below.
                mantissa = mantissa &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
                count += 1
            } else if byte == UInt8(ascii: "."), point < 0 {
                point = count
            } else {
                break
            }
            index += 1
        }
        if count == 0 || count > 19 { return nil }
        if index < end {
            let next = bytes[index]
            if isDigit(next) || next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") { return nil }
        }
        guard let digits = Int64(exactly: mantissa) else { return nil }
        let fraction = point < 0 ? 0 : count - point
        let magnitude = Digits.quotient(mantissa, fraction: fraction)
        return NumberText(
            value: isNegative ? -magnitude : magnitude,
            form: .plain(mantissa: isNegative ? -digits : digits, fraction: fraction))
    }

    /// `nan`, `inf`, `infinity`, in any case.
    private static func word(_ bytes: [UInt8], _ index: inout Int, end: Int) -> Double? {
        let words: [(StaticString, Double)] = [("infinity", .infinity), ("inf", .infinity), ("nan", .nan)]
        for (text, value) in words where index + text.utf8CodeUnitCount <= end {
            let length = text.utf8CodeUnitCount
            let matches = text.description.utf8.enumerated().allSatisfy { offset, byte in
                bytes[index + offset] | 0x20 == byte
            }
            if matches {
                index += length
                return value
            }
        }
        return nil
    }

    /// The exponent behind `e` or `E`, limited to ±99,999; 0 and no move where there is none.
    private static func exponent(_ bytes: [UInt8], _ index: inout Int, end: Int) -> Int {
        guard index < end, bytes[index] | 0x20 == UInt8(ascii: "e") else { return 0 }
        var cursor = index + 1
        var isNegative = false
        if cursor < end, bytes[cursor] == UInt8(ascii: "-") || bytes[cursor] == UInt8(ascii: "+") {
            isNegative = bytes[cursor] == UInt8(ascii: "-")
            cursor += 1
        }
        guard cursor < end, isDigit(bytes[cursor]) else { return 0 }
        var exponent = 0
        while cursor < end, isDigit(bytes[cursor]) {
            exponent = min(99_999, exponent * 10 + Int(bytes[cursor] - UInt8(ascii: "0")))
            cursor += 1
        }
        index = cursor
        return isNegative ? -exponent : exponent
    }
}

/// Whether a byte is an ASCII digit.
func isDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10
}

/// The digits of a number, gathered in one pass.
struct Digits {
    /// Digits met, leading zeros included.
    var seen = 0
    /// The first 19 significant digits as an integer.
    var mantissa: UInt64 = 0
    /// How many significant digits `mantissa` holds.
    var kept = 0
    /// Significant digits that did not fit.
    var dropped = 0
    /// Whether one of those was not 0.
    var lost = false
    /// Digits behind the point that `mantissa` holds.
    var fraction = 0
    /// Whether a digit behind the point is not 0.
    var hasFraction = false

    static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]

    /// 10⁰ to 10¹⁹.
    private static let wholePowersOfTen: [UInt64] = (0...19).reduce(into: []) { powers, _ in
        powers.append((powers.last ?? 0) == 0 ? 1 : powers[powers.count - 1] * 10)
    }

    /// mantissa / 10^fraction, correctly rounded; at most 19 digits behind the point.
    @inline(__always)
    static func quotient(_ mantissa: UInt64, fraction: Int) -> Double {
        if fraction == 0 { return Double(mantissa) }
        // Both are exact Doubles, and one division rounds correctly.
        if mantissa <= 1 << 53 { return Double(mantissa) / powersOfTen[fraction] }
        return longQuotient(mantissa, wholePowersOfTen[fraction])
    }

    /// mantissa / divisor, correctly rounded: a quotient of 63 bits or more, whose last bit says whether anything is
    /// left, rounds as the exact one does.
    private static func longQuotient(_ mantissa: UInt64, _ divisor: UInt64) -> Double {
        let shift = (mantissa: mantissa.leadingZeroBitCount, divisor: divisor.leadingZeroBitCount)
        let aligned = mantissa << UInt64(shift.mantissa)
        // Half of a number below 2⁶⁴ is below the divisor, whose top bit is set: the quotient fits.
        let (quotient, remainder) = (divisor << UInt64(shift.divisor)).dividingFullWidth(
            (aligned >> 1, aligned << 63))
        return Double(
            sign: .plus, exponent: shift.divisor - shift.mantissa - 63,
            significand: Double(quotient | (remainder == 0 ? 0 : 1)))
    }

    mutating func read(_ bytes: [UInt8], _ index: inout Int, end: Int) {
        var behindPoint = false
        while index < end {
            let byte = bytes[index]
            if isDigit(byte) {
                add(UInt64(byte - UInt8(ascii: "0")), behindPoint: behindPoint)
            } else if byte == UInt8(ascii: "."), !behindPoint {
                behindPoint = true
            } else {
                break
            }
            index += 1
        }
    }

    private mutating func add(_ digit: UInt64, behindPoint: Bool) {
        seen += 1
        if behindPoint, digit != 0 { hasFraction = true }
        if kept == 19 {
            if digit != 0 { lost = true }
            if !behindPoint { dropped += 1 }
            return
        }
        if mantissa != 0 || digit != 0 { kept += 1 }
        mantissa = mantissa * 10 + digit
        if behindPoint { fraction += 1 }
    }

    /// The magnitude, correctly rounded, of digits that stand in `text`.
    func value(exponent: Int, bytes: [UInt8], text: Range<Int>) -> Double {
        if mantissa == 0 { return 0 }
        let scale = exponent - fraction + dropped
        if !lost, mantissa <= 1 << 53, (-22...22).contains(scale) {
            let base = Double(mantissa)
            return scale < 0 ? base / Self.powersOfTen[-scale] : base * Self.powersOfTen[scale]
        }
        // The text holds nothing but digits, one point and this exponent, so that the conversion cannot fail.
        let point = UInt8(ascii: ".")
        let behind = bytes[text].firstIndex(of: point).map { text.upperBound - $0 - 1 } ?? 0
        let plain = String(decoding: bytes[text].lazy.filter { $0 != point }, as: UTF8.self)
        return Double("\(plain)e\(exponent - behind)") ?? .nan
    }

    func whole(exponent: Int, isNegative: Bool, value: Double) -> NumberText.Whole {
        if exponent != 0 {
            guard value.rounded() == value else { return value.isFinite ? .no : .tooLarge }
            // Beyond 2⁵³ an exponent leaves open which whole number was meant.
            return abs(value) <= 0x1p53 ? .exact(Int64(value)) : .tooLarge
        }
        guard !hasFraction else { return .no }
        guard dropped == 0 else { return .tooLarge }
        var magnitude = mantissa
        for _ in 0..<fraction { magnitude /= 10 }
        if isNegative {
            guard magnitude <= UInt64(Int64.max) + 1 else { return .tooLarge }
            return .exact(Int64(truncatingIfNeeded: 0 &- magnitude))
        }
        return Int64(exactly: magnitude).map { .exact($0) } ?? .tooLarge
    }
}

/// A number as outputs print it: the shortest decimal that reads back as the same Double, with a point whatever the
/// locale, no `.0` behind a whole number, and never an exponent, which some readers of MOT text do not know.
///
/// Edge cases: −0 is `-0`; NaN and infinities, which no box has, are `nan`, `inf` and `-inf`.
func decimalText(_ value: Double) -> String {
    if let whole = Int64(exactly: value), abs(whole) <= 1 << 53, whole != 0 || value.sign == .plus {
        return String(whole)
    }
    let text = value.description
    guard value.isFinite, let mark = text.utf8.firstIndex(of: UInt8(ascii: "e")) else {
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    // `1.25e-07` and `1e+20`: write the zeros out.
    let sign = text.hasPrefix("-") ? "-" : ""
    let mantissa = text[..<mark].drop { $0 == "-" }
    let digits = mantissa.filter { $0 != "." }
    let pointAfter =
        mantissa.firstIndex(of: ".").map { mantissa.distance(from: mantissa.startIndex, to: $0) } ?? digits.count
    let point = pointAfter + (Int(text[text.index(after: mark)...]) ?? 0)
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if point >= digits.count { return sign + digits + String(repeating: "0", count: point - digits.count) }
    let split = digits.index(digits.startIndex, offsetBy: point)
    return sign + digits[..<split] + "." + digits[split...]
}

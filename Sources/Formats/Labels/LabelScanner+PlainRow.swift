/// The first columns of a row, read in one go.
struct PlainRow {
    /// The numbers; as many as there are names of columns in MOT text.
    var values = [Double](repeating: 0, count: 9)
    /// How many of them the row has.
    var count = 0
}

extension LabelScanner {
    /// Reads the columns of a row that is written as nearly all of them are: numbers of at most 15 digits (left, top,
    /// width and height 19), a comma between, blanks nowhere.
    ///
    /// - Returns: false, and no move, for any other row, which is then read column by column and judged.
    mutating func readPlain(_ row: inout PlainRow) -> Bool {
        let bytes = bytes
        let end = bytes.count
        var index = position
        var column = 0
        while column < row.values.count {
            let isNegative = index < end && bytes[index] == UInt8(ascii: "-")
            if isNegative { index += 1 }
            let start = index
            var mantissa: UInt64 = 0
            var point = -1
            while index < end {
                let digit = bytes[index] &- UInt8(ascii: "0")
                if digit < 10 {
                    // What overflows has more digits than are taken.
                    mantissa = mantissa &* 10 &+ UInt64(digit)
                } else if bytes[index] == UInt8(ascii: "."), point < 0 {
                    point = index
                } else {
                    break
                }
                index += 1
            }
            let digits = index - start - (point < 0 ? 0 : 1)
            guard digits > 0, digits <= ((2...5).contains(column) ? 19 : 15) else { return false }
            let magnitude = Digits.quotient(mantissa, fraction: point < 0 ? 0 : index - point - 1)
            row.values[column] = isNegative ? -magnitude : magnitude
            column += 1
            guard index < end, bytes[index] == UInt8(ascii: ",") else { break }
            index += 1
            // One separator may follow the last column.
            if index == end || Self.endsRow(bytes[index]) { break }
        }
        guard index == end || Self.endsRow(bytes[index]) || column == row.values.count else { return false }
        row.count = column
        position = index
        return true
    }
}

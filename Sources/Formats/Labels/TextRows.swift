/// The rows of a small text file, such as a list of sequences: each row's columns as texts.
public enum TextRows {
    /// The largest file that is read: 1 MiB.
    private static let maximumSize = 1 << 20

    /// The columns of every row that is not blank, parted by commas, semicolons, blanks or tabs.
    ///
    /// - Throws: `FormatError`; `encoding` for bytes that are not UTF-8 text.
    public static func read(contentsOf path: String) throws(FormatError) -> [[String]] {
        let input = try ByteInput(.path(path), wakeUp: WakeUp())
        if let size = input.knownSize, size > maximumSize {
            throw .inputTooLarge(source: input.name, limit: maximumSize, unit: "bytes")
        }
        var lines = LineReader(input)
        var rows: [[String]] = []
        var total = 0
        while let range = try lines.next(deadline: nil) {
            total += range.count + 1
            if total > maximumSize { throw .inputTooLarge(source: input.name, limit: maximumSize, unit: "bytes") }
            guard let text = String(validating: lines.bytes[range], as: UTF8.self), !lines.bytes[range].contains(0)
            else {
                throw .encoding(lines.place, found: "bytes that are not UTF-8 text")
            }
            let columns = text.split { ",; \t\r".contains($0) }.map(String.init)
            if !columns.isEmpty { rows.append(columns) }
        }
        return rows
    }
}

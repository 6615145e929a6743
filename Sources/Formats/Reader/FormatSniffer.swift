/// Tells the three shapes of text apart by their first bytes.
enum FormatSniffer {
    /// What the text is.
    enum Shape {
        /// Rows of numbers.
        case mot
        /// One JSON object a line.
        case jsonLines
        /// One JSON document.
        case scalabel
    }

    /// The shape, or nil where more bytes are needed.
    ///
    /// A list is Scalabel. Of an object, the first key that only one of the two formats has decides; an object that
    /// ends without one is taken for a line, whose parser then says what is missing.
    ///
    /// - Parameter isComplete: whether no more bytes will be offered.
    static func shape(_ bytes: [UInt8], _ range: Range<Int>, isComplete: Bool) -> Shape? {
        var scanner = JSONScanner(bytes, range, source: "", firstLine: 1)
        switch scanner.peek() {
        case nil: return isComplete ? .mot : nil
        case UInt8(ascii: "["): return .scalabel
        case UInt8(ascii: "{"): break
        default: return .mot
        }
        do throws(FormatError) {
            try scanner.expect(UInt8(ascii: "{"), "")
            var isFirst = true
            while let key = try scanner.nextKey(isFirst: &isFirst) {
                switch key {
                case "frames", "groups", "config": return .scalabel
                case "frame", "timestamp", "boxes", "tracks", "box": return .jsonLines
                default: try scanner.skipValue()
                }
            }
        } catch {
            // At the end of what is there the text may only be cut off; before it, it is broken.
            if scanner.position == range.upperBound, !isComplete { return nil }
        }
        return .jsonLines
    }
}

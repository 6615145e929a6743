#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Text of an input made fit for a message: control characters replaced, cut after `limit` characters.
public func printable(_ text: String, limit: Int) -> String {
    var result = ""
    for (count, character) in text.unicodeScalars.enumerated() {
        if count == limit { return result + "…" }
        let isControl = character.value < 0x20 || (0x7F...0x9F).contains(character.value)
        result.unicodeScalars.append(isControl ? "\u{FFFD}" : character)
    }
    return result
}

/// Text of an input between quotation marks, at most 40 characters of it.
func quoted(_ text: String) -> String {
    "“\(printable(text, limit: 40))”"
}

/// Bytes of an input between quotation marks, at most 40 characters of them.
func quoted(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    quoted(String(decoding: bytes[range.prefix(160)], as: UTF8.self))
}

/// What the operating system says about an `errno`.
func systemMessage(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
}

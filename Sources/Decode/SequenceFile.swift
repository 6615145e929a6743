import Glibc

/// The keys of a MOT sequence's seqinfo.ini that reading its images needs.
///
/// Source: the MOT Challenge development kit; INI as Python's configparser reads it: `key=value` or `key: value`, keys
/// in any case, comments after `;` or `#` at the start of a line.
///
/// Edge cases: a missing file is no sequence; unknown keys and sections are ignored; `seqLength` is not read because
/// folders with fewer or more images are fine.
struct SequenceFile: Equatable {
    /// `name`.
    var name: String?
    /// `imDir`, a path below the sequence's folder.
    var imageFolder: String?
    /// `frameRate`, positive.
    var frameRate: Double?

    /// Largest file that is read.
    private static let largestSize = 1 << 16

    /// Reads a file; nil where there is none.
    static func read(path: String) throws(DecodeError) -> SequenceFile? {
        guard let bytes = try readSmallFile(path) else { return nil }
        return try SequenceFile(text: String(decoding: bytes, as: UTF8.self), path: path)
    }

    /// Reads the text of a seqinfo.ini; `path` is for messages.
    init(text: String, path: String) throws(DecodeError) {
        var section = ""
        var lineNumber = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            lineNumber += 1
            let line = line.trimmed(alsoDropping: "\u{FEFF}")
            guard let first = line.first, first != ";", first != "#" else { continue }
            if first == "[" {
                section = line.dropFirst().prefix { $0 != "]" }.lowercased()
                continue
            }
            guard section == "sequence", let separator = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
                continue
            }
            let value = String(line[line.index(after: separator)...].trimmed())
            switch line[..<separator].trimmed().lowercased() {
            case "name":
                name = value
            case "imdir":
                let parts = value.split(separator: "/", omittingEmptySubsequences: false)
                guard !value.isEmpty, !value.hasPrefix("/"), !parts.contains(".."), !value.utf8.contains(0) else {
                    throw .sequenceInfo(
                        path: path, line: lineNumber, found: "imDir '\(value)'",
                        expected: "the name of a folder below the sequence's, such as img1")
                }
                imageFolder = value
            case "framerate":
                guard let rate = Double(value), (0.001...1000).contains(rate) else {
                    throw .sequenceInfo(
                        path: path, line: lineNumber, found: "frameRate '\(value)'",
                        expected: "frames a second, 0.001 to 1000")
                }
                frameRate = rate
            default:
                continue
            }
        }
    }

    private static func readSmallFile(_ path: String) throws(DecodeError) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            if code == ENOENT || code == ENOTDIR { return nil }
            throw VideoSource.openingError(path, code)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: largestSize + 1)
        var filled = 0
        while filled < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .readFailed(source: path, code: errno) }
            if count == 0 { break }
            filled += count
        }
        guard filled <= largestSize else {
            throw .sequenceInfo(
                path: path, line: 1, found: "more than \(largestSize) bytes", expected: "a seqinfo.ini of a few lines")
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }
}

extension Substring {
    /// Without white space at either end.
    fileprivate func trimmed(alsoDropping extra: Character? = nil) -> Substring {
        var result = self
        while let first = result.first, first.isWhitespace || first == extra { result.removeFirst() }
        while let last = result.last, last.isWhitespace { result.removeLast() }
        return result
    }
}

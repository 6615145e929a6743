/// What a MOTChallenge `seqinfo.ini` says about a sequence; every key may be missing.
///
/// Source: MOTChallenge devkit. Read as Python's `configparser` reads it: section `[Sequence]`, `key=value` or `key:
/// value`, keys in any case, comments behind `;` or `#` at the start of a line. Keys that are not known are ignored; a
/// known key with a value that makes no sense is an error, because a wrong rate would shift every number that follows.
public struct SequenceInfo: Hashable, Sendable {
    /// The sequence's name.
    public var name: String?
    /// The folder of the pictures, relative to the file.
    public var imageDirectory: String?
    /// Frames a second.
    public var frameRate: Double?
    /// Number of frames.
    public var length: Int?
    /// Width of a frame, pixels.
    public var width: Int?
    /// Height of a frame, pixels.
    public var height: Int?
    /// Extension of the pictures, with its point.
    public var imageExtension: String?

    /// Creates facts about a sequence.
    public init(
        name: String? = nil, imageDirectory: String? = nil, frameRate: Double? = nil, length: Int? = nil,
        width: Int? = nil,
        height: Int? = nil, imageExtension: String? = nil
    ) {
        self.name = name
        self.imageDirectory = imageDirectory
        self.frameRate = frameRate
        self.length = length
        self.width = width
        self.height = height
        self.imageExtension = imageExtension
    }

    /// Reads a file.
    ///
    /// - Throws: `notFound`, `isDirectory`, `notPermitted`, `cannotRead`, or `malformed` and `encoding` with the line.
    public init(contentsOf path: String) throws(FormatError) {
        try self.init(ByteInput(.path(path), wakeUp: WakeUp()))
    }

    /// Reads text in memory.
    init(bytes: [UInt8], name: String = "memory") throws(FormatError) {
        try self.init(ByteInput(bytes: bytes, name: name))
    }

    /// The facts about the sequence that a file of boxes belongs to; nil where there are none.
    ///
    /// Looks for `seqinfo.ini` beside the file, then in the folder above, as in `SEQ/gt/gt.txt` and `SEQ/seqinfo.ini`.
    ///
    /// - Throws: as `init(contentsOf:)`, for a file that is there and cannot be used.
    public static func beside(boxesPath: String) throws(FormatError) -> SequenceInfo? {
        let folder = boxesPath.lastIndex(of: "/").map { String(boxesPath[...$0]) } ?? "./"
        for path in [folder + "seqinfo.ini", folder + "../seqinfo.ini"] {
            do {
                return try SequenceInfo(contentsOf: path)
            } catch .notFound {
                continue
            }
        }
        return nil
    }

    private init(_ input: ByteInput) throws(FormatError) {
        if input.isLive {
            throw .malformed(SourcePlace(source: input.name), found: "a pipe or a device", expected: "a regular file")
        }
        if let size = input.knownSize, size > Self.maximumSize {
            throw .inputTooLarge(source: input.name, limit: Self.maximumSize, unit: "bytes")
        }
        var lines = LineReader(input)
        var section: String?
        var seen: Set<String> = []
        while let range = try lines.next(deadline: nil) {
            guard let text = String(validating: lines.bytes[range], as: UTF8.self), !lines.bytes[range].contains(0)
            else {
                throw .encoding(lines.place, found: "bytes that are not UTF-8 text")
            }
            let line = trimmed(text[...])
            if line.isEmpty || line.hasPrefix(";") || line.hasPrefix("#") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = trimmed(line.dropFirst().dropLast())
                continue
            }
            guard let mark = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
                throw .malformed(lines.place, found: quoted(line), expected: "`key=value`")
            }
            guard section?.lowercased() == "sequence" else { continue }
            let key = trimmed(line[..<mark]).lowercased()
            let value = trimmed(line[line.index(after: mark)...])
            guard seen.insert(key).inserted else {
                throw .malformed(lines.place, found: "a second \(quoted(key))", expected: "every key once")
            }
            try take(key, value, at: lines.place)
        }
    }

    private static let maximumSize = 1 << 20

    private mutating func take(_ key: String, _ value: String, at place: SourcePlace) throws(FormatError) {
        switch key {
        case "name": name = value
        case "imdir":
            guard !value.hasPrefix("/"), !value.split(separator: "/").contains("..") else {
                throw .malformed(place, found: "imDir \(quoted(value))", expected: "a folder inside the sequence's own")
            }
            imageDirectory = value
        case "framerate":
            guard let number = number(value)?.value, number.isFinite, number > 0, number <= 100_000 else {
                throw .malformed(place, found: "frameRate \(quoted(value))", expected: "frames a second, above 0")
            }
            frameRate = number
        case "seqlength": length = try count(key, value, from: 0, through: FrameRule.largest, at: place)
        case "imwidth": width = try count(key, value, from: 1, through: 1 << 20, at: place)
        case "imheight": height = try count(key, value, from: 1, through: 1 << 20, at: place)
        case "imext":
            guard value.hasPrefix("."), !value.contains("/") else {
                throw .malformed(place, found: "imExt \(quoted(value))", expected: "an extension such as `.jpg`")
            }
            imageExtension = value
        default: break
        }
    }

    private func count(
        _ key: String, _ value: String, from least: Int64, through most: Int, at place: SourcePlace
    ) throws(FormatError) -> Int {
        guard case .exact(let number)? = number(value)?.whole, number >= least, number <= most else {
            throw .malformed(
                place, found: "\(key) \(quoted(value))", expected: "a whole number from \(least) to \(most)")
        }
        return Int(number)
    }

    private func number(_ value: String) -> NumberText? {
        let bytes = Array(value.utf8)
        var position = 0
        let number = NumberText.scan(bytes, &position, end: bytes.count)
        return position == bytes.count ? number : nil
    }
}

/// A text without the blanks around it.
private func trimmed(_ text: Substring) -> String {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
    else {
        return ""
    }
    return String(text[first...last])
}

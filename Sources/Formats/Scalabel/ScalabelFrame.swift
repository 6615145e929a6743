/// One frame of a Scalabel file: its name, its number, what is said of it, and its labels.
///
/// Source: scalabel `label/typing.py` (Frame); `index` and `video_name` are the names of older files.
public struct ScalabelFrame: Sendable {
    /// The picture's file name, as in `b1c66a42-6f7d68ca-0000001.jpg`.
    public var name: String?
    /// The video that the frame belongs to.
    public var video: String?
    /// The frame's number in its video, from 1: `frameIndex` + 1.
    public var number: Int32?
    /// Milliseconds, as the file has them.
    public var timestamp: Double?
    /// Those of `weather`, `scene` and `timeofday` that the file names.
    public var attributes: [String: String] = [:]
    /// The labels in the order of the file; empty where it says null, and where only frames were asked for.
    public var labels: [ScalabelLabel] = []
    /// The line on which the frame begins.
    public var line = 0

    /// The most labels of one frame that are held.
    static let maximumLabels = 1 << 18
    private static let attributeNames: Set<String> = ["weather", "scene", "timeofday"]

    /// The number in the picture's name, from 1: `video-0000001.jpg`, also with folders before it.
    ///
    /// Source: bdd100k `label/to_rle.py:138`, which takes `frameIndex` from the name by the same rule.
    public var numberInName: Int32? {
        guard let digits = name.flatMap(Self.parts)?.digits, let value = Int32(digits), value >= 1 else { return nil }
        return value <= Int32(FrameRule.largest) ? value : nil
    }

    /// The video in the picture's name: what stands before the number.
    public var videoInName: String? { name.flatMap(Self.parts)?.video }

    private static func parts(_ name: String) -> (video: String, digits: Substring)? {
        let file = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let stem = file.lastIndex(of: ".").map { file[..<$0] } ?? file
        guard let dash = stem.lastIndex(of: "-"), dash > stem.startIndex else { return nil }
        let digits = stem[stem.index(after: dash)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return (String(stem[..<dash]), digits)
    }

    /// Parses the frame that comes next.
    ///
    /// - Parameter withLabels: whether labels are wanted; otherwise they are passed over.
    static func parse(_ scanner: inout JSONScanner, withLabels: Bool) throws(FormatError) -> ScalabelFrame {
        try scanner.expect(UInt8(ascii: "{"), "a frame object")
        var frame = ScalabelFrame()
        frame.line = scanner.line
        var hasLabels = false
        var isFirst = true
        while let key = try scanner.nextKey(isFirst: &isFirst) {
            switch key {
            case "frameIndex", "index", "frame_index":
                if scanner.passNull() { continue }
                let number = try frameNumber(&scanner)
                if let known = frame.number, known != number {
                    throw .malformed(scanner.place, found: "two different frame indices", expected: "one in a frame")
                }
                frame.number = number
            case "videoName", "video_name":
                if !scanner.passNull() { frame.video = try scanner.string() }
            case "name":
                // Scalabel makes a string of whatever stands here.
                if scanner.peek() == UInt8(ascii: "\"") {
                    frame.name = try scanner.string()
                } else {
                    try scanner.skipValue()
                }
            case "timestamp":
                if !scanner.passNull() { frame.timestamp = try scanner.number("a time in milliseconds").value }
            case "attributes":
                if !scanner.passNull() { try frame.readAttributes(&scanner) }
            case "labels":
                if hasLabels {
                    throw .malformed(scanner.place, found: "a second `labels`", expected: "one in a frame")
                }
                hasLabels = true
                if withLabels {
                    frame.labels = try readLabels(&scanner)
                } else {
                    try scanner.skipValue()
                }
            default: try scanner.skipValue()
            }
        }
        return frame
    }

    private static func frameNumber(_ scanner: inout JSONScanner) throws(FormatError) -> Int32 {
        let expected = "a frame index from 0 to 999999999"
        guard case .exact(let index) = try scanner.number(expected).whole, index >= 0, index < FrameRule.largest else {
            throw .malformed(scanner.place, found: "a frame index out of range", expected: expected)
        }
        return Int32(index) + 1
    }

    private mutating func readAttributes(_ scanner: inout JSONScanner) throws(FormatError) {
        try scanner.expect(UInt8(ascii: "{"), "an object of attributes")
        var isFirst = true
        while let key = try scanner.nextKey(isFirst: &isFirst) {
            if Self.attributeNames.contains(key), scanner.peek() == UInt8(ascii: "\"") {
                attributes[key] = try scanner.string()
            } else {
                try scanner.skipValue()
            }
        }
    }

    private static func readLabels(_ scanner: inout JSONScanner) throws(FormatError) -> [ScalabelLabel] {
        if scanner.passNull() { return [] }
        try scanner.expect(UInt8(ascii: "["), "a list of labels")
        var labels: [ScalabelLabel] = []
        var isFirst = true
        while try scanner.nextElement(isFirst: &isFirst) {
            labels.append(try ScalabelLabel.parse(&scanner))
            if labels.count > maximumLabels {
                throw .malformed(
                    scanner.place, found: "more than \(maximumLabels) labels in a frame", expected: "a frame of boxes")
            }
        }
        return labels
    }
}

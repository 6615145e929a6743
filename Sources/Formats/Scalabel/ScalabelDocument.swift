/// A Scalabel file, the format of BDD100K box tracking: a list of frames, or an object with `frames`.
///
/// Source: scalabel `label/typing.py` and `label/io.py`; `index` and `Crowd` are the names of older files. Frame
/// numbers are `frameIndex` + 1; boxes are x1, y1, x2 − x1, y2 − y1 (the +1 belongs to BDD100K's scoring, not to the
/// data); `score` is the confidence, 1 where there is none. Polygons, masks and whatever else a file carries are passed
/// over.
struct ScalabelDocument {
    /// Boxes of the eight classes, in the order of the file; identities are filled in by `finish`.
    private(set) var rows: [StoredRow] = []
    /// Frames of the file that belong to the video, in order, those without boxes included.
    private(set) var frames: [Int32] = []
    /// Counts of what was left out already.
    private(set) var summary = BoxSummary()
    private let source: String
    private let videoName: String?
    private var identities = ScalabelIdentities()
    /// Names of the videos met, at most `maximumVideos`.
    private var videos: [String?] = []

    /// The most boxes that are kept in memory.
    private let maximumRows: Int
    private static let maximumVideos = 16
    /// The most labels of one frame that are held until its number is known.
    private static let maximumLabels = 1 << 18

    /// Parses a whole file.
    ///
    /// - Throws: `malformed` and `encoding` with the line, `severalVideos`, `videoNotFound`, `inputTooLarge`.
    static func parse(
        _ bytes: [UInt8], source: String, videoName: String?, maximumRows: Int
    ) throws(FormatError) -> ScalabelDocument {
        var document = ScalabelDocument(source: source, videoName: videoName, maximumRows: maximumRows)
        var scanner = JSONScanner(bytes, bytes.indices, source: source, firstLine: 1)
        try document.read(&scanner)
        try scanner.finish()
        try document.finish()
        return document
    }

    private init(source: String, videoName: String?, maximumRows: Int) {
        self.source = source
        self.videoName = videoName
        self.maximumRows = maximumRows
    }

    private mutating func read(_ scanner: inout JSONScanner) throws(FormatError) {
        let expected = "a list of Scalabel frames, or an object with `frames`"
        if scanner.peek() == UInt8(ascii: "[") { return try readFrames(&scanner) }
        try scanner.expect(UInt8(ascii: "{"), expected)
        var isFirst = true
        var hasFrames = false
        while let key = try scanner.nextKey(isFirst: &isFirst) {
            if key == "frames" {
                if hasFrames { throw .malformed(scanner.place, found: "a second `frames`", expected: expected) }
                hasFrames = true
                try readFrames(&scanner)
            } else {
                try scanner.skipValue()
            }
        }
        if !hasFrames { throw .malformed(scanner.place, found: "an object without `frames`", expected: expected) }
    }

    private mutating func readFrames(_ scanner: inout JSONScanner) throws(FormatError) {
        try scanner.expect(UInt8(ascii: "["), "a list of frames")
        var isFirst = true
        while try scanner.nextElement(isFirst: &isFirst) {
            try readFrame(&scanner)
        }
    }

    private mutating func readFrame(_ scanner: inout JSONScanner) throws(FormatError) {
        try scanner.expect(UInt8(ascii: "{"), "a frame object")
        let firstLine = scanner.line
        var number: Int32?
        var video: String?
        var labels: [ScalabelLabel] = []
        var isFirst = true
        while let key = try scanner.nextKey(isFirst: &isFirst) {
            switch key {
            case "frameIndex", "index", "frame_index":
                if scanner.passNull() { continue }
                let index = try frameNumber(&scanner)
                if let number, number != index {
                    throw .malformed(scanner.place, found: "two different frame indices", expected: "one in a frame")
                }
                number = index
            case "videoName", "video_name":
                if !scanner.passNull() { video = try scanner.string() }
            case "labels":
                if !labels.isEmpty {
                    throw .malformed(scanner.place, found: "a second `labels`", expected: "one in a frame")
                }
                labels = try readLabels(&scanner)
            default: try scanner.skipValue()
            }
        }
        if let videoName {
            // A wrong video's labels were counted as ordinals and nothing else.
            guard video == videoName else { return note(video) }
        }
        note(video)
        if videoName == nil, videos.count > 1 {
            throw .severalVideos(source: source, names: videos.map { $0 ?? "no name" })
        }
        guard let number else {
            throw .malformed(
                SourcePlace(source: source, line: firstLine), found: "a frame without `frameIndex`",
                expected: "its index in the video, from 0")
        }
        frames.append(number)
        try add(labels, frame: number)
    }

    /// Remembers that a video occurs.
    private mutating func note(_ video: String?) {
        if videos.count < Self.maximumVideos, !videos.contains(video) { videos.append(video) }
    }

    private func frameNumber(_ scanner: inout JSONScanner) throws(FormatError) -> Int32 {
        let expected = "a frame index from 0 to 999999999"
        guard case .exact(let index) = try scanner.number(expected).whole, index >= 0, index < FrameRule.largest else {
            throw .malformed(scanner.place, found: "a frame index out of range", expected: expected)
        }
        return Int32(index) + 1
    }

    private mutating func readLabels(_ scanner: inout JSONScanner) throws(FormatError) -> [ScalabelLabel] {
        if scanner.passNull() { return [] }
        try scanner.expect(UInt8(ascii: "["), "a list of labels")
        var labels: [ScalabelLabel] = []
        var isFirst = true
        while try scanner.nextElement(isFirst: &isFirst) {
            labels.append(try ScalabelLabel.parse(&scanner))
            if labels.count > Self.maximumLabels {
                throw .malformed(
                    scanner.place, found: "more than \(Self.maximumLabels) labels in a frame",
                    expected: "a frame of boxes")
            }
            if labels.count + summary.rows > maximumRows {
                throw .inputTooLarge(source: source, limit: maximumRows, unit: "boxes")
            }
        }
        return labels
    }

    private mutating func add(_ labels: [ScalabelLabel], frame: Int32) throws(FormatError) {
        for label in labels {
            summary.rows += 1
            let identity = label.identity.map { identities.ordinal(of: $0) } ?? -1
            if label.isCrowd {
                summary.crowds += 1
                continue
            }
            guard let classID = ScalabelCategory.classID(of: label.category) else {
                summary.countCategory(label.category)
                continue
            }
            guard let corners = label.corners else {
                summary.withoutBox += 1
                continue
            }
            rows.append(
                StoredRow(
                    x: corners.x1, y: corners.y1, width: corners.x2 - corners.x1, height: corners.y2 - corners.y1,
                    confidence: label.score ?? 1, identity: identity, frame: frame, classID: Int32(classID),
                    row: summary.rows, line: label.line))
        }
    }

    private mutating func finish() throws(FormatError) {
        if let videoName, !videos.contains(videoName) { throw .videoNotFound(source: source, name: videoName) }
        // Kept rows are counted again by the filter that comes after.
        summary.rows -= rows.count
        if let values = identities.numericValues {
            for index in rows.indices where rows[index].identity > 0 {
                rows[index].identity = values[Int(rows[index].identity) - 1]
            }
        }
    }
}

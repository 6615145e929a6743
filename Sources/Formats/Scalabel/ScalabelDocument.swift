/// The boxes of one video of a Scalabel file, the format of BDD100K box tracking.
///
/// Source: scalabel `label/typing.py` and `label/io.py`. Frame numbers are `frameIndex` + 1; boxes are x1, y1, x2 − x1,
/// y2 − y1 (the +1 belongs to BDD100K's scoring, not to the data); `score` is the confidence, 1 where there is none.
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

    /// The most boxes, and the most frames, that are kept in memory.
    private let maximumRows: Int
    private static let maximumVideos = 16

    /// Reads a whole file.
    ///
    /// - Throws: `malformed` and `encoding` with the line, `severalVideos`, `videoNotFound`, `inputTooLarge`.
    static func read(
        _ frames: consuming ScalabelFrames, source: String, videoName: String?, maximumRows: Int
    ) throws(FormatError) -> ScalabelDocument {
        var document = ScalabelDocument(source: source, videoName: videoName, maximumRows: maximumRows)
        while let frame = try frames.next() { try document.add(frame) }
        try document.finish()
        return document
    }

    private init(source: String, videoName: String?, maximumRows: Int) {
        self.source = source
        self.videoName = videoName
        self.maximumRows = maximumRows
    }

    private mutating func add(_ frame: ScalabelFrame) throws(FormatError) {
        if videos.count < Self.maximumVideos, !videos.contains(frame.video) { videos.append(frame.video) }
        if let videoName, frame.video != videoName { return }
        if videoName == nil, videos.count > 1 {
            throw .severalVideos(source: source, names: videos.map { $0 ?? "no name" })
        }
        guard let number = frame.number ?? frame.numberInName else {
            throw .malformed(
                SourcePlace(source: source, line: frame.line), found: "a frame without `frameIndex`",
                expected: "its index in the video, from 0")
        }
        if frames.last != number {
            if frames.count == maximumRows {
                throw .inputTooLarge(source: source, limit: maximumRows, unit: "frames")
            }
            frames.append(number)
        }
        if frame.labels.count + summary.rows > maximumRows {
            throw .inputTooLarge(source: source, limit: maximumRows, unit: "boxes")
        }
        add(frame.labels, frame: number)
    }

    private mutating func add(_ labels: [ScalabelLabel], frame: Int32) {
        for label in labels {
            summary.rows += 1
            let identity = label.identity.map { identities.ordinal(of: $0) } ?? -1
            if label.isCrowd || label.isIgnored {
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

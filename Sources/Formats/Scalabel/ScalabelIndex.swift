/// Which videos a Scalabel file holds, and where, so that each can be read on its own.
///
/// Why: all labels of a set in one file are hundreds of megabytes, and its frames may be in any order. Looking through
/// it once keeps a few dozen bytes a run of frames of one video; a video is then read from its own part of the file.
public struct ScalabelIndex: Sendable {
    /// One video of the file.
    public struct Video: Sendable {
        /// `videoName`, or what stands before the number in the pictures' names; nil where frames have neither.
        public let name: String?
        /// How many frames there are.
        public internal(set) var frames = 0
        /// The first `weather`, `scene` and `timeofday` that its frames name.
        public internal(set) var attributes: [String: String] = [:]
        /// Runs of neighbouring frames, in the order of the file.
        var runs: [Run] = []
    }

    /// Frames of one video that follow on each other: where, and on which line the first begins.
    struct Run {
        var bytes: Range<Int>
        var line: Int
    }

    /// The file.
    public let path: String
    /// Its videos, in the order in which they are first named.
    public let videos: [Video]
    private let positions: [String: Int]

    /// The most videos of a file; BDD100K has 2,000.
    private static let maximumVideos = 1 << 17
    /// The most runs of frames; a set in which every frame stands alone has 400,000.
    private static let maximumRuns = 1 << 23

    /// Looks through a file.
    ///
    /// - Throws: `notFound`, `isDirectory`, `notPermitted`, `cannotRead`, and everything that can be wrong with the
    ///   document outside of the meaning of its labels, whose JSON is checked too.
    public init(contentsOf path: String) throws(FormatError) {
        let input = try ByteInput(.path(path), wakeUp: WakeUp())
        if input.isLive {
            throw .malformed(
                SourcePlace(source: path), found: "a pipe or a device", expected: "a regular file, read several times")
        }
        try self.init(input, path: path)
    }

    /// Looks through bytes in memory.
    init(bytes: [UInt8], path: String = "memory") throws(FormatError) {
        try self.init(ByteInput(bytes: bytes, name: path), path: path)
    }

    private init(_ input: ByteInput, path: String) throws(FormatError) {
        self.path = path
        var frames = ScalabelFrames(LineReader(input), source: path)
        var videos: [Video] = []
        var positions: [String?: Int] = [:]
        var last: Int?
        var runs = 0
        while let frame = try frames.next(withLabels: false) {
            let name = frame.video ?? frame.videoInName
            let position: Int
            if let known = positions[name] {
                position = known
            } else {
                if videos.count == Self.maximumVideos {
                    throw .inputTooLarge(source: path, limit: Self.maximumVideos, unit: "videos")
                }
                position = videos.count
                positions[name] = position
                videos.append(Video(name: name))
            }
            videos[position].frames += 1
            videos[position].attributes.merge(frame.attributes) { first, _ in first }
            if last == position, let run = videos[position].runs.indices.last {
                let start = videos[position].runs[run].bytes.lowerBound
                videos[position].runs[run].bytes = start..<frames.extent.upperBound
            } else {
                runs += 1
                if runs > Self.maximumRuns {
                    throw .inputTooLarge(source: path, limit: Self.maximumRuns, unit: "separate frames")
                }
                videos[position].runs.append(Run(bytes: frames.extent, line: frame.line))
            }
            last = position
        }
        self.videos = videos
        var named: [String: Int] = [:]
        for (name, position) in positions { if let name { named[name] = position } }
        self.positions = named
    }

    /// The video of a name.
    public subscript(name: String) -> Video? { positions[name].map { videos[$0] } }

    /// Gives the frames of a video, labels included, in the order of the file.
    ///
    /// - Throws: `malformed` and `encoding` with the line, `cannotRead`, and what `take` throws.
    public func read(
        _ video: Video, _ take: (ScalabelFrame) throws(FormatError) -> Void
    ) throws(FormatError) {
        for run in video.runs {
            try Self.read(try ByteInput(path: path, bytes: run.bytes), path: path, line: run.line, take)
        }
    }

    static func read(
        _ input: ByteInput, path: String, line: Int, _ take: (ScalabelFrame) throws(FormatError) -> Void
    ) throws(FormatError) {
        var frames = ScalabelFrames(part: LineReader(input), source: path, firstLine: line)
        while let frame = try frames.next() { try take(frame) }
    }
}

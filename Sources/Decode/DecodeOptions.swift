/// Where a video comes from.
public enum VideoSource: Hashable, Sendable {
    /// A media file, a FIFO, or a folder of numbered images.
    case path(String)
    /// Standard input: a container or y4m.
    case standardInput

    /// Creates a source from a command-line argument, where `-` stands for standard input.
    public init(argument: String) {
        self = argument == "-" ? .standardInput : .path(argument)
    }

    /// How messages call the source.
    public var name: String {
        switch self {
        case .path(let path): path
        case .standardInput: "standard input"
        }
    }
}

/// How frames are numbered (docs/formats.md).
public enum FrameNumbering: String, Sendable, CaseIterable {
    /// From presentation times, so that a lost frame leaves a hole.
    case timestamps = "pts"
    /// Plain ordinals 1, 2, 3, …, as OpenCV counts. Image folders keep the numbers of their file names.
    case count
}

/// What a reader may be told about its source.
public struct DecodeOptions: Sendable {
    /// How frames are numbered.
    public var frameNumbering: FrameNumbering = .timestamps
    /// Frames a second that numbers are computed with, in place of what the source says; nil: what the source says.
    ///
    /// Raw streams without timestamps and image folders take their times from it too.
    public var frameRate: Double?
    /// Most pixels (width · height) that a frame may have; a larger one is refused before its memory is allocated.
    public var maxPixels = 64_000_000
    /// Decoding threads; 0: one more than there are processors, 8 at most.
    public var threads = 0
    /// Seconds to wait for a pipe's next bytes; nil: 30; 0 or infinity: for ever.
    ///
    /// Regular files have no limit.
    public var readTimeoutSeconds: Double?
    /// Numbers of the frames that are handed out; nil: all.
    ///
    /// Of a folder, the other images are not read; a video is decoded until the last of these frames.
    public var wantedFrames: Set<Int>?

    /// Creates the default options.
    public init() {}
}

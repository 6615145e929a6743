/// What a source says about its video, as `vtrack probe` prints it.
///
/// Made after the first frame has been decoded, so sizes, pixel format and colour are the frame's own and not only the
/// container's claim.
public struct StreamInfo: Sendable {
    /// FFmpeg's name of the container, or `image folder`.
    public internal(set) var container = ""
    /// FFmpeg's name of the codec.
    public internal(set) var codec = ""
    /// FFmpeg's name of the codec's profile, where it has one.
    public internal(set) var profile: String?
    /// FFmpeg's name of the pixel format.
    public internal(set) var pixelFormat = ""
    /// Width as displayed, after rotation, in pixels.
    public internal(set) var width = 0
    /// Height as displayed, after rotation, in pixels.
    public internal(set) var height = 0
    /// Width as decoded, before rotation, in pixels.
    public internal(set) var codedWidth = 0
    /// Height as decoded, before rotation, in pixels.
    public internal(set) var codedHeight = 0
    /// Clockwise turn from the decoded to the displayed picture: 0, 90, 180 or 270.
    public internal(set) var rotationDegrees = 0
    /// Whether the displayed picture is also mirrored left to right, before the turn.
    public internal(set) var isMirrored = false
    /// Frames a second that frame numbers are computed with.
    public internal(set) var frameRate = 0.0
    /// Frames a second on average, 0 where the container does not say.
    public internal(set) var averageFrameRate = 0.0
    /// Duration in seconds, where the container says.
    public internal(set) var durationSeconds: Double?
    /// How many frames the container announces or its duration suggests; damaged and live sources differ.
    public internal(set) var frameCountEstimate: Int?
    /// FFmpeg's name of the colour matrix, `unknown` where unspecified (then BT.601 is used).
    public internal(set) var colourMatrix = "unknown"
    /// FFmpeg's name of the sample range: `tv` (limited), `pc` (full) or `unknown` (then limited, JPEG full).
    public internal(set) var colourRange = "unknown"
    /// Shape of a pixel, width over height; 1 where unspecified.
    ///
    /// Boxes and frames are in pixels whatever it is.
    public internal(set) var sampleAspectRatio = 1.0
    /// Whether the source is a folder of images.
    public internal(set) var isImageFolder = false
    /// Name of the sequence that seqinfo.ini gives, for image folders.
    public internal(set) var sequenceName: String?
    /// Whether the source can be read again from its start.
    public internal(set) var isSeekable = false
    /// Sentences to tell the user once: an assumed frame rate, a folder numbered from 0, and the like.
    public internal(set) var notices: [String] = []
}

/// What has happened while decoding, up to the last frame returned.
public struct DecodeStatistics: Equatable, Sendable {
    /// Frames returned.
    public internal(set) var frames = 0
    /// Damaged places met: packets or frames that are corrupt, cut short, or that a decoder refused.
    public internal(set) var decodeErrors = 0
    /// Frames more than a quarter of a frame period away from the time that their number stands for.
    public internal(set) var irregularFrames = 0
    /// Frames without a usable timestamp; they are numbered previous + 1.
    public internal(set) var missingTimestamps = 0
    /// How often the size of the displayed picture changed in mid-stream.
    public internal(set) var sizeChanges = 0
    /// Numbers left out between the first and the last frame.
    public internal(set) var lostFrames = 0
    /// Sentences to tell the user once, gathered while decoding; what `StreamInfo.notices` says is not repeated.
    public internal(set) var notices: [String] = []

    /// Whether the source was damaged.
    public var isDegraded: Bool { decodeErrors > 0 }
}

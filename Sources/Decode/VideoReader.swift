import CFFmpeg
import Geometry

/// Reads a video frame by frame: a file, a pipe or a folder of images.
///
/// Frames come in presentation order with strictly increasing numbers (docs/formats.md). Damaged parts are skipped and
/// counted; only what makes going on impossible is thrown. Memory is bounded by the decoder's own frames and a read
/// buffer; the frames handed out are the caller's to bound.
///
/// One thread at a time may use a reader, except for `cancel()`, which any thread may call.
public final class VideoReader: @unchecked Sendable {
    /// What the source says about itself.
    public let info: StreamInfo

    private let source: any PictureSource
    private let cancellation: CancellationFlag
    private let name: String
    /// The first frame, decoded while opening and not yet asked for.
    private var pending: VideoFrame?
    private var frames = 0
    private var sizeChanges = 0
    private var size: (width: Int, height: Int)
    private var notices: [String] = []
    private let wantedFrames: Set<Int>?
    private let lastWantedFrame: Int

    /// Opens a source and decodes its first frame.
    ///
    /// - Throws: what is wrong with the source or the options; `noFrames` where nothing can be decoded.
    public init(source: VideoSource, options: DecodeOptions = DecodeOptions()) throws(DecodeError) {
        try VideoReader.check(options)
        let cancellation = CancellationFlag()
        let pictures: any PictureSource
        switch try source.open(options: options, cancellation: cancellation) {
        case .bytes(let bytes): pictures = try ContainerReader(bytes, options: options)
        case .folder(let path):
            pictures = try ImageFolderReader(path: path, options: options, cancellation: cancellation)
        }
        let last = options.wantedFrames.map { $0.max() ?? 0 } ?? .max
        guard let first = try pictures.next(of: options.wantedFrames, until: last) else {
            throw .noFrames(
                source: source.name, errors: pictures.statistics.decodeErrors, logLine: pictures.lastLogLine)
        }
        var info = pictures.info
        info.describe(first)
        self.info = info
        self.source = pictures
        wantedFrames = options.wantedFrames
        lastWantedFrame = last
        self.cancellation = cancellation
        name = source.name
        pending = first
        size = (first.width, first.height)
    }

    /// What has happened so far.
    public var statistics: DecodeStatistics {
        var statistics = source.statistics
        statistics.frames = frames
        statistics.sizeChanges = sizeChanges
        statistics.notices = notices
        if statistics.irregularFrames > 0 {
            statistics.notices.append(
                "\(name): \(statistics.irregularFrames) of \(frames) frames lie off the grid of \(info.frameRate) frames "
                    + "a second; if the boxes count frames, use --frame-numbers count")
        }
        return statistics
    }

    /// Decodes the next frame; nil at the end.
    ///
    /// - Throws: `cancelled`, `timedOut` or `readFailed`; damage in the video is counted and not thrown.
    public func next() throws(DecodeError) -> VideoFrame? {
        if cancellation.isRaised { throw .cancelled(source: name) }
        var frame = pending
        pending = nil
        if frame == nil { frame = try source.next(of: wantedFrames, until: lastWantedFrame) }
        guard let frame else { return nil }
        frames += 1
        if (frame.width, frame.height) != size {
            sizeChanges += 1
            if sizeChanges == 1 {
                notices.append(
                    "\(name): from frame \(frame.number) on the picture is \(frame.width)×\(frame.height) instead of "
                        + "\(size.width)×\(size.height); every frame is scaled by its own size")
            }
            size = (frame.width, frame.height)
        }
        return frame
    }

    /// Makes `next()` throw `cancelled`, also where it is waiting for a pipe; callable from any thread.
    public func cancel() { cancellation.raise() }

    private static func check(_ options: DecodeOptions) throws(DecodeError) {
        if let rate = options.frameRate, !(rate >= 0.001 && rate <= 1000) {
            throw .invalidOption(name: "--fps", found: "\(rate)", expected: "a number from 0.001 to 1000")
        }
        guard (1...1 << 31).contains(options.maxPixels) else {
            throw .invalidOption(name: "--max-pixels", found: "\(options.maxPixels)", expected: "1 to 2147483648")
        }
        guard (0...1024).contains(options.threads) else {
            throw .invalidOption(name: "--threads", found: "\(options.threads)", expected: "0 to 1024")
        }
        if let seconds = options.readTimeoutSeconds, seconds.isNaN || seconds < 0 {
            throw .invalidOption(name: "--read-timeout", found: "\(seconds)", expected: "0 or more seconds")
        }
    }
}

extension PictureSource {
    /// The next of the frames that are wanted; nil at the end, or where the last of them has passed.
    fileprivate func next(of wanted: Set<Int>?, until last: Int) throws(DecodeError) -> VideoFrame? {
        while let frame = try next(), frame.number.rawValue <= last {
            if wanted?.contains(frame.number.rawValue) ?? true { return frame }
        }
        return nil
    }
}

extension StreamInfo {
    /// Fills in what the first frame says itself.
    fileprivate mutating func describe(_ frame: VideoFrame) {
        let picture = unsafe frame.picture.pointer
        width = frame.width
        height = frame.height
        codedWidth = frame.picture.width
        codedHeight = frame.picture.height
        rotationDegrees = frame.orientation.degrees
        isMirrored = frame.orientation.isMirrored
        pixelFormat = unsafe av_get_pix_fmt_name(frame.picture.format).map { unsafe String(cString: $0) } ?? "unknown"
        colourMatrix =
            unsafe av_color_space_name(picture.pointee.colorspace).map { unsafe String(cString: $0) } ?? "unknown"
        colourRange =
            unsafe av_color_range_name(picture.pointee.color_range).map { unsafe String(cString: $0) } ?? "unknown"
        sampleAspectRatio = unsafe PositiveRational(picture.pointee.sample_aspect_ratio)?.value ?? 1
    }
}

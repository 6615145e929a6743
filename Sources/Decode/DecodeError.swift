public import Geometry
import Glibc

/// Why a video cannot be opened, decoded, scaled or written.
public enum DecodeError: Error, Equatable, Sendable {
    /// There is nothing at the path.
    case notFound(path: String)
    /// The path may not be read.
    case notPermitted(path: String)
    /// The path cannot be opened; `code` is errno.
    case cannotOpen(path: String, code: Int32)
    /// The path is neither a regular file, a FIFO nor a folder.
    case notAFile(path: String, kind: String)
    /// The argument is a URL, and only files, folders and standard input are read.
    case urlRefused(String)
    /// Standard input is a terminal.
    case terminal
    /// There is not one byte in the input.
    case emptyInput(source: String)
    /// The bytes are no container that FFmpeg knows.
    case notMedia(source: String, logLine: String?)
    /// FFmpeg knows the format, but it is not one that vtrack opens: playlists, pictures, devices.
    case formatRefused(source: String, format: String)
    /// An mp4 without its index: cut short.
    case indexMissing(source: String, isPipe: Bool)
    /// An mp4 whose index comes last cannot be read from a pipe.
    case indexLastOnPipe(source: String)
    /// There is no video stream; `streams` says what there is instead.
    case noVideoStream(source: String, streams: String)
    /// FFmpeg was built without a decoder for the codec.
    case noDecoder(source: String, codec: String)
    /// A frame would be larger than `--max-pixels` allows.
    case tooManyPixels(source: String, width: Int, height: Int, limit: Int)
    /// The stream could be opened, but not one frame decoded.
    case noFrames(source: String, errors: Int, logLine: String?)
    /// swscale cannot read the pixel format.
    case unsupportedPixelFormat(String)
    /// A folder holds no numbered image.
    case noImages(path: String, entries: Int)
    /// Two images of a folder have the same number.
    case duplicateImage(path: String, number: Int, first: String, second: String)
    /// seqinfo.ini is wrong.
    case sequenceInfo(path: String, line: Int, found: String, expected: String)
    /// An option is out of its range.
    case invalidOption(name: String, found: String, expected: String)
    /// No byte came for so long.
    case timedOut(source: String, seconds: Double)
    /// Reading failed; `code` is errno.
    case readFailed(source: String, code: Int32)
    /// `cancel()` was called.
    case cancelled(source: String)
    /// A picture's target size is out of range.
    case invalidTarget(width: Int, height: Int)
    /// A region does not meet the frame.
    case regionOutside(region: PixelRegion, width: Int, height: Int)
    /// A region was to be written outside of the target picture.
    case targetOutside(x: Int, y: Int, width: Int, height: Int, imageWidth: Int, imageHeight: Int)
    /// No encoder for annotated video could be opened.
    case noEncoder(path: String, tried: [String])
    /// The output cannot be created; `code` is errno.
    case cannotCreate(path: String, code: Int32)
    /// Writing failed; `code` is errno.
    case writeFailed(path: String, code: Int32)
    /// Frames to be written must be numbered upwards.
    case frameOutOfOrder(path: String, number: Int, previous: Int)
    /// Any other call into FFmpeg failed.
    case library(LibraryFailure)

    /// What kind of failure it is, for the exit status.
    public var category: FailureCategory {
        switch self {
        case .notFound, .cannotOpen, .notAFile, .urlRefused, .noImages: .noInput
        case .notPermitted: .permission
        case .terminal, .invalidOption: .usage
        case .emptyInput, .notMedia, .formatRefused, .indexMissing, .indexLastOnPipe, .noVideoStream, .noDecoder,
            .tooManyPixels, .noFrames, .unsupportedPixelFormat, .duplicateImage, .sequenceInfo:
            .badData
        case .timedOut: .timedOut
        case .readFailed, .writeFailed: .inputOutput
        case .cancelled: .unavailable
        case .invalidTarget, .regionOutside, .targetOutside, .frameOutOfOrder: .bug
        case .noEncoder: .cannotCreate
        case .cannotCreate(_, let code): code == EACCES || code == EPERM ? .permission : .cannotCreate
        case .library(let failure):
            switch -failure.code {
            case ENOSPC, EPIPE, EDQUOT, EFBIG: .inputOutput
            // Damaged sizes make demuxers ask for memory that is not there, and read where nothing is: ENOMEM and EIO
            // say that as well. Reading that fails by itself is `readFailed`.
            default: .badData
            }
        }
    }
}

extension DecodeError: CustomStringConvertible {
    /// A sentence that says what was found, what was expected and what to do.
    public var description: String {
        switch self {
        case .notFound(let path):
            "\(path): there is no such file or folder"
        case .notPermitted(let path):
            "\(path): you may not read it"
        case .cannotOpen(let path, let code):
            "\(path): cannot be opened: \(errnoText(code))"
        case .notAFile(let path, let kind):
            "\(path): is a \(kind); expected a media file, a FIFO or a folder of images"
        case .urlRefused(let url):
            "\(url): vtrack reads files, folders and standard input only; for a network stream pipe it in: "
                + "ffmpeg -i URL -c copy -f matroska - | vtrack run - …"
        case .terminal:
            "standard input is a terminal; pipe a video into it or name a file"
        case .emptyInput(let source):
            "\(source): empty input, there is not one byte in it"
        case .notMedia(let source, let line):
            "\(source): not a media file that FFmpeg knows\(quoted(line)); expected mp4, mkv, webm, ts, avi, y4m, …"
        case .formatRefused(let source, let format):
            "\(source): its content is '\(format)', which vtrack does not open: playlists and still pictures can make "
                + "FFmpeg read other files; convert it to mp4, mkv or ts, or name a folder of numbered images"
        case .indexMissing(let source, let isPipe):
            "\(source): moov atom not found: the mp4 is cut short, its index is missing"
                + (isPipe
                    ? "; to be piped, its index must come first: ffmpeg -movflags +faststart, or use mkv/mpegts" : "")
        case .indexLastOnPipe(let source):
            "\(source): this mp4 has its index last, so it cannot be read from a pipe; write it with "
                + "-movflags +faststart, or use mkv/mpegts, or name the file instead of piping it"
        case .noVideoStream(let source, let streams):
            "\(source): no video stream (found: \(streams.isEmpty ? "no stream" : streams))"
        case .noDecoder(let source, let codec):
            "\(source): FFmpeg has no decoder for \(codec); convert the video to H.264"
        case .tooManyPixels(let source, let width, let height, let limit):
            "\(source): frames of \(width)×\(height) pixels are larger than --max-pixels \(limit) allows"
        case .noFrames(let source, let errors, let line):
            "\(source): not one frame could be decoded (\(errors) errors)\(quoted(line))"
        case .unsupportedPixelFormat(let name):
            "pixel format \(name) cannot be converted to RGB; convert the video to yuv420p"
        case .noImages(let path, let entries):
            "\(path): no numbered .jpg, .jpeg or .png among its \(entries) entries; "
                + "expected names such as 000001.jpg or NAME-0000001.jpg, or seqinfo.ini and img1/"
        case .duplicateImage(let path, let number, let first, let second):
            "\(path): two images have the number \(number): \(first) and \(second); keep one video per folder"
        case .sequenceInfo(let path, let line, let found, let expected):
            "\(path):\(line): found \(found), expected \(expected)"
        case .invalidOption(let name, let found, let expected):
            "\(name) \(found): expected \(expected)"
        case .timedOut(let source, let seconds):
            "\(source): no byte for \(seconds) seconds (--read-timeout)"
        case .readFailed(let source, let code):
            "\(source): reading failed: \(errnoText(code))"
        case .cancelled(let source):
            "\(source): reading was cancelled"
        case .invalidTarget(let width, let height):
            "a picture of \(width)×\(height) pixels was asked for; expected 1 to 32767 a side"
        case .regionOutside(let region, let width, let height):
            "region \(region.width)×\(region.height) at (\(region.x), \(region.y)) does not fit the frame of "
                + "\(width)×\(height) pixels"
        case .targetOutside(let x, let y, let width, let height, let imageWidth, let imageHeight):
            "a tile of \(width)×\(height) at (\(x), \(y)) does not fit the picture of \(imageWidth)×\(imageHeight) pixels"
        case .noEncoder(let path, let tried):
            "\(path): no video encoder could be opened (tried \(tried.joined(separator: ", ")))"
        case .cannotCreate(let path, let code):
            "\(path): cannot be created: \(errnoText(code))"
        case .writeFailed(let path, let code):
            "\(path): writing failed: \(errnoText(code))"
        case .frameOutOfOrder(let path, let number, let previous):
            "\(path): frame \(number) was written after frame \(previous)"
        case .library(let failure):
            failure.description
        }
    }
}

private func quoted(_ line: String?) -> String {
    line.map { " (FFmpeg says: \($0))" } ?? ""
}

/// The system's text for an errno.
func errnoText(_ code: Int32) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        guard let start = buffer.baseAddress else { return "error \(code)" }
        let known = unsafe strerror_r(code, start, buffer.count)
        return known == 0 ? unsafe String(cString: start) : "error \(code)"
    }
}

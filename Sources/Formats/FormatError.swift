public import Geometry
internal import Glibc

/// Where in an input something was found: the file (or `standard input`, `fd:3`) and its line.
public struct SourcePlace: Hashable, Sendable, CustomStringConvertible {
    /// The path, or `standard input`, or `fd:3`.
    public var source: String
    /// The line, counted from 1; nil where the fault belongs to the whole input.
    public var line: Int?

    /// Creates a place from a source and, where there is one, a line counted from 1.
    public init(source: String, line: Int? = nil) {
        self.source = source
        self.line = line
    }

    /// `gt.txt:17`, as compilers and editors write it.
    public var description: String {
        line.map { "\(source):\($0)" } ?? source
    }
}

/// Everything that can go wrong while boxes or sequence facts are read.
///
/// Text that comes from the input is shortened and stripped of control characters before it gets into a message.
public enum FormatError: Error, Hashable, Sendable {
    /// The argument that names the boxes cannot be understood.
    case argument(String, expected: String)
    /// No file has this name.
    case notFound(path: String)
    /// The path names a directory.
    case isDirectory(path: String)
    /// The file may not be read.
    case notPermitted(path: String)
    /// The descriptor is not open for reading.
    case descriptorNotOpen(Int32)
    /// The operating system failed to open or read; `code` is its `errno`.
    case cannotRead(source: String, code: Int32)
    /// The bytes are not UTF-8 text: UTF-16, NUL bytes, broken sequences.
    case encoding(SourcePlace, found: String)
    /// A line is longer than any that these formats need.
    case lineTooLong(SourcePlace, limit: Int)
    /// The whole input is larger than is read at once; `unit` says what is counted.
    case inputTooLarge(source: String, limit: Int, unit: String)
    /// Something does not follow the format.
    case malformed(SourcePlace, found: String, expected: String)
    /// A box whose numbers cannot be used, met in strict mode.
    case unusableBox(SourcePlace, BoxFault)
    /// A row that breaks the rule by which the input was taken for ground truth.
    case notGroundTruth(SourcePlace, found: String)
    /// Two boxes of one frame have the same identity.
    case duplicateIdentity(SourcePlace, frame: Int, identity: Int64)
    /// A frame has more boxes than `maximumBoxes`.
    case tooManyBoxes(SourcePlace, frame: Int, limit: Int)
    /// Live input went back to a frame that was complete already.
    case finishedFrame(SourcePlace, frame: Int, current: Int)
    /// Rows carry times, and nothing says how many frames a second has.
    case frameRateMissing(SourcePlace)
    /// A Scalabel file holds several videos and none was chosen.
    case severalVideos(source: String, names: [String])
    /// A Scalabel file does not hold the video that was asked for.
    case videoNotFound(source: String, name: String)
    /// No complete frame came within the time allowed.
    case timedOut(source: String, seconds: Double)
    /// `cancel()` was called.
    case cancelled

    /// The kind of failure, for the exit status.
    public var category: FailureCategory {
        switch self {
        case .argument, .descriptorNotOpen, .frameRateMissing: .usage
        case .notFound, .isDirectory: .noInput
        case .notPermitted: .permission
        // A path that can lead to no file at all.
        case .cannotRead(_, ENAMETOOLONG), .cannotRead(_, ELOOP): .noInput
        case .cannotRead, .cancelled: .inputOutput
        case .timedOut: .timedOut
        case .encoding, .lineTooLong, .inputTooLarge, .malformed, .unusableBox, .notGroundTruth, .duplicateIdentity,
            .tooManyBoxes, .finishedFrame, .severalVideos, .videoNotFound:
            .badData
        }
    }
}

extension FormatError: CustomStringConvertible {
    /// One or two sentences: place, what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .argument(let text, let expected):
            "\(quoted(text)) cannot be read as a source of boxes: expected \(expected)."
        case .notFound(let path): "\(path): there is no such file. Check the path to the boxes."
        case .isDirectory(let path): "\(path) is a directory; expected a file of boxes, such as \(path)/gt/gt.txt."
        case .notPermitted(let path): "\(path): permission to read is missing."
        case .descriptorNotOpen(let number):
            "fd:\(number): descriptor \(number) is not open for reading. "
                + "Open it in the shell, as in `\(number)< boxes.txt`."
        case .cannotRead(let source, let code): "\(source): reading failed: \(systemMessage(code))."
        case .encoding(let place, let found):
            "\(place): found \(found), expected UTF-8 text. Convert the file, for example with `iconv -t UTF-8`."
        case .lineTooLong(let place, let limit):
            "\(place): the line is longer than \(limit) bytes; is this a text file of boxes?"
        case .inputTooLarge(let source, let limit, let unit):
            "\(source) has more than \(limit) \(unit), which is the most that is read at once. "
                + "Split it into one file a video."
        case .malformed(let place, let found, let expected): "\(place): found \(found), expected \(expected)."
        case .unusableBox(let place, let fault):
            "\(place): \(fault.description). Without --strict such boxes are dropped and counted."
        case .notGroundTruth(let place, let found):
            "\(place): \(found), but every row of a ground truth has 8 columns or more, an id of at least 0, "
                + "a class of at least 1 and a confidence of 0 or 1. "
                + "If these are detections, say --boxes-format mot-det."
        case .duplicateIdentity(let place, let frame, let identity):
            "\(place): id \(identity) occurs twice in frame \(frame); "
                + "an id may occur once in a frame, and −1 means that there is none."
        case .tooManyBoxes(let place, let frame, let limit):
            "\(place): frame \(frame) has more than \(limit) boxes. "
                + "Raise --max-boxes or leave weak boxes out with --min-confidence."
        case .finishedFrame(let place, let frame, let current):
            "\(place): found a row of frame \(frame) after frame \(current) had begun or ended; "
                + "live input has to come in frame order. A regular file may be in any order."
        case .frameRateMissing(let place):
            "\(place): rows carry `timestamp`, which needs a frame rate. Give one with --fps."
        case .severalVideos(let source, let names):
            "\(source) holds several videos (\(names.prefix(3).map { quoted($0) }.joined(separator: ", "))"
                + (names.count > 3 ? ", …" : "") + "); expected one. Split it into one file a video."
        case .videoNotFound(let source, let name): "\(source) has no frame of video \(quoted(name))."
        case .timedOut(let source, let seconds):
            "\(source): no complete frame of boxes came within \(decimalText(seconds)) s. "
                + "A frame is complete at the first row of a later one; --boxes-timeout sets the time."
        case .cancelled: "Reading boxes was cancelled."
        }
    }
}

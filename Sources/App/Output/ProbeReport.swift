import Decode
import Foundation

/// The facts that `vtrack probe` prints, as text or JSON; what is unknown is `null`.
struct ProbeReport: Encodable {
    /// One frame of `--frames`.
    struct Frame: Encodable {
        var number: Int
        var seconds: Double
    }

    var source: String
    var container: String
    var codec: String
    var pixelFormat: String
    var width: Int
    var height: Int
    var codedWidth: Int
    var codedHeight: Int
    var rotationDegrees: Int
    var frameRate: Double
    var averageFrameRate: Double?
    var durationSeconds: Double?
    var frames: Int
    var lastNumber: Int?
    var lastSeconds: Double?
    var decodeErrors: Int
    var irregularFrames: Int
    var missingTimestamps: Int
    var sizeChanges: Int
    var notices: [String]
    var list: [Frame]?

    enum CodingKeys: String, CodingKey {
        case source, container, codec, width, height, frames, notices, list
        case pixelFormat = "pixel_format"
        case codedWidth = "coded_width"
        case codedHeight = "coded_height"
        case rotationDegrees = "rotation_degrees"
        case frameRate = "frame_rate"
        case averageFrameRate = "average_frame_rate"
        case durationSeconds = "duration_seconds"
        case lastNumber = "last_number"
        case lastSeconds = "last_seconds"
        case decodeErrors = "decode_errors"
        case irregularFrames = "irregular_frames"
        case missingTimestamps = "missing_timestamps"
        case sizeChanges = "size_changes"
    }

    init(
        source: String, info: StreamInfo, statistics: DecodeStatistics, frames: Int, lastNumber: Int?,
        lastSeconds: Double?, list: [Frame]?
    ) {
        self.source = source
        container = info.container
        codec = info.codec
        pixelFormat = info.pixelFormat
        width = info.width
        height = info.height
        codedWidth = info.codedWidth
        codedHeight = info.codedHeight
        rotationDegrees = info.rotationDegrees
        frameRate = info.frameRate
        averageFrameRate = info.averageFrameRate
        durationSeconds = info.durationSeconds
        self.frames = frames
        self.lastNumber = lastNumber
        self.lastSeconds = lastSeconds
        decodeErrors = statistics.decodeErrors
        irregularFrames = statistics.irregularFrames
        missingTimestamps = statistics.missingTimestamps
        sizeChanges = statistics.sizeChanges
        notices = info.notices + statistics.notices
        self.list = list
    }

    /// Aligned text for people.
    func text() -> String {
        var rows: [(String, String)] = [
            ("source", source),
            ("container", container),
            ("codec", codec),
            ("pixel format", pixelFormat),
            ("size", "\(width)×\(height) px" + (rotationDegrees == 0 ? "" : " (rotated by \(rotationDegrees)°)")),
            ("frame rate", "\(decimal(frameRate, 3)) frames/s"),
            ("duration", durationSeconds.map { "\(decimal($0, 3)) s" } ?? "unknown"),
            ("frames", "\(frames)" + (lastNumber.map { $0 == frames ? "" : " (numbered up to \($0))" } ?? "")),
        ]
        if decodeErrors > 0 { rows.append(("decoding errors", "\(decodeErrors)")) }
        if irregularFrames > 0 { rows.append(("irregular frames", "\(irregularFrames)")) }
        if sizeChanges > 0 { rows.append(("size changes", "\(sizeChanges)")) }
        for notice in notices { rows.append(("note", notice)) }
        let width = rows.map(\.0.count).max() ?? 0
        var text = rows.map { "\($0.0.padding(toLength: width, withPad: " ", startingAt: 0))  \($0.1)\n" }.joined()
        for frame in list ?? [] { text += "\(frame.number)\t\(decimal(frame.seconds, 6))\n" }
        return text
    }
}

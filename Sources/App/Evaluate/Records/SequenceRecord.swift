import Evaluation
import Foundation
import Geometry

/// What came out of one sequence: all that pooled figures and reports are made from.
struct SequenceRecord: Codable, Equatable, Sendable {
    /// Its name in the benchmark.
    var name: String
    /// The configuration's digest: a killed run may leave records that an earlier configuration made.
    var configuration: String
    /// Of the configuration, the sequence's pictures, truth and boxes: the record is good as long as this is the same.
    var digest: String
    /// Why there are no results; nil where there are.
    var failure: String?
    /// Why there is nothing to evaluate; nil where there is.
    var skipped: String?
    /// What has to be said about the sequence, sentences.
    var notes: [String] = []
    var facts: SequenceFacts?
    /// SHA-256 of the tracks file.
    var tracks: String?
    /// By class, in the benchmark's order.
    var scores: [ClassScores] = []
    /// What retrieval found: with one gallery, then, where there are several classes, with a gate by class.
    var retrieval: [RetrievalRecord] = []
    /// Pictures of the misses of the first of `retrieval`, gap by gap, three each: query, wrong match, right match.
    var pictures: [StoredPicture?] = []
}

/// What was evaluated of a sequence.
struct SequenceFacts: Codable, Equatable, Sendable {
    /// Frames that the benchmark counts.
    var length: Int
    /// Frames that were decoded and scored.
    var frames: Int
    var frameRate: Double
    var width: Int
    var height: Int
    /// Boxes that went into tracking.
    var boxes: Int
    /// Boxes that no track took.
    var boxesUntracked: Int
    /// Boxes that no token sample reached.
    var boxesUnreached: Int
    var tracks: Int
    var decodeErrors: Int
    var irregularFrames: Int
    /// The processor's instructions that vectors were computed with.
    var processor: String

    enum CodingKeys: String, CodingKey {
        case length, frames, width, height, boxes, tracks, processor
        case frameRate = "frame_rate"
        case boxesUntracked = "boxes_untracked"
        case boxesUnreached = "boxes_unreached"
        case decodeErrors = "decode_errors"
        case irregularFrames = "irregular_frames"
    }
}

extension SequenceFacts {
    /// Reads what a record states, as far as it can be true.
    ///
    /// - Throws: `DecodingError` for counts that cannot be added up and rates that are none: the record is then missing.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func count(_ key: CodingKeys) throws -> Int {
            let value = try container.decode(Int.self, forKey: key)
            guard (0...Self.largestCount).contains(value) else {
                throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "no count")
            }
            return value
        }
        length = try count(.length)
        frames = try count(.frames)
        frameRate = try container.decode(Double.self, forKey: .frameRate)
        guard frameRate.isFinite, frameRate > 0 else {
            throw DecodingError.dataCorruptedError(forKey: .frameRate, in: container, debugDescription: "no rate")
        }
        width = try count(.width)
        height = try count(.height)
        boxes = try count(.boxes)
        boxesUntracked = try count(.boxesUntracked)
        boxesUnreached = try count(.boxesUnreached)
        tracks = try count(.tracks)
        decodeErrors = try count(.decodeErrors)
        irregularFrames = try count(.irregularFrames)
        processor = try container.decode(String.self, forKey: .processor)
    }

    /// More than any sequence has, and sums of it over all sequences are still numbers.
    private static let largestCount = 1 << 40
}

/// The figures of one class of a sequence.
struct ClassScores: Codable, Equatable, Sendable {
    /// The class's number in the benchmark.
    var classID: Int
    var scores: ProfileScores

    enum CodingKeys: String, CodingKey {
        case scores
        case classID = "class"
    }
}

/// A part of a frame around a box, as it stands in a record.
struct StoredPicture: Codable, Equatable, Sendable {
    var bytes: Data
    var mediaType: String
    var width: Int
    var height: Int
    /// The box in it: x, y, width, height as shares of its sides.
    var box: [Double]

    enum CodingKeys: String, CodingKey {
        case bytes, width, height, box
        case mediaType = "media_type"
    }

    init(_ picture: BoxPicture) {
        bytes = Data(picture.bytes)
        mediaType = picture.mediaType
        width = picture.width
        height = picture.height
        box = [picture.box.x, picture.box.y, picture.box.width, picture.box.height]
    }

    /// The picture as the page takes it.
    var picture: BoxPicture? {
        guard box.count == 4 else { return nil }
        return BoxPicture(
            bytes: Array(bytes), mediaType: mediaType, width: width, height: height,
            box: Box(x: box[0], y: box[1], width: box[2], height: box[3]))
    }
}

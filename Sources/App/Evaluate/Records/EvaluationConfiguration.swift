import Evaluation
import Tracker

/// Everything that decides what comes out of a sequence, apart from the sequence; its digest stands in every record.
struct EvaluationConfiguration: Codable, Equatable, Sendable {
    /// Grows with what records hold and with how it is computed.
    static let recordVersion = 1

    var recordVersion = EvaluationConfiguration.recordVersion
    var program = VTrack.version
    var benchmark: String
    var split: String?
    var half: String?
    var detector: String?
    var profile: String
    /// `truth`, `public` or `files`.
    var boxes: String
    /// The classes of detections that are kept, rising; nil: all.
    var classes: [Int]?
    var minimumConfidence: Double?
    var maximumBoxes: Int
    /// nil: association by motion alone.
    var model: ModelSettings?
    var reuse: Double?
    var tracker: TrackerConfiguration
    /// Gaps as they stand on the command line; nil where retrieval is not measured.
    var deltas: [String]?
    /// Whether the pictures of the worst misses are kept.
    var pictures: Bool
    var frameRate: Double?
    var frameNumbers: String
    var maximumPixels: Int
    /// Whether damaged video fails a sequence.
    var strict: Bool

    enum CodingKeys: String, CodingKey {
        case program, benchmark, split, half, detector, profile, boxes, classes, model, reuse, tracker, deltas,
            pictures, strict
        case recordVersion = "record_version"
        case minimumConfidence = "minimum_confidence"
        case maximumBoxes = "maximum_boxes"
        case frameRate = "fps"
        case frameNumbers = "frame_numbers"
        case maximumPixels = "maximum_pixels"
    }

    /// Writes what is absent as null, so that a reader sees what there is to choose.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(recordVersion, forKey: .recordVersion)
        try container.encode(program, forKey: .program)
        try container.encode(benchmark, forKey: .benchmark)
        try container.encode(split, forKey: .split)
        try container.encode(half, forKey: .half)
        try container.encode(detector, forKey: .detector)
        try container.encode(profile, forKey: .profile)
        try container.encode(boxes, forKey: .boxes)
        try container.encode(classes, forKey: .classes)
        try container.encode(minimumConfidence, forKey: .minimumConfidence)
        try container.encode(maximumBoxes, forKey: .maximumBoxes)
        try container.encode(model, forKey: .model)
        try container.encode(reuse, forKey: .reuse)
        try container.encode(tracker, forKey: .tracker)
        try container.encode(deltas, forKey: .deltas)
        try container.encode(pictures, forKey: .pictures)
        try container.encode(frameRate, forKey: .frameRate)
        try container.encode(frameNumbers, forKey: .frameNumbers)
        try container.encode(maximumPixels, forKey: .maximumPixels)
        try container.encode(strict, forKey: .strict)
    }

    /// SHA-256 of all of it.
    func digest() throws -> String { try ContentDigest.of(self) }
}

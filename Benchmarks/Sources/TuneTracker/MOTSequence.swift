import Foundation
import Geometry
import Tracker

/// One sequence of MOT17 with the boxes that the tracker is to link, and how each of them overlaps the ground truth.
struct MOTSequence: Sendable {
    struct TrueBox: Sendable {
        var identity: Int
        var box: Box
        /// Class 1 with confidence 1: what counts.
        var counts: Bool
        /// Classes that TrackEval takes neither for right nor for wrong: boxes matched to them are left out.
        var isDistractor: Bool
    }

    struct Frame: Sendable {
        var truth: [TrueBox] = []
        var boxes: [Observation] = []
        /// Intersection over union, row-major: truth × boxes.
        var overlaps: [Double] = []
    }

    enum Boxes: String, CaseIterable, Sendable {
        case groundTruth = "gt"
        case publicDetections = "public"
    }

    let name: String
    let frameRate: Double
    let width: Double
    let height: Double
    private(set) var frames: [Frame]

    /// Reads DATA/mot17-gt/NAME and, for public boxes, DATA/mot17/NAME/det/det.txt.
    init(data: String, name: String, boxes kind: Boxes) throws {
        self.name = name
        var settings: [String: Double] = [:]
        for line in try Self.lines("\(data)/mot17-gt/\(name)/seqinfo.ini") {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2 { settings[parts[0]] = Double(parts[1]) }
        }
        frameRate = settings["frameRate"] ?? 30
        width = settings["imWidth"] ?? 1920
        height = settings["imHeight"] ?? 1080
        frames = [Frame](repeating: Frame(), count: Int(settings["seqLength"] ?? 0))

        for row in try Self.rows("\(data)/mot17-gt/\(name)/gt/gt.txt") {
            let box = Box(x: row[2], y: row[3], width: row[4], height: row[5])
            let counts = row[6] != 0 && row[7] == 1
            frames[Int(row[0]) - 1].truth.append(
                TrueBox(
                    identity: Int(row[1]), box: box, counts: counts, isDistractor: [2, 7, 8, 12].contains(row[7])))
            if kind == .groundTruth, counts { frames[Int(row[0]) - 1].boxes.append(Observation(box: box)) }
        }
        if kind == .publicDetections {
            for row in try Self.rows("\(data)/mot17/\(name)/det/det.txt") {
                let box = Box(x: row[2], y: row[3], width: row[4], height: row[5])
                frames[Int(row[0]) - 1].boxes.append(Observation(box: box, confidence: row[6]))
            }
        }
        for index in frames.indices {
            let frame = frames[index]
            frames[index].overlaps = frame.truth.flatMap { truth in
                frame.boxes.map { truth.box.intersectionOverUnion(with: $0.box) }
            }
        }
    }

    /// The names of the sequences in DATA.
    static func names(data: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(data)/mot17-gt")
            .filter { FileManager.default.fileExists(atPath: "\(data)/mot17-gt/\($0)/seqinfo.ini") }.sorted()
    }

    /// Track id of each box of each frame, nil for a box without a track.
    func track(_ configuration: TrackerConfiguration) throws -> [[Int?]] {
        var tracker = try ObjectTracker(configuration: configuration, frameWidth: width, frameHeight: height)
        return frames.enumerated().map { index, frame in
            var ids = [Int?](repeating: nil, count: frame.boxes.count)
            let assignments = tracker.update(seconds: Double(index) / frameRate, observations: frame.boxes)
            for assignment in assignments { ids[assignment.observation] = assignment.track }
            return ids
        }
    }

    private static func lines(_ path: String) throws -> [Substring] {
        try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
    }

    private static func rows(_ path: String) throws -> [[Double]] {
        try lines(path).map { $0.split(separator: ",").compactMap { Double($0) } }.filter { $0.count >= 7 }
    }
}

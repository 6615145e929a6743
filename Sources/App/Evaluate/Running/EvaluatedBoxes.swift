import Evaluation
import Formats
import Foundation
import Geometry

/// Where an evaluation takes its boxes from: `--boxes`.
enum BoxChoice: Equatable, Sendable {
    /// The ground truth, as the benchmark counts it: an oracle detector.
    case truth
    /// The benchmark's public detections.
    case published
    /// A folder of detections or results, SEQ.txt, SEQ.json or SEQ.jsonl.
    case folder(String)

    init(argument: String) {
        self =
            switch argument {
            case "truth": .truth
            case "public": .published
            default: .folder(argument)
            }
    }

    /// What the configuration calls it: the folder's place does not matter, its content does.
    var name: String {
        switch self {
        case .truth: "truth"
        case .published: "public"
        case .folder: "files"
        }
    }

    /// The folder, where there is one.
    var folder: String? {
        if case .folder(let path) = self { path } else { nil }
    }

    /// Refuses a place that is no folder, before anything is written.
    func check() throws(AppError) {
        guard let folder else { return }
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
            throw .input(path: folder, what: "the folder of --boxes", code: ENOENT)
        }
        guard isFolder.boolValue else {
            throw .usage(
                "\(folder) is a file: --boxes takes truth, public, or a folder with SEQ.txt, SEQ.json or SEQ.jsonl for "
                    + "each sequence")
        }
    }

    /// The file with a sequence's boxes; nil for the truth.
    func file(of sequence: DatasetSequence) throws(AppError) -> String? {
        switch self {
        case .truth: return nil
        case .published:
            guard let path = sequence.detections else {
                throw .unsuitable(path: sequence.name, message: "it has no public detections (det/det.txt)")
            }
            return path
        case .folder(let folder):
            let name = sequence.name
            let places = ["txt", "json", "jsonl"].map { "\(folder)/\(name).\($0)" }
            if let found = places.first(where: { FileManager.default.fileExists(atPath: $0) }) { return found }
            throw .unsuitable(
                path: folder,
                message: "no boxes of \(name): expected \(name).txt, \(name).json or \(name).jsonl there")
        }
    }
}

/// The boxes of one sequence that are tracked, by the numbers that frames have in the source.
struct EvaluatedBoxes: Sendable {
    var frames: [FrameBoxes]
    /// What has to be said about them.
    var notes: [String] = []

    var count: Int { frames.reduce(0) { $0 + $1.boxes.count } }

    /// The boxes by frame.
    func byFrame() -> [Int: [BoxRecord]] {
        Dictionary(frames.map { ($0.frame.rawValue, $0.boxes) }, uniquingKeysWith: { $0 + $1 })
    }

    /// A sequence's truth, the boxes that are tracked, and the frames that are evaluated by their numbers.
    static func of(
        _ sequence: DatasetSequence, dataset: Dataset, choice: BoxChoice, options: BoxOptions
    ) throws -> (truth: Truth, boxes: EvaluatedBoxes, range: ClosedRange<Int>) {
        let truth = try dataset.truth(of: sequence)
        let offset = (sequence.frames?.lowerBound ?? 1) - 1
        guard !truth.frames.isEmpty else {
            throw AppError.unsuitable(path: sequence.truth ?? sequence.name, message: "it has no frames")
        }
        let range = try range(of: truth, offset: offset, path: sequence.truth ?? sequence.name)
        let path = try choice.file(of: sequence)
        let found =
            if let path {
                dataset.benchmark == .kitti
                    ? try detections(kitti: path, frames: range, minimumConfidence: options.minimumConfidence)
                    : try detections(path: path, frames: range, options: options)
            } else {
                Self.truth(truth, offset: offset, isCounted: dataset.counts)
            }
        // Refuses a frame with too many boxes here, where a cache that spares computing features spares nothing.
        _ = try BoxReader(
            frames: found.frames, name: path ?? sequence.truth ?? sequence.name, maximumBoxes: options.maximumBoxes)
        return (truth, found, range)
    }

    /// The numbers in the source from the first to the last frame that is evaluated.
    private static func range(of truth: Truth, offset: Int, path: String) throws(AppError) -> ClosedRange<Int> {
        guard let first = truth.numbers?.first, let last = truth.numbers?.last else {
            return offset + 1...offset + truth.frames.count
        }
        // Labels of a few frames may have any numbers; every number between is looked for.
        guard last - first < 1_000_000 else {
            throw .unsuitable(path: path, message: "its labels reach from frame \(first) to frame \(last)")
        }
        return first...last
    }

    /// The true boxes that the benchmark counts, with their identities; `row` is the ordinal among all true boxes.
    ///
    /// - Parameters:
    ///   - offset: What is added to a scored frame's number for its number in the source.
    ///   - isCounted: Whether the benchmark counts a box.
    static func truth(_ truth: Truth, offset: Int, isCounted: (TruthBox) -> Bool) -> EvaluatedBoxes {
        var result = EvaluatedBoxes(frames: [])
        var row = 0
        var unusable = 0
        for (index, boxes) in truth.frames.enumerated() {
            var records: [BoxRecord] = []
            for box in boxes {
                row += 1
                guard isCounted(box) else { continue }
                guard isUsable(box.box) else {
                    unusable += 1
                    continue
                }
                records.append(
                    BoxRecord(
                        box: box.box, confidence: 1, classID: box.classID, identity: box.identity, row: row))
            }
            result.frames.append(FrameBoxes(frame: FrameIndex(truth.number(at: index) + offset), boxes: records))
        }
        if unusable > 0 {
            result.notes.append("\(unusable) true boxes have no area or are no numbers, and were not tracked")
        }
        return result
    }

    /// Detections of a file, without identities: a detector's say nothing about objects.
    ///
    /// - Parameters:
    ///   - frames: The numbers that are taken.
    ///   - minimumConfidence: Boxes below it are left out.
    static func detections(
        path: String, frames: ClosedRange<Int>, options: BoxOptions
    ) throws(FormatError) -> EvaluatedBoxes {
        let reader = try BoxReader(location: .path(path), options: options)
        var result = EvaluatedBoxes(frames: [])
        var outside = 0
        while let next = try reader.next() {
            guard frames.contains(next.frame.rawValue) else {
                outside += next.boxes.count
                continue
            }
            var boxes = next.boxes
            for index in boxes.indices { boxes[index].identity = nil }
            result.frames.append(FrameBoxes(frame: next.frame, boxes: boxes))
        }
        result.notes = reader.summary.sentences
        if outside > 0 { result.notes.append("\(outside) boxes lie on frames that are not evaluated") }
        return result
    }

    /// Detections in KITTI's form, whose frames count from 0.
    private static func detections(
        kitti path: String, frames: ClosedRange<Int>, minimumConfidence: Double?
    ) throws(FormatError) -> EvaluatedBoxes {
        var byFrame: [Int: [BoxRecord]] = [:]
        var unusable = 0
        for label in try KITTILabel.read(contentsOf: path) where label.kind != .dontCare {
            let box = Box(
                x: label.left, y: label.top, width: label.right - label.left, height: label.bottom - label.top)
            guard frames.contains(label.frame + 1), label.score >= minimumConfidence ?? -.infinity else { continue }
            guard isUsable(box), label.score.isFinite else {
                unusable += 1
                continue
            }
            byFrame[label.frame + 1, default: []].append(
                BoxRecord(
                    box: box, confidence: label.score, classID: label.kind.rawValue, identity: nil, row: label.line))
        }
        var result = EvaluatedBoxes(
            frames: byFrame.keys.sorted().map { FrameBoxes(frame: FrameIndex($0), boxes: byFrame[$0] ?? []) })
        if unusable > 0 { result.notes.append("dropped \(unusable) boxes that have no area or are no numbers") }
        return result
    }

    private static func isUsable(_ box: Box) -> Bool {
        let numbers = [box.x, box.y, box.width, box.height]
        return numbers.allSatisfy { abs($0) <= BoxFault.largestMagnitude } && box.width > 0 && box.height > 0
    }
}

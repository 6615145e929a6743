import Foundation

@testable import Evaluation

/// A folder of its own with label files, which goes when the test ends.
final class LabelFolder {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vtrack-bdd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file, with the folders above it, and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String = "") throws -> String {
        let target = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: target)
        return target.path
    }
}

/// One label as tests write it.
struct TestLabel {
    var id = "1"
    var category = "car"
    var x = 0.0
    var y = 0.0
    var width = 10.0
    var height = 10.0
    var marks = ""

    /// As JSON; `marks` are attributes, as in `"crowd": true`.
    var text: String {
        """
        {"id": "\(id)", "category": "\(category)", "attributes": {\(marks)}, \
        "box2d": {"x1": \(x), "y1": \(y), "x2": \(x + width), "y2": \(y + height)}}
        """
    }
}

/// Frames of one video, one list of labels each, in the names of today.
func labelText(_ frames: [[TestLabel]], video: String = "v") -> String {
    let frames = frames.enumerated().map { index, labels in
        """
        {"videoName": "\(video)", "name": "\(video)-\(index + 1).jpg", "frameIndex": \(index), \
        "labels": [\(labels.map(\.text).joined(separator: ", "))]}
        """
    }
    return "[\(frames.joined(separator: ",\n"))]"
}

/// Scores results against truth, both texts of one video.
func scoreTexts(
    truth: String, result: String, profile: ScoringProfile, video: String = "v"
) throws -> ScoreTable {
    let folder = try LabelFolder()
    let options = DatasetOptions(profile: profile)
    let dataset = try Dataset.open(.bdd100k, root: try folder.write("gt.json", truth), options: options)
    var table = ScoreTable(classes: dataset.classes, profile: profile)
    let path = try folder.write("tracks.json", result)
    for sequence in dataset.sequences {
        let truth = try dataset.truth(of: sequence)
        let result = try dataset.result(of: sequence, contentsOf: path, truth: truth)
        let classes = try dataset.metricSequences(truth: truth, result: result, sequence: sequence.name)
        table.add(sequence: sequence.name, scores: ScoreTable.scores(classes, profile: profile))
    }
    return table
}

extension ScoreTable {
    /// A combined figure, shares from 0 to 100.
    func figure(_ className: String, _ field: String) -> Double? {
        combined().first { $0.className == className }?.scores.fields(of: MetricFamily.allCases)
            .first { $0.name == field }?.scaledNumber
    }
}

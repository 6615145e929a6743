import Evaluation
import Foundation
import Testing

/// A data set and one tracker's folder, scored as the command does.
enum ScoredFolder {
    /// The figures of every sequence, and the table.
    static func score(_ dataset: Dataset, results folder: String) throws -> ScoreTable {
        var table = ScoreTable(classes: dataset.classes, profile: dataset.options.profile)
        for sequence in dataset.sequences {
            let truth = try dataset.truth(of: sequence)
            let result = try dataset.result(
                of: sequence, contentsOf: "\(folder)/\(sequence.name).txt", truth: truth)
            let sequences = try dataset.metricSequences(truth: truth, result: result, sequence: sequence.name)
            table.add(
                sequence: sequence.name, scores: ScoreTable.scores(sequences, profile: dataset.options.profile))
        }
        return table
    }

    /// The data folder of VTRACK_TEST_DATA.
    static let data =
        ProcessInfo.processInfo.environment["VTRACK_TEST_DATA"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "../shared/data").path

    static let hasMOT17 =
        FileManager.default.fileExists(atPath: "\(data)/mot17-gt")
        && FileManager.default.fileExists(atPath: "\(data)/mpntrack")
}

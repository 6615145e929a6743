import Evaluation
import Foundation
import Testing

/// Folders of every benchmark with what TrackEval makes of them: `scripts/check-score.py --golden`.
@Suite struct GoldenScoreTests {
    private struct Case: Decodable {
        /// Paths in the folder, and texts.
        let files: [String: String]
        /// Tracker, class, sequence or COMBINED, field.
        let expected: [String: [String: [String: [String: Double]]]]
    }

    @Test(arguments: [Benchmark.mot15, .mot16, .mot17, .mot20, .dancetrack, .kitti])
    func figuresAreTrackEvals(_ benchmark: Benchmark) throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/score.json")
        let cases = try JSONDecoder().decode([String: Case].self, from: Data(contentsOf: url.standardized))
        let golden = try #require(cases[benchmark.rawValue])
        let folder = try DatasetFolder()
        for (path, text) in golden.files { try folder.write(text, to: path) }
        let dataset = try Dataset.open(
            benchmark, root: folder.path + "/gt",
            options: DatasetOptions(split: benchmark == .dancetrack ? "train" : nil))
        let trackers = try dataset.trackers(at: [folder.path + "/trackers"])
        #expect(trackers.map(\.name) == golden.expected.keys.sorted())
        var compared = 0
        for tracker in trackers {
            let file = try #require(tracker.files.values.first)
            let table = try ScoredFolder.score(
                dataset, results: URL(filePath: file).deletingLastPathComponent().path)
            for row in table.combined() + table.sequences.flatMap(table.rows(of:)) {
                let fields = try #require(
                    golden.expected[tracker.name]?[row.className]?[row.sequence ?? "COMBINED"])
                for column in row.scores.fields(of: MetricFamily.allCases).flatMap(\.columns) {
                    guard let expected = fields[column.name] else { continue }
                    #expect(
                        abs(column.number - expected) < 1e-12,
                        "\(tracker.name) \(row.sequence ?? "COMBINED") \(column.name): \(column.number), not \(expected)"
                    )
                    compared += 1
                }
            }
        }
        #expect(compared > 250)
    }
}

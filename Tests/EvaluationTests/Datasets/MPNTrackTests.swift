import Evaluation
import Foundation
import Testing

/// A published tracker's results on MOT17, beside the file that TrackEval wrote for them.
@Suite(.enabled(if: ScoredFolder.hasMOT17, "needs mot17-gt and mpntrack of VTRACK_TEST_DATA"))
struct MPNTrackTests {
    /// All 2,200 figures of the detailed file: counts exactly, the rest to 1e-9.
    @Test func everyColumnIsTrackEvals() throws {
        let dataset = try Dataset.open(.mot17, root: "\(ScoredFolder.data)/mot17-gt")
        let table = try ScoredFolder.score(dataset, results: "\(ScoredFolder.data)/mpntrack")
        let text = try String(
            contentsOfFile: "\(ScoredFolder.data)/mpntrack/MPNTrack_pedestrian_detailed.csv", encoding: .utf8)
        let lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
        let header = try #require(lines.first)
        #expect(lines.count == 9)
        var compared = 0
        for line in lines.dropFirst() {
            let rows = line[0] == "COMBINED" ? table.combined() : table.rows(of: line[0])
            let columns = try #require(rows.first).scores.fields(of: [.hota, .clear, .identity, .count])
                .flatMap(\.columns)
            #expect(columns.map(\.name) == Array(header.dropFirst()))
            for (column, expected) in zip(columns, line.dropFirst()) {
                let value = try #require(Double(expected))
                let isCount = if case .count = column.value { true } else { false }
                #expect(
                    isCount ? column.number == value : abs(column.number - value) <= 1e-9,
                    "\(line[0]) \(column.name): \(column.number), not \(value)")
                compared += 1
            }
        }
        #expect(compared == 8 * (header.count - 1))
    }

    /// The pedestrians that count, given as the result, are found, every one of them.
    @Test func theTruthScoresAllThereIs() throws {
        let folder = try DatasetFolder()
        let dataset = try Dataset.open(.mot17, root: "\(ScoredFolder.data)/mot17-gt")
        for sequence in dataset.sequences {
            let rows = try String(contentsOfFile: try #require(sequence.truth), encoding: .utf8)
                .split(whereSeparator: \.isNewline).filter { line in
                    let columns = line.split(separator: ",")
                    return columns[6] == "1" && columns[7] == "1"
                }
            try folder.write(rows.joined(separator: "\n"), to: "\(sequence.name).txt")
        }
        let table = try ScoredFolder.score(dataset, results: folder.path)
        let scores = try #require(table.combined().first?.scores.tracking)
        for field in scores.fields where ["HOTA", "DetA", "AssA", "LocA", "MOTA", "MOTP", "IDF1"].contains(field.name) {
            #expect(abs(field.number - 1) < 1e-12, "\(field.name) \(field.number)")
        }
        #expect(scores.clear.falsePositives + scores.clear.falseNegatives + scores.clear.identitySwitches == 0)
        // IoU of a box with itself may miss 1 by a rounding, which SFDA shows; ATA counts frames.
        for field in scores.summary(of: .vace) { #expect(abs(field.number - 1) < 1e-12, "\(field.name)") }
    }
}

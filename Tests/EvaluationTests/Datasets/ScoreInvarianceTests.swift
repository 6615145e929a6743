import Evaluation
import Foundation
import Geometry
import Testing

/// What must not change scores: numbers of tracks, the order of rows, where a sequence's numbers begin.
@Suite struct ScoreInvarianceTests {
    private typealias Row = (frame: Int, identity: Int, box: [Double])

    /// Objects that walk, and a tracker that finds most of them, sometimes another's.
    private func scene(_ generator: inout SplitMix64, frames: Int) -> (truth: [Row], result: [Row]) {
        var truth: [Row] = []
        var result: [Row] = []
        for object in 1...12 {
            var box = (0..<4).map { _ in Double.random(in: 0...400, using: &generator) }
            box[2] = 40 + box[2] / 10
            box[3] = 60 + box[3] / 10
            var track = 100 + object
            for frame in 1...frames {
                box[0] += Double.random(in: -6...8, using: &generator)
                box[1] += Double.random(in: -3...4, using: &generator)
                truth.append((frame, object, box))
                if Int.random(in: 0..<40, using: &generator) == 0 { track += 20 }
                if Int.random(in: 0..<8, using: &generator) > 0 {
                    let jitter = box.map { $0 + Double.random(in: -4...4, using: &generator) }
                    result.append((frame, track, jitter))
                }
            }
        }
        return (truth, result)
    }

    private func text(_ rows: [Row], tail: String) -> String {
        rows.map { row in
            "\(row.frame),\(row.identity),\(row.box.map { "\($0)" }.joined(separator: ",")),\(tail)\n"
        }.joined()
    }

    private func score(
        _ truth: [Row], _ result: [Row], frames: Int, options: DatasetOptions = DatasetOptions()
    ) throws -> ScoreTable {
        let folder = try DatasetFolder()
        try folder.write("[Sequence]\nseqLength=\(frames)\n", to: "gt/A/seqinfo.ini")
        // One object in four is a distractor.
        let rows = truth.map { row in
            text([row], tail: row.identity % 4 == 0 ? "0,8,1" : "1,1,1")
        }.joined()
        try folder.write(rows, to: "gt/A/gt/gt.txt")
        try folder.write(text(result, tail: "0.5,-1,-1,-1"), to: "r/A.txt")
        return try ScoredFolder.score(
            try Dataset.open(.mot17, root: folder.path + "/gt", options: options), results: folder.path + "/r")
    }

    @Test(arguments: 1...4)
    func numbersAndOrderDoNotMatter(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let (truth, result) = scene(&generator, frames: 40)
        let expected = try score(truth, result, frames: 40)
        #expect((expected.combined().first?.scores.tracking?.clear.truePositives ?? 0) > 100)

        // Numbers that lie far apart, in another order.
        let numbers = Dictionary(
            uniqueKeysWithValues: Set(result.map(\.identity)).sorted().map {
                ($0, Int.random(in: 0...(.max), using: &generator))
            })
        let renamed = result.map { ($0.frame, numbers[$0.identity] ?? 0, $0.box) }
        let objects = Dictionary(
            uniqueKeysWithValues: Array(1...12).map {
                ($0, 4 * Int.random(in: 1...99_999, using: &generator) * 12 + $0)
            })
        let others = truth.map { ($0.frame, objects[$0.identity] ?? 0, $0.box) }
        try expectSame(try score(others, renamed, frames: 40), expected)
        // Rows in any order.
        try expectSame(
            try score(truth.shuffled(using: &generator), result.shuffled(using: &generator), frames: 40), expected)
    }

    /// The second half of a sequence is what a sequence of those frames alone is.
    @Test(arguments: 5...7)
    func framesAreRenumbered(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let (truth, result) = scene(&generator, frames: 41)
        let cut = 41 / 2 + 1
        func second(_ rows: [Row]) -> [Row] {
            rows.filter { $0.frame > cut }.map { ($0.frame - cut, $0.identity, $0.box) }
        }
        let alone = try score(second(truth), second(result), frames: 41 - cut)
        let options = DatasetOptions(half: .val)
        try expectSame(try score(truth, result, frames: 41, options: options), alone)
        try expectSame(try score(truth, second(result), frames: 41, options: options), alone)
    }

    private func expectSame(_ found: ScoreTable, _ expected: ScoreTable) throws {
        let found = try #require(found.combined().first).scores.fields(of: MetricFamily.allCases)
        let expected = try #require(expected.combined().first).scores.fields(of: MetricFamily.allCases)
        for (field, other) in zip(found.flatMap(\.columns), expected.flatMap(\.columns)) {
            // Sums in another order may differ by roundings.
            #expect(abs(field.number - other.number) < 1e-12, "\(field.name): \(field.number), \(other.number)")
        }
    }
}

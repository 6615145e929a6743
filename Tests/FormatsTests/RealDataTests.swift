import Geometry
import Testing

@testable import Formats

/// Data sets as they are; counts and sums come from a few lines of Python with `csv` and `json`.
@Suite(.enabled(if: TestData.has("mot17-gt"), "needs the data sets: set VTRACK_TEST_DATA")) struct RealDataTests {
    /// x + 2y + 3w + 5h over all boxes: a sum that every coordinate of every box has a part in.
    private func weightedSum(_ frames: [FrameBoxes]) -> Double {
        frames.reduce(0) { sum, boxes in
            boxes.boxes.reduce(sum) { $0 + $1.box.x + 2 * $1.box.y + 3 * $1.box.width + 5 * $1.box.height }
        }
    }

    private func open(_ path: String, _ options: BoxOptions = BoxOptions()) throws(FormatError) -> BoxReader {
        try BoxReader(location: .path(TestData.root + "/" + path), options: options)
    }

    @Test(arguments: [
        // Sequence, rows, kept rows, frames, identities, weighted sum.
        ("02", [30003, 18581, 600, 62], 48_297_321.0), ("04", [108_005, 47557, 1050, 83], 105_139_810),
        ("05", [8013, 6917, 837, 133], 14_145_285), ("09", [10411, 5325, 525, 26], 22_401_773),
        ("10", [17450, 12839, 654, 57], 29_945_287), ("11", [10617, 9436, 900, 75], 38_019_522),
        ("13", [20202, 11642, 750, 110], 31_830_749),
    ])
    func groundTruthOfMOT17(_ sequence: String, _ counts: [Int], _ sum: Double) throws {
        let path = "mot17-gt/MOT17-\(sequence)-FRCNN/gt/gt.txt"
        let reader = try open(path, BoxOptions(strict: true))
        let frames = try rest(of: reader)
        #expect(reader.format == .motGT)
        let identities = Set(frames.flatMap { $0.boxes.compactMap(\.identity) })
        #expect([reader.summary.rows, reader.summary.kept, frames.count, identities.count] == counts)
        #expect(weightedSum(frames) == sum)
        #expect(frames.map(\.frame.rawValue) == Array(1...counts[2]))
        let info = try #require(try SequenceInfo.beside(boxesPath: TestData.root + "/" + path))
        #expect(info.length == counts[2] && info.name == "MOT17-\(sequence)-FRCNN")
        #expect(reader.summary.sentences.count == 1)
    }

    @Test(arguments: [
        ("02", 8186, 600), ("04", 28406, 1050), ("05", 3848, 837), ("09", 3049, 525), ("10", 9701, 654),
        ("11", 6007, 900),
        ("13", 8442, 750),
    ])
    func detectionsOfMOT17(_ sequence: String, _ rows: Int, _ frames: Int) throws {
        let reader = try open("mot17/MOT17-\(sequence)-FRCNN/det/det.txt", BoxOptions(strict: true))
        let read = try rest(of: reader)
        #expect(reader.format == .motDetections)
        #expect(read.count == frames && read.reduce(0) { $0 + $1.boxes.count } == rows)
        #expect(zip(read, read.dropFirst()).allSatisfy { $0.frame < $1.frame })
        #expect(read.allSatisfy { $0.boxes.allSatisfy { $0.identity == nil && $0.classID == 1 } })
        #expect(reader.summary.sentences.isEmpty)
    }

    /// A tracker's results: identities written `7.0`.
    @Test(.enabled(if: TestData.has("mpntrack"))) func resultsOfATracker() throws {
        let reader = try open("mpntrack/MOT17-02-FRCNN.txt")
        #expect(reader.format == .motDetections && reader.summary.kept == 9079)
        #expect(try reader.next()?.boxes.first?.identity == 0)
    }

    @Test(
        .enabled(if: TestData.has("scalabel")),
        arguments: [
            // Identities such as a-00122105; crowds left out.
            ("scalabel/track_sample_anns.json", [3241, 3109, 202, 142], 5_292_563.376986523, 1 as Int64),
            // Predictions with scores; identities that are numbers.
            ("scalabel/track_predictions.json", [2301, 2301, 202, 121], 4_020_432.3775405884, 0),
            // A label file of BDD100K with polygons and masks.
            ("bdd100k/labels/box_track_20/val/b1c66a42-6f7d68ca.json", [167, 167, 6, 29], 245_388, 0),
        ])
    func scalabel(_ path: String, _ counts: [Int], _ sum: Double, _ firstIdentity: Int64) throws {
        let reader = try open(path, BoxOptions(strict: true))
        let frames = try rest(of: reader)
        #expect(reader.format == .scalabel)
        let identities = Set(frames.flatMap { $0.boxes.compactMap(\.identity) })
        #expect([reader.summary.rows, reader.summary.kept, frames.count, identities.count] == counts)
        #expect(abs(weightedSum(frames) - sum) < 1e-5)
        #expect(frames.first?.boxes.first?.identity == firstIdentity)
    }

    /// Reading all ground truth of MOT17 takes no time to speak of; a guard against slips, not a benchmark.
    @Test func readingIsQuick() throws {
        let start = ContinuousClock.now
        var kept = 0
        for sequence in ["02", "04", "05", "09", "10", "11", "13"] {
            kept += try open("mot17-gt/MOT17-\(sequence)-FRCNN/gt/gt.txt").summary.kept
        }
        #expect(kept == 112_297)
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}

import Geometry
import Testing

@testable import Formats

/// How ground truth is told from detections, and what is kept of it.
@Suite struct GroundTruthTests {
    @Test(arguments: [
        // Nine columns, class and mark.
        ("1,1,1,2,3,4,1,1,0.5\n1,2,1,2,3,4,0,7,1", BoxFormat.motGT),
        // Eight columns; identity 0 is one.
        ("1,0,1,2,3,4,1,3", .motGT),
        // One row with seven columns makes all of it detections …
        ("1,1,1,2,3,4,1,1,0.5\n1,2,1,2,3,4,1", .motDetections),
        // … and so does one without identity,
        ("1,1,1,2,3,4,1,1,0.5\n1,-1,1,2,3,4,1,1,1", .motDetections),
        // without class,
        ("1,1,1,2,3,4,1,1,0.5\n1,2,1,2,3,4,1,-1,1", .motDetections),
        ("1,1,1,2,3,4,1,1,0.5\n1,2,1,2,3,4,1,0,1", .motDetections),
        ("1,1,1,2,3,4,1,1,0.5\n1,2,1,2,3,4,1,1.5,1", .motDetections),
        // or with a score.
        ("1,1,1,2,3,4,1,1,0.5\n1,2,1,2,3,4,0.99,1,1", .motDetections),
        // Results of a tracker.
        ("1,1,1,2,3,4,1,-1,-1,-1", .motDetections),
        // Nothing.
        ("", .motDetections),
    ])
    func isDecidedByEveryRow(_ text: String, _ format: BoxFormat) throws {
        #expect(try BoxReader(bytes: Array(text.utf8)).format == format)
    }

    private static let mixed = """
        1,1,1,2,3,4,1,1,1
        1,2,1,2,3,4,0,1,1
        1,3,1,2,3,4,1,3,1
        2,4,1,2,3,4,0,8,1
        2,5,1,2,3,4,1,7,1
        3,6,1,2,3,4,1,1,0.2
        """

    private static let choices: [(Set<Int>?, [Int64])] = [
        // The default: class 1, not marked 0.
        (nil, [1, 6]),
        // Other classes; the mark still counts.
        ([1, 3], [1, 3, 6]),
        ([7, 8], [5]),
        ([], []),
    ]

    @Test(arguments: choices)
    func keepsClasses(_ classes: Set<Int>?, _ expected: [Int64]) throws {
        let reader = try BoxReader(bytes: Array(Self.mixed.utf8), options: BoxOptions(classes: classes))
        let frames = try rest(of: reader)
        #expect(frames.flatMap { $0.boxes.compactMap(\.identity) } == expected)
        // Frames without a box that was kept are still there.
        #expect(frames.map(\.frame.rawValue) == [1, 2, 3])
        #expect(reader.summary.rows == 6 && reader.summary.kept == expected.count && reader.summary.frames == 3)
    }

    @Test func saysWhatWasLeftOut() throws {
        let reader = try BoxReader(bytes: Array(Self.mixed.utf8))
        #expect(
            reader.summary.sentences == [
                "left out 4 of 6 boxes: 2 with confidence 0 (not to be evaluated), 1 of class 3, 1 of class 7; "
                    + "--classes chooses other classes than 1"
            ])
    }

    @Test func aForcedFormatIsKept() throws {
        let asDetections = try BoxReader(bytes: Array(Self.mixed.utf8), options: BoxOptions(format: .motDetections))
        #expect(asDetections.format == .motDetections && asDetections.summary.kept == 6)
        #expect(try asDetections.next()?.boxes.map(\.classID) == [1, 1, 3])
        let error = try #require(failure("1,1,1,2,3,4,1,1,1\n1,-1,1,2,3,4,1,1,1", BoxOptions(format: .motGT)))
        #expect(error == .notGroundTruth(SourcePlace(source: "boxes", line: 2), found: "the id is below 0"))
        #expect(error.description.contains("--boxes-format mot-det"))
    }

    @Test(arguments: [
        // A class where the eighth column is a whole number of at least 0; else 1.
        ("1,-1,1,2,3,4,0.5,3", 3), ("1,-1,1,2,3,4,0.5,0", 0), ("1,-1,1,2,3,4,0.5,2.0", 2),
        ("1,-1,1,2,3,4,0.5,-1", 1), ("1,-1,1,2,3,4,0.5,3.7", 1), ("1,-1,1,2,3,4,0.5,1e12", 1), ("1,-1,1,2,3,4,0.5", 1),
    ])
    func detectionsMayHaveClasses(_ row: String, _ classID: Int) throws {
        #expect(try frames(row)[0].boxes[0].classID == classID)
    }

    @Test func leavesOutWeakBoxes() throws {
        let options = BoxOptions(minimumConfidence: 0.5)
        let reader = try BoxReader(
            bytes: Array("1,-1,1,2,3,4,0.5\n1,-1,1,2,3,4,0.49\n1,-1,1,2,3,4,-2".utf8), options: options)
        #expect(try reader.next()?.boxes.map(\.row) == [1])
        #expect(reader.summary.sentences == ["left out 2 of 3 boxes: 2 below the least confidence"])
    }
}

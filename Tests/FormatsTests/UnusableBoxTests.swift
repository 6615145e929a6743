import Geometry
import Testing

@testable import Formats

/// Boxes that public trackers crash on, in every format.
@Suite struct UnusableBoxTests {
    private static let cases: [([String], BoxFault)] = [
        (["nan", "2", "3", "4", "1"], .notFinite),
        (["1", "NaN", "3", "4", "1"], .notFinite),
        (["1", "2", "inf", "4", "1"], .notFinite),
        (["1", "2", "3", "-Infinity", "1"], .notFinite),
        (["1", "2", "3", "4", "nan"], .notFinite),
        (["1", "2", "3", "1e999", "1"], .notFinite),
        // Finite, but the right edge or the area would not be.
        (["1e308", "2", "1e308", "4", "1"], .outOfRange),
        (["1", "2", "1e200", "1e200", "1"], .outOfRange),
        (["-1.1e9", "2", "3", "4", "1"], .outOfRange),
        (["1", "2", "-3", "4", "1"], .negativeSize),
        (["1", "2", "3", "-1e-9", "1"], .negativeSize),
        (["1", "2", "0", "4", "1"], .zeroArea),
        (["1", "2", "3", "-0.0", "1"], .zeroArea),
        // The product underflows.
        (["1", "2", "1e-200", "1e-200", "1"], .zeroArea),
    ]

    @Test(arguments: cases)
    func areDroppedAndCounted(_ numbers: [String], _ fault: BoxFault) throws {
        for text in Self.texts(numbers) {
            let reader = try BoxReader(bytes: Array(text.utf8), name: "boxes")
            let frames = try rest(of: reader)
            #expect(frames.map(\.boxes.count) == [2, 1], "\(text)")
            #expect(reader.summary.unusable == [fault: 1], "\(text)")
            #expect(reader.summary.firstUnusable == SourcePlace(source: "boxes", line: 2))
            #expect(reader.summary.rows == 4 && reader.summary.kept == 3)
            #expect(reader.summary.sentences == ["dropped 1 of 4 boxes: 1 because \(fault) (first: boxes:2)"])
        }
    }

    @Test(arguments: cases)
    func areErrorsInStrictMode(_ numbers: [String], _ fault: BoxFault) {
        for text in Self.texts(numbers) {
            let expected = FormatError.unusableBox(SourcePlace(source: "boxes", line: 2), fault)
            #expect(failure(text, BoxOptions(strict: true)) == expected)
            #expect(failure(text, BoxOptions(strict: true), live: true) == expected)
            #expect(expected.category == .badData)
        }
    }

    /// What is left out anyway is not looked at: it cannot do harm.
    @Test func ofAnotherClassDoNotMatter() throws {
        let text = "1,1,1,2,3,4,1,1,1\n1,2,nan,2,3,4,1,7,1\n1,3,nan,2,3,4,0,1,1\n"
        let reader = try BoxReader(bytes: Array(text.utf8), options: BoxOptions(strict: true))
        #expect(reader.summary.kept == 1 && reader.summary.unusable.isEmpty)
    }

    /// The same four boxes, the second of them bad, as rows, as frame objects and as one box a line.
    private static func texts(_ bad: [String]) -> [String] {
        let good = ["1", "2", "3", "4", "1"]
        let rows = [(1, good), (1, bad), (1, good), (2, good)]
        let mot = rows.map { "\($0.0),-1," + $0.1.joined(separator: ",") }
        let boxes = rows.map { row in
            "{\"frame\":\(row.0),\"box\":[\(row.1[0..<4].joined(separator: ","))],\"confidence\":\(row.1[4])}"
        }
        return [mot.joined(separator: "\n"), boxes.joined(separator: "\n")]
    }

    @Test(arguments: [
        // One more than allowed, with the line of the first box too many.
        (1001, 1000, 1001 as Int?), (1000, 1000, nil), (100_000, 1000, 1001), (2, 1, 2), (1, 0, 1),
    ])
    func aFrameMayHaveSoManyBoxes(_ count: Int, _ limit: Int, _ line: Int?) {
        let text = String(repeating: "1,-1,1,2,3,4,0.5\n", count: count)
        let expected = line.map {
            FormatError.tooManyBoxes(SourcePlace(source: "boxes", line: $0), frame: 1, limit: limit)
        }
        #expect(failure(text, BoxOptions(maximumBoxes: limit)) == expected)
        #expect(failure(text, BoxOptions(format: .motDetections, maximumBoxes: limit), live: true) == expected)
    }
}

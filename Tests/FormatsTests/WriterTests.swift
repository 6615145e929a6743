import Foundation
import Geometry
import Testing

@testable import Formats

/// What is written is what was read, as text and as numbers.
@Suite struct WriterTests {
    private func row(_ frame: Int, _ track: Int, _ box: Box, confidence: Double = 1, similarity: Double? = nil)
        -> TrackRow
    {
        let record = BoxRecord(box: box, confidence: confidence, classID: 3, identity: 99, row: 12)
        return TrackRow(
            frame: FrameIndex(frame), track: track, record: record, similarity: similarity, state: "tracked")
    }

    @Test func writesMOTText() {
        let box = Box(x: 912, y: 482.9, width: 97.6, height: 1e-5)
        #expect(MOTWriter.line(row(69, 7, box, confidence: 0.5)) == "69,7,912,482.9,97.6,0.00001,0.5,-1,-1,-1")
    }

    @Test func writesRowsByFrameThenTrack() {
        let box = Box(x: 1, y: 2, width: 3, height: 4)
        let text = MOTWriter.text([row(2, 1, box), row(1, 3, box), row(1, 2, box)])
        #expect(text == "1,2,1,2,3,4,1,-1,-1,-1\n1,3,1,2,3,4,1,-1,-1,-1\n2,1,1,2,3,4,1,-1,-1,-1\n")
        #expect(MOTWriter.text([]) == "")
    }

    @Test func writesJSONLines() {
        let box = Box(x: 1, y: 2.5, width: 3, height: 4)
        let line = JSONLinesWriter.line(frame: FrameIndex(5), rows: [row(5, 2, box, similarity: 0.75), row(5, 1, box)])
        let rest = #""box":[1,2.5,3,4],"confidence":1,"class":3,"row":12,"similarity":"#
        #expect(
            line == #"{"frame":5,"tracks":[{"id":1,"# + rest + #"null,"state":"tracked"},{"id":2,"# + rest
                + #"0.75,"state":"tracked"}]}"#)
        #expect(JSONLinesWriter.line(frame: FrameIndex(6), rows: []) == #"{"frame":6,"tracks":[]}"#)
        // A number that JSON has no word for.
        #expect(
            JSONLinesWriter.line(frame: FrameIndex(5), rows: [row(5, 1, box, similarity: .nan)]).contains(
                #""similarity":null"#))
    }

    /// Random tracks, written and read again: the same boxes to the last bit, in both formats.
    @Test(arguments: 0..<20)
    func outputReadsBackAsInput(_ seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        var mot = ""
        var json = ""
        var expected: [[Box]] = []
        for frame in 1...30 {
            let rows = (0..<Int.random(in: 1...6, using: &generator)).map { index in
                let box = Box(
                    x: .random(in: -1e4...1e4, using: &generator), y: .random(in: -1e9...1e9, using: &generator),
                    width: .random(in: 1e-9...1e-3, using: &generator),
                    height: Double(Float.random(in: 1...2000, using: &generator)))
                return row(frame, index + 1, box, confidence: .random(in: -2...2, using: &generator), similarity: 0.5)
            }
            mot += MOTWriter.text(rows)
            json += JSONLinesWriter.line(frame: FrameIndex(frame), rows: rows) + "\n"
            expected.append(rows.map(\.record.box))
        }
        for (text, classID) in [(mot, 1), (json, 3)] {
            let frames = try frames(text)
            #expect(frames.map { $0.boxes.map(\.box) } == expected)
            #expect(frames.allSatisfy { $0.boxes.map(\.identity) == $0.boxes.indices.map { Int64($0 + 1) } })
            #expect(frames.allSatisfy { $0.boxes.allSatisfy { $0.classID == classID } })
        }
        // JSON by another parser.
        for line in json.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect((object?["tracks"] as? [Any])?.isEmpty == false)
        }
    }
}

import Geometry
import Testing

@testable import Formats

/// Rows of MOT text that are accepted, and what they say.
@Suite struct MOTTextTests {
    @Test(arguments: [
        // As MOTChallenge writes detections.
        ("1,-1,10.5,20,30,40,0.9,-1,-1,-1", [10.5, 20, 30, 40, 0.9]),
        // Seven columns.
        ("1,-1,10.5,20,30,40,0.9", [10.5, 20, 30, 40, 0.9]),
        // Six columns: confidence 1.
        ("1,-1,10.5,20,30,40", [10.5, 20, 30, 40, 1]),
        // Blanks around commas.
        ("1, -1, 10.5 , 20, 30, 40, 0.9", [10.5, 20, 30, 40, 0.9]),
        // Blanks alone.
        ("1 -1 10.5 20 30 40 0.9", [10.5, 20, 30, 40, 0.9]),
        // Tabs.
        ("1\t-1\t10.5\t20\t30\t40\t0.9", [10.5, 20, 30, 40, 0.9]),
        // Semicolons.
        ("1;-1;10.5;20;30;40;0.9", [10.5, 20, 30, 40, 0.9]),
        // A separator behind the last column.
        ("1,-1,10.5,20,30,40,0.9,", [10.5, 20, 30, 40, 0.9]),
        // A line end of Windows.
        ("1,-1,10.5,20,30,40,0.9\r\n", [10.5, 20, 30, 40, 0.9]),
        // A byte order mark.
        ("\u{FEFF}1,-1,10.5,20,30,40,0.9", [10.5, 20, 30, 40, 0.9]),
        // Blank lines before and after.
        ("\n  \n1,-1,10.5,20,30,40,0.9\n\n", [10.5, 20, 30, 40, 0.9]),
        // Whole numbers written as NumPy writes them.
        ("1.0,-1.0,1.050000000000000000e+01,2.0e1,30.,40.0,9e-1", [10.5, 20, 30, 40, 0.9]),
        // Plus signs, no digit before the point, a negative place.
        ("+1,-1,-.5,-20,30,40,+.9", [-0.5, -20, 30, 40, 0.9]),
    ])
    func accepts(_ text: String, _ expected: [Double]) throws {
        let frames = try frames(text)
        try #require(frames.count == 1 && frames[0].boxes.count == 1)
        let record = frames[0].boxes[0]
        #expect(frames[0].frame.rawValue == 1)
        #expect([record.box.x, record.box.y, record.box.width, record.box.height, record.confidence] == expected)
        #expect(record.identity == nil)
    }

    @Test(arguments: [
        // Not a row of numbers.
        ("frame,id,x,y,w,h", "found “frame” in column 1 (frame), expected a number"),
        // Too few columns.
        ("1,-1,10,20,30", "found a row of 5 columns, expected at least 6"),
        // An empty column.
        ("1,-1,,20,30,40", "“” in column 3 (left)"),
        // Frames count from 1.
        ("0,-1,10,20,30,40", "frame “0”, expected a frame number from 1"),
        ("-1,-1,10,20,30,40", "frame “-1”"),
        ("1.5,-1,10,20,30,40", "frame “1.5”"),
        ("nan,-1,10,20,30,40", "frame “nan”"),
        ("99999999999999999999,-1,10,20,30,40", "frame “99999999999999999999”"),
        // Identities are whole numbers of 64 bits.
        ("1,9223372036854775808,10,20,30,40", "id “9223372036854775808”"),
        ("1,9223372036854775808.0,10,20,30,40", "id “9223372036854775808.0”"),
        ("1,1e30,10,20,30,40", "id “1e30”"),
        ("1,7.5,10,20,30,40", "id “7.5”"),
        ("1,nan,10,20,30,40", "id “nan”"),
        // Text behind a number, hexadecimal, grouping.
        ("1,-1,10px,20,30,40", "“10px” in column 3"),
        ("1,-1,0x10,20,30,40", "“0x10” in column 3"),
        ("1,-1,1_000,20,30,40", "“1_000” in column 3"),
        // Control characters.
        ("1,-1,10,20,30,40,1,-1,\u{1}", "a control character in column 9"),
        // A NUL byte.
        ("1,-1,10,20,30,40,1,-1,\0", "a NUL byte"),
        ("1,-1,10,20\0,30,40", "a NUL byte"),
    ])
    func refuses(_ row: String, _ message: String) throws {
        let error = try #require(failure("1,-1,1,2,3,4\n" + row + "\n"))
        #expect(error.description.hasPrefix("boxes:2: "))
        #expect(error.description.contains(message), "\(error)")
        #expect(error.category == .badData)
    }

    @Test(arguments: [
        // Little and big endian with their marks.
        ([0xFF, 0xFE, 0x31, 0, 0x2C, 0] as [UInt8], "UTF-16"),
        ([0xFE, 0xFF, 0, 0x31, 0, 0x2C], "UTF-16"),
        // Without a mark: the first NUL gives it away.
        ([0x31, 0, 0x2C, 0, 0x31, 0], "UTF-16"),
    ])
    func refusesUTF16(_ bytes: [UInt8], _ message: String) throws {
        let error = try #require(failure(bytes))
        #expect(error.description.contains(message) && error.description.hasPrefix("boxes:1: "))
        #expect(error.category == .badData)
    }

    @Test func refusesALongLine() throws {
        let long = "1,-1,1,2,3,4\n1,-1," + String(repeating: "1", count: 10_000_000) + ",2,3,4\n"
        for live in [false, true] {
            let error = try #require(failure(long, live: live))
            #expect(error == .lineTooLong(SourcePlace(source: "boxes", line: 2), limit: 1 << 20))
        }
    }

    @Test func readsALineOfTheGreatestLength() throws {
        let row = "1,-1,1,2,3,4,0.5,-1"
        let line = row + String(repeating: " ", count: (1 << 20) - row.utf8.count)
        #expect(try frames(line + "\r\n" + line).first?.boxes.count == 2)
        #expect(failure(line + " \n") != nil)
    }

    @Test(arguments: [
        // Once in a frame is the rule …
        ("1,7,1,2,3,4,0.5\n2,7,1,2,3,4,0.5", nil as Int?),
        // … and rows without identity are free.
        ("1,-1,1,2,3,4,0.5\n1,-1,1,2,3,4,0.5\n1,-2,1,2,3,4,0.5", nil),
        // 0 is an identity.
        ("1,0,1,2,3,4,0.5\n1,0,9,2,3,4,0.5", 2),
        // Written in another way, in an unsorted file.
        ("3,7,1,2,3,4,0.5\n1,7,1,2,3,4,0.5\n3,8,1,2,3,4,0.5\n3,7.0,9,2,3,4,0.5", 4),
    ])
    func identitiesOccurOnceInAFrame(_ text: String, _ line: Int?) {
        let error = failure(text)
        #expect(error?.category == line.map { _ in .badData })
        if let line { #expect(error?.description.hasPrefix("boxes:\(line): id ") == true) }
    }

    @Test func theLargestIdentityIsKept() throws {
        #expect(try frames("1,9223372036854775807,1,2,3,4,0.5")[0].boxes[0].identity == .max)
    }

    @Test func unsortedRowsAreSortedByFrameAndKeepTheirOrder() throws {
        let frames = try frames("3,-1,1,2,3,4\n1,-1,5,2,3,4\n3,-1,0,2,3,4\n2,-1,1,2,3,4\n1,-1,4,2,3,4\n")
        #expect(frames.map(\.frame.rawValue) == [1, 2, 3])
        #expect(frames.map { $0.boxes.map(\.row) } == [[2, 5], [4], [1, 3]])
    }

    @Test func anEmptyFileHasNoFrames() throws {
        for text in ["", "\n\n", "\u{FEFF}", "  "] { #expect(try frames(text).isEmpty) }
    }
}

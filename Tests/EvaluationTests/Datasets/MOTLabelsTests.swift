import Evaluation
import Foundation
import Geometry
import Testing

/// Rows of MOT text as TrackEval reads them, and what it refuses.
@Suite struct MOTLabelsTests {
    let folder: DatasetFolder
    let dataset: Dataset

    init() throws {
        folder = try DatasetFolder()
        try folder.addSequence("A", frames: 4)
        dataset = try Dataset.open(.mot17, root: folder.path)
    }

    private func result(_ text: String, ignoresClasses: Bool = false) throws -> [[ResultBox]] {
        var dataset = dataset
        dataset.options.ignoresResultClasses = ignoresClasses
        let truth = try dataset.truth(of: dataset.sequences[0])
        return try dataset.result(
            of: dataset.sequences[0], contentsOf: folder.write(text, to: "r.txt"), truth: truth
        ).frames
    }

    private func truth(_ text: String) throws -> [[TruthBox]] {
        try folder.write(text, to: "A/gt/gt.txt")
        return try dataset.truth(of: dataset.sequences[0]).frames
    }

    @Test func everyFormOfNumberIsRead() throws {
        let frames = try result(
            "\u{FEFF}1,1,1.5,2,3,4,0.9\r\n\r\n2.0 , 7.0 , -1e1 , +2 , 3. , .5 , 1 , -1 , -1 , -1 ,\n1;2;1;1;1;1;1\n4\t3\t0\t0\t9\t9\t1\t1\n"
                + "3.9,5.9,1,1,1,1,1")
        #expect(frames.map { $0.map(\.identity) } == [[1, 2], [7], [5], [3]])
        #expect(frames[1][0].box.x == -10 && frames[1][0].box.height == 0.5)
        #expect(frames[0][0].confidence == 0.9)
    }

    @Test func theOrderOfTheFileIsKept() throws {
        let frames = try result("2,9,1,1,1,1,1\n1,5,1,1,1,1,1\n2,3,1,1,1,1,1\n1,7,1,1,1,1,1\n")
        #expect(frames.map { $0.map(\.identity) } == [[5, 7], [9, 3], [], []])
    }

    @Test func noBoxesIsAResult() throws {
        #expect(try result("").allSatisfy(\.isEmpty))
        #expect(try result("\n\n").count == 4)
    }

    @Test func sidesMayBeNegativeAndBoxesFarAway() throws {
        // TrackEval counts such boxes as wrong ones; they overlap with nothing.
        #expect(try result("1,1,5,5,-3,4,1\n1,2,1e30,-1e40,1e50,1,1\n")[0].count == 2)
    }

    @Test func largeNumbersOfObjects() throws {
        #expect(try result("1,9223372036854775807,1,1,1,1,1\n")[0][0].identity == .max)
        #expect(try result("1,9007199254740993,1,1,1,1,1\n1,9007199254740992,1,1,1,1,1\n")[0].count == 2)
    }

    @Test func groundTruthColumns() throws {
        let boxes = try truth("1,1,1,1,1,1,0,7,0.25\n1,2,1,1,1,1,0.9,1,1\n1,3,1,1,1,1,1,-1,-1,-1\n")[0]
        #expect(boxes.map(\.isConsidered) == [false, false, true])
        #expect(boxes.map(\.classID) == [7, 1, -1])
        #expect(boxes.map(\.visibility) == [0.25, 1, -1])
    }

    // What is wrong, where, and the exit code.
    @Test(
        arguments: [
            ("1,1,1,1,1,1,1\n1,2,1,1,1,1,1,3,-1\n", ["r.txt:2", "class (column 8) is 3", "--ignore-classes"]),
            ("1,1,1,1,1,1,1\n3,1,1,1,1,1,1\n1,1,5,5,5,5,1\n", ["r.txt:3", "id 1 occurs twice in frame 1"]),
            ("5,1,1,1,1,1,1\n", ["r.txt:1", "frame 5", "1 to 4"]),
            ("0,1,1,1,1,1,1\n", ["r.txt:1", "frame 0", "1 to 4", "counted from 0?"]),
            ("-1,1,1,1,1,1,1\n", ["r.txt:1", "frame -1", "1 to 4"]),
            ("1000000000,1,1,1,1,1,1\n", ["r.txt:1", "frame 1000000000"]),
            ("99999999999999999999,1,1,1,1,1,1\n", ["r.txt:1"]),
            ("1,-1,1,1,1,1,1\n", ["r.txt:1", "id -1"]), ("1,1,nan,1,1,1,1\n", ["r.txt:1", "nan", "left"]),
            ("1,1,1,inf,1,1,1\n", ["r.txt:1", "inf"]), ("1,1,1,1,1e101,1,1\n", ["r.txt:1", "1e100"]),
            ("1,1,1,1,1\n", ["r.txt:1", "5 columns"]), ("1,x,1,1,1,1,1\n", ["r.txt:1", "“x”", "id"]),
            ("1,1,1,1,1,1,1\n\u{0}\u{1}\u{2}\n", ["r.txt:2"]), ("{\"frame\": 1}\n", ["r.txt:1"]),
        ])
    func whatIsWrongIsNamedWithItsLine(_ text: String, _ parts: [String]) throws {
        let found = message { _ = try result(text) }
        for part in parts { #expect(found?.text.contains(part) == true, "\(part) in \(found?.text ?? "nothing")") }
        #expect(found?.category == 65)
    }

    @Test func classesCanBeIgnored() throws {
        #expect(try result("1,1,1,1,1,1,1,3\n", ignoresClasses: true)[0].count == 1)
        #expect(try result("1,1,1,1,1,1,1,0\n1,2,1,1,1,1,1,1.9\n")[0].count == 2)
    }

    @Test func groundTruthIsChecked() throws {
        #expect(message { _ = try truth("1,1,1,1,1,1,1\n") }?.text.contains("7 columns") == true)
        #expect(message { _ = try truth("1,1,1,1,1,1,1,1\n1,1,2,2,2,2,0,8\n") }?.text.contains("gt.txt:2") == true)
        #expect(message { _ = try truth("9,1,1,1,1,1,1,1\n") }?.text.contains("1 to 4") == true)
    }

    @Test func placesThatAreNoFiles() throws {
        let truth = try dataset.truth(of: dataset.sequences[0])
        func read(_ path: String) -> (text: String, category: Int32)? {
            message { _ = try dataset.result(of: dataset.sequences[0], contentsOf: path, truth: truth) }
        }
        #expect(read(folder.path)?.category == 66)
        #expect(read(folder.path + "/none")?.category == 66)
        #expect(read("/dev/null") == nil)
        let binary = try folder.write(Data((0...255).map { UInt8($0) }), to: "binary")
        #expect(read(binary)?.category == 65)
        let wide = try folder.write(Data([0xFF, 0xFE, 0x31, 0x00, 0x2C, 0x00]), to: "utf16.txt")
        #expect(read(wide)?.text.contains("UTF-16") == true)
        if getuid() != 0 {
            let locked = try folder.write("", to: "locked.txt")
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: locked)
            #expect(read(locked)?.category == 77)
        }
    }
}

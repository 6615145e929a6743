import Foundation
import Testing

/// Boxes that are no boxes, as the program as a whole meets them; the reader's own tests have every form of them.
@Suite struct HostileBoxTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func track(_ bytes: [UInt8], _ more: [String] = []) throws -> CommandRun {
        try Data(bytes).write(to: folder.url.appending(path: "boxes.txt"))
        return try CommandRun.vtrack(["track", "--boxes", "boxes.txt", "--fps", "25"] + more, in: folder.url)
    }

    private static let wrongTexts: [(String, String)] = [
        // An id twice in a frame.
        ("1,5,1,2,3,4,1,1,1\n1,5,9,2,3,4,1,1,1\n", "boxes.txt:2"),
        // One more than the largest id.
        ("1,9223372036854775808,1,2,3,4,1\n", "boxes.txt:1"),
        // Frames that there are not.
        ("0,-1,1,2,3,4,1\n", "boxes.txt:1"),
        ("1,-1,1,2,3,4,1\n9223372036854775807,-1,1,2,3,4,1\n", "boxes.txt:2"),
        // No text.
        ("1,-1,1,2,3,4,1\n2,-1,1,2\0,3,4,1\n", "boxes.txt:2"),
        // Letters.
        ("1,-1,1,two,3,4,1\n", "boxes.txt:1"),
    ]

    @Test(arguments: wrongTexts)
    func refused(_ text: String, _ place: String) throws {
        let run = try track(Array(text.utf8))
        #expect(run.status == 65)
        #expect(run.errors.contains(place), "\(run.errors)")
        #expect(folder.names == ["boxes.txt"])
    }

    @Test func refusedAsAWhole() throws {
        // UTF-16, a line of 10 MB, 100,000 boxes in one frame.
        let utf16: [UInt8] = [0xFF, 0xFE] + "1,-1,1,2,3,4,1\n".utf8.flatMap { byte -> [UInt8] in [byte, 0] }
        let long = Array("1,-1,1,2,3,4,1\n".utf8) + [UInt8](repeating: 0x31, count: 10_000_000)
        let many = Array(String(repeating: "1,-1,1,2,3,4,0.5\n", count: 100_000).utf8)
        for (bytes, word) in [(utf16, "UTF-16"), (long, "boxes.txt:2"), (many, "boxes.txt:1001")] {
            let run = try track(bytes)
            #expect(run.status == 65)
            #expect(run.errors.contains(word), "\(run.errors)")
            #expect(folder.names == ["boxes.txt"])
        }
    }

    private static let goodTexts: [(String, Int)] = [
        // Byte order mark, CRLF, tabs, a comma too many.
        ("\u{FEFF}1,-1,1,2,3,4,1,\r\n2\t-1\t1\t2\t3\t4\t1\r\n", 2),
        // Not in order of frames; ids of 0, below 0 and the largest.
        ("3,0,1,2,3,4,1\n1,-7,1,2,3,4,1\n2,9223372036854775807,1,2,3,4,1\n", 3),
        // Boxes that cannot be used are dropped.
        ("1,-1,1,2,3,4,1\n1,-1,nan,2,3,4,1\n2,-1,1e308,1,3,4,1\n2,-1,1,1,-3,4,1\n3,-1,1,1,0,4,1\n", 1),
        // Nothing at all.
        ("", 0),
    ]

    @Test(arguments: goodTexts)
    func accepted(_ text: String, _ rows: Int) throws {
        let run = try track(Array(text.utf8))
        #expect(run.status == 0, "\(run.errors)")
        #expect(folder.text("tracks.txt")?.split(separator: "\n").count == rows)
    }

    @Test func unusableBoxesAreSaidOrErrors() throws {
        let bytes = Array("1,-1,1,2,3,4,1\n1,-1,nan,2,3,4,1\n".utf8)
        #expect(try track(bytes).errors.contains("dropped 1 of 2 boxes"))
        let strict = try track(bytes, ["--strict"])
        #expect(strict.status == 65)
        #expect(strict.errors.contains("boxes.txt:2"))
    }

    /// Boxes beyond the last frame of the video are counted and said.
    @Test func beyondTheEnd() throws {
        let boxes = try folder.write("1,1,10,10,20,20,1,1,1\n5000,1,10,10,20,20,1,1,1\n", to: "gt.txt")
        let run = try CommandRun.vtrack(
            ["run", TestFiles.demoClip, "--boxes", boxes, "--model", "none", "--report", "r.json"], in: folder.url)
        #expect(run.status == 0)
        #expect(run.output.contains("1 boxes are on frames that the video does not have"))
        #expect(folder.text("r.json")?.contains("\"boxes_without_frame\" : 1") == true)
    }
}

import Geometry
import Testing

@testable import Formats

/// seqinfo.ini as MOTChallenge writes it, and as it should not be.
@Suite struct SequenceInfoTests {
    private static let full = SequenceInfo(
        name: "MOT17-05-FRCNN", imageDirectory: "img1", frameRate: 14, length: 837, width: 640, height: 480,
        imageExtension: ".jpg")
    private static let text = """
        [Sequence]
        name=MOT17-05-FRCNN
        imDir=img1
        frameRate=14
        seqLength=837
        imWidth=640
        imHeight=480
        imExt=.jpg

        """

    @Test(arguments: [
        // As it is in the data set.
        text,
        // Line ends of Windows, a byte order mark, no end of the last line.
        "\u{FEFF}" + text.split(separator: "\n").joined(separator: "\r\n"),
        // Blanks, colons, other cases, comments, unknown keys and sections.
        "; made by hand\n[other]\nframeRate=99\n[SEQUENCE]\n# note\n name : MOT17-05-FRCNN \nIMDIR = img1\nframerate = 14.0\n"
            + "seqlength= 837\nimwidth =640\nimheight: 480\nimext=.jpg\ncamera=static\n",
    ])
    func reads(_ text: String) throws {
        #expect(try SequenceInfo(bytes: Array(text.utf8)) == Self.full)
    }

    @Test func everyKeyMayBeMissing() throws {
        #expect(try SequenceInfo(bytes: []) == SequenceInfo())
        #expect(try SequenceInfo(bytes: Array("[Sequence]\nframeRate=29.97".utf8)).frameRate == 29.97)
    }

    @Test(arguments: [
        ("frameRate=0", "frameRate “0”"), ("frameRate=-25", "frameRate “-25”"), ("frameRate=nan", "frameRate “nan”"),
        ("frameRate=inf", "frameRate “inf”"), ("frameRate=1e999", "frameRate “1e999”"),
        ("frameRate=25 fps", "frameRate “25 fps”"),
        ("frameRate=", "frameRate “”"), ("seqLength=-1", "seqlength “-1”"), ("seqLength=1.5", "seqlength “1.5”"),
        ("seqLength=99999999999999999999", "seqlength"), ("imWidth=0", "imwidth “0”"), ("imHeight=1e300", "imheight"),
        ("imDir=/etc", "imDir “/etc”"), ("imDir=a/../../b", "imDir"), ("imExt=jpg", "imExt “jpg”"),
        ("imExt=./../x", "imExt"),
        ("name=a\nname=b", "a second “name”"), ("what is this", "“what is this”, expected `key=value`"),
    ])
    func refuses(_ line: String, _ message: String) throws {
        let error = #expect(throws: FormatError.self) {
            try SequenceInfo(bytes: Array(("[Sequence]\n" + line + "\n").utf8), name: "seqinfo.ini")
        }
        #expect(error?.category == .badData)
        #expect(
            error?.description.hasPrefix("seqinfo.ini:") == true && error?.description.contains(message) == true,
            "\(error as Any)")
    }

    @Test(arguments: [
        [0xFF, 0xFE, 0x5B, 0] as [UInt8], [0x5B, 0, 0x53, 0], [0x6E, 0x3D, 0xFF], [0x6E, 0x3D, 0x61, 0],
    ])
    func refusesWhatIsNotUTF8(_ bytes: [UInt8]) {
        let error = #expect(throws: FormatError.self) { try SequenceInfo(bytes: bytes) }
        #expect(error?.category == .badData)
    }

    @Test func isFoundBesideAndAboveTheBoxes() throws {
        let folder = try TemporaryFolder()
        let truth = folder.folder("gt")
        let boxes = truth + "/gt.txt"
        #expect(try SequenceInfo.beside(boxesPath: boxes) == nil)
        _ = try folder.file("seqinfo.ini", "[Sequence]\nname=above\n")
        #expect(try SequenceInfo.beside(boxesPath: boxes)?.name == "above")
        _ = try folder.file("gt/seqinfo.ini", "[Sequence]\nname=beside\n")
        #expect(try SequenceInfo.beside(boxesPath: boxes)?.name == "beside")
        // A file that is there and cannot be used is an error, not a missing one.
        _ = try folder.file("gt/seqinfo.ini", "[Sequence]\nframeRate=zero\n")
        #expect(throws: FormatError.self) { try SequenceInfo.beside(boxesPath: boxes) }
        #expect(throws: FormatError.notFound(path: folder.path + "/no.ini")) {
            try SequenceInfo(contentsOf: folder.path + "/no.ini")
        }
        let fifo = try folder.fifo("fifo.ini")
        #expect(throws: FormatError.self) { try SequenceInfo(contentsOf: fifo) }
    }
}

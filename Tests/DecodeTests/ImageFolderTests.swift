import Foundation
import Geometry
import Testing

@testable import Decode

/// Folders of numbered images and MOT sequences.
struct ImageFolderTests {
    /// Numbers in file names.
    @Test(
        arguments: [
            ("000001.jpg", 1), ("1.JPG", 1), ("0000000.png", 0), ("b1c66a42-6f7d68ca-0000012.jpg", 12),
            ("frame_7.jpeg", 7),
            ("VIDEO-0000001.jpg", 1),
            // No number, no image, hidden, or more digits than a number can have.
            ("cover.jpg", nil), ("000001.txt", nil), ("._000001.jpg", nil), (".jpg", nil), ("7", nil),
            ("12345678901234567890.jpg", nil),
        ] as [(String, Int?)])
    func numbers(name: String, number: Int?) {
        #expect(ImageFolder.number(of: name) == number)
    }

    /// seqinfo.ini as the challenge writes it and as people edit it.
    @Test(
        arguments: [
            ("[Sequence]\nname=MOT17-05\nimDir=img1\nframeRate=14\nseqLength=837\n", "MOT17-05", "img1", 14.0),
            // Carriage returns, a byte order mark, spaces, other case, comments, colons, another section.
            (
                "\u{FEFF}; made by hand\r\n[sequence]\r\nName = A B\r\nIMDIR : frames/left\r\nframerate = 29.97\r\n[x]\nname=c",
                "A B", "frames/left", 29.97
            ),
            // Nothing that matters.
            ("[Sequence]\nseqLength=x\n", nil, nil, nil), ("", nil, nil, nil), ("name=outside\n", nil, nil, nil),
        ] as [(String, String?, String?, Double?)])
    func sequenceFile(text: String, name: String?, folder: String?, rate: Double?) throws {
        let sequence = try SequenceFile(text: text, path: "seqinfo.ini")
        #expect(sequence.name == name)
        #expect(sequence.imageFolder == folder)
        #expect(sequence.frameRate == rate)
    }

    /// seqinfo.ini that must not be believed, with the line that is wrong.
    @Test(arguments: [
        ("[Sequence]\nframeRate=0\n", 2), ("[Sequence]\nframeRate=nan\n", 2), ("[Sequence]\nframeRate=1e400\n", 2),
        ("[Sequence]\nframeRate=thirty\n", 2), ("[Sequence]\n\nimDir=/etc\n", 3), ("[Sequence]\nimDir=../other\n", 2),
        ("[Sequence]\nimDir=\n", 2),
    ])
    func badSequenceFile(text: String, line: Int) {
        let error = #expect(throws: DecodeError.self) { try SequenceFile(text: text, path: "seqinfo.ini") }
        guard case .sequenceInfo("seqinfo.ini", line, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// Sizes in the headers of made-up files.
    @Test(
        arguments: [
            (
                [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 1, 2, 0, 0, 3, 4],
                258, 772
            ),
            (
                [
                    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 73, 72, 68, 82, 255, 255, 255, 255,
                    255, 255, 255, 255,
                ], 4_294_967_295, 4_294_967_295
            ),
            // A comment before the start of frame, with fill bytes.
            ([0xFF, 0xD8, 0xFF, 0xFE, 0, 4, 1, 2, 0xFF, 0xFF, 0xC0, 0, 11, 8, 1, 2, 3, 4, 1, 0, 0, 0], 772, 258),
            // Cut off, and with a segment that reaches beyond the end.
            ([0xFF, 0xD8, 0xFF, 0xC0], 0, 0), ([0xFF, 0xD8, 0xFF, 0xE0, 255, 255, 0, 0, 0, 0, 0, 0, 0], 0, 0),
            // Segments of length 0 do not hold the walk up.
            ([0xFF, 0xD8] + [UInt8](repeating: 0, count: 300), 0, 0),
        ] as [([UInt8], Int, Int)])
    func pictureHeaders(bytes: [UInt8], width: Int, height: Int) throws {
        let header = unsafe bytes.withUnsafeBytes { unsafe PictureHeader($0) }
        #expect(header?.width == width)
        #expect(header?.height == height)
    }

    /// Everything else has no header.
    @Test(arguments: [[], [0xFF], [0xFF, 0xD8], Array("GIF89a".utf8)] as [[UInt8]])
    func noPictureHeader(bytes: [UInt8]) {
        let header = unsafe bytes.withUnsafeBytes { unsafe PictureHeader($0) }
        #expect(header == nil)
    }

    @Suite(.enabled(if: MediaTools.areInstalled, "needs the ffmpeg and ffprobe commands"))
    struct WithImages {
        /// A MOT sequence, its image folder alone, and the same without seqinfo.ini.
        @Test func sequence() throws {
            let folder = try Folder()
            try FileManager.default.createDirectory(atPath: folder.file("img1"), withIntermediateDirectories: true)
            try MediaTools.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 img1/%06d.jpg", in: folder)
            var reader = try VideoReader(source: .path(folder.path))
            #expect(reader.info.frameRate == 30)
            #expect(reader.info.notices.count == 1)
            try folder.write("seqinfo.ini", Data("[Sequence]\nname=S\nimDir=img1\nframeRate=12.5\nseqLength=9\n".utf8))
            for path in [folder.path, folder.file("img1"), folder.path + "/"] {
                reader = try VideoReader(source: .path(path))
                #expect(reader.info.frameRate == 12.5)
                #expect(reader.info.sequenceName == "S")
                #expect(reader.info.isImageFolder)
                #expect(reader.info.notices.isEmpty)
                #expect(reader.info.frameCountEstimate == 5)
                #expect((reader.info.width, reader.info.height) == (64, 48))
                #expect(try timesAndNumbers(reader).numbers == [1, 2, 3, 4, 5])
            }
            var options = DecodeOptions()
            options.frameRate = 5
            #expect(try VideoReader(source: .path(folder.path), options: options).info.frameRate == 5)
        }

        /// Names from 0 with a hole, pictures of two kinds and sizes, a damaged one, and files that are none.
        @Test func mixedFolder() throws {
            let folder = try Folder()
            try MediaTools.ffmpeg(
                "-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -start_number 0 b1c-%07d.jpg -s 32x32 -start_number 10 p%d.png",
                in: folder)
            try FileManager.default.removeItem(atPath: folder.file("b1c-0000002.jpg"))
            try folder.write("b1c-0000003.jpg", Data("no picture".utf8))
            let cut = try folder.read("p12.png")
            try folder.write("p12.png", cut.prefix(60))
            try folder.write("notes.txt", Data("x".utf8))
            let reader = try VideoReader(source: .path(folder.path))
            #expect(reader.info.notices.count == 2)
            var frames: [(Int, Int)] = []
            while let frame = try reader.next() { frames.append((frame.number.rawValue, frame.width)) }
            #expect(frames.map(\.0) == [1, 2, 5, 11, 12, 14, 15])
            #expect(frames.map(\.1) == [64, 64, 64, 32, 32, 32, 32])
            #expect(reader.statistics.decodeErrors == 2)
            #expect(reader.statistics.sizeChanges == 1)
            #expect(reader.statistics.lostFrames == 8)
            #expect(reader.statistics.notices.count == 1)
        }

        /// Two videos in one folder.
        @Test func duplicates() throws {
            let folder = try Folder()
            for name in ["a-1.png", "b-1.png", "b-2.png"] { try folder.write(name, Data([0])) }
            let error = #expect(throws: DecodeError.self) { try VideoReader(source: .path(folder.path)) }
            #expect(error == .duplicateImage(path: folder.path, number: 1, first: "a-1.png", second: "b-1.png"))
        }

        /// No image can be decoded, or only one that is too large.
        @Test func useless() throws {
            let folder = try Folder()
            try folder.write("1.png", Data([0]))
            try folder.write("2.png", Data())
            let error = #expect(throws: DecodeError.self) { try VideoReader(source: .path(folder.path)) }
            #expect(error?.category == .badData)
            guard case .noFrames(folder.path, 2, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            try MediaTools.ffmpeg("-f lavfi -i color=s=9000x9000:d=1:r=1 -frames:v 1 -pix_fmt gray 1.png", in: folder)
            let large = #expect(throws: DecodeError.self) { try VideoReader(source: .path(folder.path)) }
            #expect(
                large == .tooManyPixels(source: folder.file("1.png"), width: 9000, height: 9000, limit: 64_000_000))
        }

        /// A lossless RGB clip and the folder of its frames give the same pictures at every size.
        @Test func losslessClipEqualsFolder() throws {
            let folder = try Folder()
            try MediaTools.ffmpeg(
                "-f lavfi -i testsrc2=s=322x242:r=25:d=0.12 -pix_fmt bgr0 -c:v ffv1 clip.mkv", in: folder)
            try FileManager.default.createDirectory(atPath: folder.file("png"), withIntermediateDirectories: true)
            try MediaTools.ffmpeg("-i clip.mkv png/%06d.png", in: folder)
            var options = DecodeOptions()
            let clip = try VideoReader(source: .path(folder.file("clip.mkv")), options: options)
            options.frameRate = 25
            let images = try VideoReader(source: .path(folder.file("png")), options: options)
            let scaler = FrameScaler()
            var (left, right) = (RGBImage(), RGBImage())
            var count = 0
            while let a = try clip.next(), let b = try images.next() {
                #expect(a.number == b.number)
                #expect(abs(a.seconds - b.seconds) < 1e-9)
                for (width, height) in [(322, 242), (224, 224), (448, 672)] {
                    try scaler.scale(a, width: width, height: height, into: &left)
                    try scaler.scale(b, width: width, height: height, into: &right)
                    #expect(difference(left.pixels, right.pixels).largest == 0)
                }
                let region = PixelRegion(x: 31, y: 17, width: 101, height: 77)
                try scaler.crop(a, region: region, into: &left)
                try scaler.crop(b, region: region, into: &right)
                #expect(difference(left.pixels, right.pixels).largest == 0)
                count += 1
            }
            #expect(count == 3)
        }
    }
}

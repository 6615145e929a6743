import Decode
import Foundation
import Geometry
import Testing

/// Annotated video: what is written can be read back.
struct VideoWriterTests {
    /// A picture with a red, a green and a blue third, and a brightness.
    static func picture(_ width: Int, _ height: Int, _ value: UInt8) -> RGBImage {
        var image = RGBImage(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width { image.pixels[(y * width + x) * 3 + min(3 * x / width, 2)] = value }
        }
        return image
    }

    @Test(arguments: [
        (64, 48, 25.0),
        // Odd sizes are padded; a rate that is no decimal fraction.
        (65, 49, 30000.0 / 1001),
        // Tiny, and slow.
        (2, 2, 0.5), (1, 1, 1),
    ])
    func roundTrip(width: Int, height: Int, rate: Double) throws {
        let folder = try Folder()
        // The name does not matter.
        let path = folder.file("annotated.tmp")
        let writer = try VideoWriter(path: path, width: width, height: height, frameRate: rate)
        // Numbers from the middle, with a hole.
        let numbers = [7, 8, 9, 12, 13]
        for (index, number) in numbers.enumerated() {
            try writer.write(
                VideoWriterTests.picture(width, height, UInt8(100 + 20 * index)), number: FrameIndex(number))
        }
        try writer.finish()
        try writer.finish()
        #expect(["libx264", "libopenh264", "mpeg4"].contains(writer.codecName))

        let reader = try VideoReader(source: .path(path))
        #expect(reader.info.container.hasPrefix("mov"))
        #expect((reader.info.width, reader.info.height) == (width + width % 2, height + height % 2))
        var seconds: [Double] = []
        let scaler = FrameScaler()
        var image = RGBImage()
        while let frame = try reader.next() {
            let value = Double(100 + 20 * seconds.count)
            seconds.append(frame.seconds)
            guard width > 8 else { continue }
            try scaler.scale(frame, width: frame.width, height: frame.height, into: &image)
            let green = image.pixels[(frame.height / 2 * frame.width + frame.width / 2) * 3 + 1]
            #expect(abs(Double(green) - value) < 12)
        }
        #expect(seconds.count == 5)
        for (second, number) in zip(seconds, numbers) { #expect(abs(second - Double(number - 7) / rate) < 1e-3) }

        // The index comes first, so that the file can be piped.
        let bytes = try folder.read("annotated.tmp")
        let index = try #require(bytes.firstRange(of: Data("moov".utf8)))
        let media = try #require(bytes.firstRange(of: Data("mdat".utf8)))
        #expect(index.lowerBound < media.lowerBound)
    }

    /// A picture of another size is scaled to the video's.
    @Test func otherSize() throws {
        let folder = try Folder()
        let writer = try VideoWriter(path: folder.file("a.mp4"), width: 64, height: 48, frameRate: 25)
        try writer.write(VideoWriterTests.picture(64, 48, 200), number: FrameIndex(1))
        try writer.write(VideoWriterTests.picture(33, 90, 200), number: FrameIndex(2))
        try writer.finish()
        let reader = try VideoReader(source: .path(folder.file("a.mp4")))
        while let frame = try reader.next() { #expect((frame.width, frame.height) == (64, 48)) }
        #expect(reader.statistics.frames == 2)
    }

    /// What cannot be: a folder that is not there, a folder in the place of the file, no size, no rate, numbers that fall.
    @Test func refusals() throws {
        let folder = try Folder()
        func failure(_ path: String, _ width: Int, _ rate: Double) -> DecodeError? {
            do {
                _ = try VideoWriter(path: path, width: width, height: 48, frameRate: rate)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure(folder.file("none/a.mp4"), 64, 25)?.category == .cannotCreate)
        #expect(failure(folder.path, 64, 25)?.category == .cannotCreate)
        for width in [0, -2, Int.min, 40_000, Int.max] { #expect(failure(folder.file("a"), width, 25) != nil) }
        for rate in [0, -1, .nan, .infinity] { #expect(failure(folder.file("a"), 64, rate)?.category == .usage) }
        let writer = try VideoWriter(path: folder.file("a.mp4"), width: 64, height: 48, frameRate: 25)
        try writer.write(RGBImage(width: 64, height: 48), number: FrameIndex(5))
        for number in [5, 4, Int.min] {
            #expect(throws: DecodeError.frameOutOfOrder(path: folder.file("a.mp4"), number: number, previous: 5)) {
                try writer.write(RGBImage(width: 64, height: 48), number: FrameIndex(number))
            }
        }
    }

    /// A full disk is an I/O error, at the latest when the file is finished.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full")) func fullDisk() {
        let error = #expect(throws: DecodeError.self) {
            let writer = try VideoWriter(path: "/dev/full", width: 64, height: 48, frameRate: 25)
            for number in 1...30 {
                try writer.write(VideoWriterTests.picture(64, 48, UInt8(number)), number: FrameIndex(number))
            }
            try writer.finish()
        }
        #expect(error?.category == .inputOutput || error?.category == .cannotCreate)
    }
}

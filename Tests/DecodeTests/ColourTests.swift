import Decode
import Foundation
import Geometry
import Testing

/// Colours against the definitions of BT.601, BT.709 and BT.2020 in floating point, and sizes that change.
@Suite(.enabled(if: MediaTools.areInstalled, "needs the ffmpeg and ffprobe commands"))
struct ColourTests {
    /// What a tagged clip's samples mean: the luma coefficients of red and blue, and the range.
    @Test(arguments: [
        // Unspecified: BT.601, limited.
        ("", 0.299, 0.114, false),
        ("-colorspace smpte170m -color_range tv", 0.299, 0.114, false),
        ("-colorspace bt470bg -color_range pc", 0.299, 0.114, true),
        ("-colorspace bt709 -color_range tv", 0.2126, 0.0722, false),
        ("-colorspace bt709 -color_range pc", 0.2126, 0.0722, true),
        ("-colorspace bt2020nc -color_range tv", 0.2627, 0.0593, false),
    ])
    func matrices(tags: String, red: Double, blue: Double, isFull: Bool) throws {
        let folder = try Folder()
        // Every mixture of luma and chroma on a grid, without compression.
        let width = 64
        let height = 64
        var planes = [[UInt8]](repeating: [], count: 3)
        for y in 0..<height {
            for x in 0..<width {
                planes[0].append(UInt8(16 + (x % 8) * 27))
                planes[1].append(UInt8(60 + (x / 8) * 17))
                planes[2].append(UInt8(60 + (y / 8) * 17))
            }
        }
        try folder.write("raw.yuv", Data(planes.flatMap { $0 }))
        try MediaTools.ffmpeg(
            "-f rawvideo -pix_fmt yuv444p -s 64x64 -i raw.yuv -c:v libx264 -qp 0 -preset ultrafast \(tags) a.mp4",
            in: folder)
        let frame = try #require(try VideoReader(source: .path(folder.file("a.mp4"))).next())
        var image = RGBImage()
        try FrameScaler().scale(frame, width: width, height: height, into: &image)
        var largest = 0.0
        for index in 0..<width * height {
            let luma = isFull ? Double(planes[0][index]) / 255 : (Double(planes[0][index]) - 16) / 219
            let scale = isFull ? 255.0 : 224.0
            let cb = (Double(planes[1][index]) - 128) / scale
            let cr = (Double(planes[2][index]) - 128) / scale
            let r = luma + 2 * (1 - red) * cr
            let b = luma + 2 * (1 - blue) * cb
            let g = (luma - red * r - blue * b) / (1 - red - blue)
            for (channel, value) in [r, g, b].enumerated() {
                let expected = min(max(value * 255, 0), 255)
                largest = max(largest, abs(expected - Double(image.pixels[index * 3 + channel])))
            }
        }
        #expect(largest < 2.5)
    }

    /// Two transport streams of different sizes, one after the other: all frames, each scaled by its own size.
    @Test func sizeChange() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg(
            "-f lavfi -i testsrc2=s=320x240:r=25:d=4 -c:v libx264 -preset ultrafast a.ts", in: folder)
        try MediaTools.ffmpeg(
            "-f lavfi -i testsrc2=s=160x200:r=25:d=2 -c:v libx264 -preset ultrafast b.ts", in: folder)
        try folder.write("both.ts", try folder.read("a.ts") + folder.read("b.ts"))
        let both = try VideoReader(source: .path(folder.file("both.ts")))
        let parts = try ["a.ts", "b.ts"].map { try VideoReader(source: .path(folder.file($0))) }
        let scaler = FrameScaler()
        var (left, right) = (RGBImage(), RGBImage())
        var numbers: [Int] = []
        for part in parts {
            while let expected = try part.next() {
                let frame = try #require(try both.next())
                #expect((frame.width, frame.height) == (expected.width, expected.height))
                try scaler.scale(frame, width: 56, height: 56, into: &left)
                try scaler.scale(expected, width: 56, height: 56, into: &right)
                #expect(difference(left.pixels, right.pixels).largest == 0)
                numbers.append(frame.number.rawValue)
            }
        }
        #expect(try both.next() == nil)
        #expect(numbers == Array(1...150))
        #expect(both.statistics.sizeChanges == 1)
        #expect(both.statistics.notices.contains { $0.contains("160×200") })
    }

    /// A frame outlives the reader that made it.
    @Test func frameOutlivesReader() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.4 -c:v libx264 a.mkv", in: folder)
        var reader: VideoReader? = try VideoReader(source: .path(folder.file("a.mkv")))
        var frames: [VideoFrame] = []
        while let frame = try reader?.next() { frames.append(frame) }
        reader = nil
        #expect(frames.count == 10)
        var image = RGBImage()
        for frame in frames { try FrameScaler().scale(frame, width: 32, height: 32, into: &image) }
    }
}

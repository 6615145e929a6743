import Decode
import Foundation
import Geometry
import Testing

/// Scaled pixels against ffmpeg's own scale filter with the same flags and, as here, planar output.
@Suite(.enabled(if: MediaTools.areInstalled, "needs the ffmpeg and ffprobe commands"))
struct ScalingTests {
    static let flags = "flags=bilinear+accurate_rnd+full_chroma_int+full_chroma_inp"

    /// Formats of all kinds: planar, packed, with alpha, with a palette, 1 to 16 bits, odd sizes.
    static let formats = [
        "yuv420p", "yuv422p", "yuv444p", "yuv410p", "yuv440p", "nv12", "yuv420p10le", "yuv444p12le", "yuva420p",
        "gray", "gray16le", "ya8", "rgb24", "bgr0", "rgba", "gbrp", "gbrp10le", "rgb48be", "rgb565le", "pal8", "monow",
        "yuyv422", "uyvy422", "bgr8",
    ]

    @Test func pixelFormats() throws {
        let folder = try Folder()
        let outputs = ScalingTests.formats.map { "-c:v rawvideo -pix_fmt \($0) \($0).nut" }.joined(separator: " ")
        try MediaTools.ffmpeg("-f lavfi -i testsrc=s=321x241:r=25:d=0.04 \(outputs)", in: folder)
        // Smaller, larger, and as it is.
        for (width, height) in [(224, 168), (448, 336), (321, 241)] {
            let inputs = ScalingTests.formats.map { "-i \($0).nut" }.joined(separator: " ")
            let scaled = ScalingTests.formats.indices.map {
                "-map \($0) -vf scale=\(width):\(height):\(ScalingTests.flags),format=gbrp -pix_fmt rgb24 -f rawvideo "
                    + "\(ScalingTests.formats[$0]).rgb"
            }.joined(separator: " ")
            try MediaTools.ffmpeg("\(inputs) \(scaled)", in: folder)
            let scaler = FrameScaler()
            var image = RGBImage()
            for format in ScalingTests.formats {
                let expected = [UInt8](try folder.read("\(format).rgb"))
                let reader = try VideoReader(source: .path(folder.file("\(format).nut")))
                #expect(reader.info.pixelFormat == format)
                #expect((reader.info.width, reader.info.height) == (321, 241))
                var position = 0
                while let frame = try reader.next() {
                    try scaler.scale(frame, width: width, height: height, into: &image)
                    let count = image.pixels.count
                    let (largest, mean) = difference(image.pixels, Array(expected[position..<position + count]))
                    #expect(largest == 0, "\(format) \(width)×\(height): mean \(mean)")
                    position += count
                }
                #expect(position == expected.count && position > 0)
            }
        }
    }

    /// Packed output, which is four times slower, gives the same picture where a frame shrinks.
    @Test func packedOutput() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg(
            "-f lavfi -i testsrc=s=354x290:r=25:d=0.04 -c:v rawvideo -pix_fmt yuv420p a.nut", in: folder)
        let expected = try MediaTools.run(
            "ffmpeg",
            [
                "-v", "error", "-i", folder.file("a.nut"), "-vf", "scale=224:224:\(ScalingTests.flags)", "-f",
                "rawvideo",
                "-pix_fmt", "rgb24", "-",
            ])
        let frame = try #require(try VideoReader(source: .path(folder.file("a.nut"))).next())
        var image = RGBImage()
        try FrameScaler().scale(frame, width: 224, height: 224, into: &image)
        #expect(difference(image.pixels, [UInt8](expected)).largest == 0)
    }
}

/// Largest and mean absolute difference of two lists of samples.
func difference(_ left: [UInt8], _ right: [UInt8]) -> (largest: Int, mean: Double) {
    guard left.count == right.count, !left.isEmpty else { return (256, 256) }
    if left == right { return (0, 0) }
    var largest = 0
    var sum = 0
    for (a, b) in zip(left, right) {
        let distance = abs(Int(a) - Int(b))
        largest = max(largest, distance)
        sum += distance
    }
    return (largest, Double(sum) / Double(left.count))
}

import Foundation
import Geometry
import Testing

@testable import Decode

/// Turned and mirrored pictures, in small and against ffmpeg's own rotation.
struct OrientationTests {
    /// Display matrices (a, b, c, d) and what they mean, after libavutil/display.h.
    @Test(
        arguments: [
            ([1, 0, 0, 1], 0, false), ([0, 1, -1, 0], 90, false), ([-1, 0, 0, -1], 180, false),
            ([0, -1, 1, 0], 270, false),
            // Mirrored left to right, upside down, and along both diagonals.
            ([-1, 0, 0, 1], 0, true), ([1, 0, 0, -1], 180, true), ([0, 1, 1, 0], 270, true),
            ([0, -1, -1, 0], 90, true),
            // Nothing at all, and a turn by a few degrees.
            ([0, 0, 0, 0], 0, false), ([64, 5, -5, 64], 0, false), ([5, 64, -64, 5], 90, false),
        ] as [([Int32], Int, Bool)])
    func matrices(linear: [Int32], degrees: Int, isMirrored: Bool) throws {
        let matrix = [linear[0] << 10, linear[1] << 10, 0, linear[2] << 10, linear[3] << 10, 0, 0, 0, 1 << 30]
        let orientation = Orientation(matrix: matrix)
        #expect(orientation.degrees == degrees)
        #expect(orientation.isMirrored == isMirrored)
        // The matrix applied to the centre of each pixel of a 3×2 picture, moved back into view.
        let picture = RGBImage(width: 3, height: 2, pixels: (0..<18).map { UInt8($0) })
        let (width, height) = orientation.displayedSize(width: 3, height: 2)
        var image = RGBImage(width: width, height: height)
        let scaler = FrameScaler()
        try scaler.convert(picture, colour: .bt601, width: 3, height: 2)
        scaler.planes.interleave(
            PixelRegion(x: 0, y: 0, width: 3, height: 2), turned: orientation, into: &image, atX: 0, y: 0)
        guard linear.contains(where: { abs($0) == 1 }) else { return }
        for row in 0..<2 {
            for column in 0..<3 {
                let (p, q) = (2 * column - 2, 2 * row - 1)
                let i = (Int(linear[0]) * p + Int(linear[2]) * q + width - 1) / 2
                let j = (Int(linear[1]) * p + Int(linear[3]) * q + height - 1) / 2
                #expect(image.pixels[(j * width + i) * 3] == picture.pixels[(row * 3 + column) * 3])
                let back = orientation.decodedRegion(
                    x: i, y: j, width: 1, height: 1, displayedWidth: width, displayedHeight: height)
                #expect(back == (column, row, 1, 1))
            }
        }
    }

    /// Hostile matrices: no overflow.
    @Test(arguments: [
        [Int32](repeating: .min, count: 9), [Int32](repeating: .max, count: 9), [], [1],
        [0, .min, 0, .max, 0, 0, 0, 0, 0],
    ])
    func extremes(matrix: [Int32]) {
        #expect([0, 90, 180, 270].contains(Orientation(matrix: matrix).degrees))
    }

    /// The bitstream says its orientation at the key frame; the frames after it keep it.
    @Test(.enabled(if: MediaTools.areInstalled, "needs the ffmpeg and ffprobe commands"))
    func orientationStays() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i testsrc=s=64x48:r=25:d=0.4 -c:v libx264 plain.mkv", in: folder)
        try MediaTools.ffmpeg(
            "-i plain.mkv -c copy -bsf:v h264_metadata=display_orientation=insert:rotate=90 turned.mkv", in: folder)
        let reader = try VideoReader(source: .path(folder.file("turned.mkv")))
        while let frame = try reader.next() { #expect((frame.width, frame.height) == (48, 64)) }
        #expect(reader.statistics.frames == 10)
        #expect(reader.statistics.sizeChanges == 0)
    }

    /// Clips with rotation metadata against ffmpeg, which turns the whole frame before it converts.
    @Test(
        .enabled(if: MediaTools.areInstalled, "needs the ffmpeg and ffprobe commands"),
        arguments: [
            // In the container.
            ("-c:v png", "-metadata:s:v rotate=90", "r.mov", 270, false),
            ("-c:v png", "-metadata:s:v rotate=180", "r.mov", 180, false),
            ("-c:v png", "-metadata:s:v rotate=270", "r.mov", 90, false),
            // In the bitstream.
            (
                "-c:v libx264 -pix_fmt yuv444p -qp 0", "-bsf:v h264_metadata=display_orientation=insert:rotate=90",
                "r.mkv", 270, false
            ),
            (
                "-c:v libx264 -pix_fmt yuv444p -qp 0",
                "-bsf:v h264_metadata=display_orientation=insert:flip=horizontal", "r.mkv", 0, true
            ),
            (
                "-c:v libx264 -pix_fmt yuv444p -qp 0", "-bsf:v h264_metadata=display_orientation=insert:flip=vertical",
                "r.mkv", 180, true
            ),
            (
                "-c:v libx264 -pix_fmt yuv444p -qp 0",
                "-bsf:v h264_metadata=display_orientation=insert:flip=horizontal:rotate=90", "r.mkv", 270,
                true
            ),
        ])
    func clips(codec: String, change: String, name: String, degrees: Int, isMirrored: Bool) throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i testsrc=s=66x41:r=25:d=0.12 \(codec) plain.\(name)", in: folder)
        try MediaTools.ffmpeg("-i plain.\(name) -c copy \(change) \(name)", in: folder)
        let reader = try VideoReader(source: .path(folder.file(name)))
        #expect(reader.info.rotationDegrees == degrees)
        #expect(reader.info.isMirrored == isMirrored)
        let (width, height) = degrees % 180 == 0 ? (66, 41) : (41, 66)
        #expect((reader.info.width, reader.info.height) == (width, height))
        #expect((reader.info.codedWidth, reader.info.codedHeight) == (66, 41))
        let expected = [UInt8](
            try MediaTools.rgb(folder.file(name), filter: "scale=\(ScalingTests.flags)"))
        let scaler = FrameScaler()
        var image = RGBImage()
        var piece = RGBImage()
        // The first frame only: ffmpeg forgets an orientation that the frames after it do not repeat.
        let frame = try #require(try reader.next())
        try scaler.scale(frame, width: width, height: height, into: &image)
        #expect(difference(image.pixels, Array(expected.prefix(width * height * 3))).largest == 0)
        // A crop is the same rectangle of the displayed picture.
        let region = PixelRegion(x: 5, y: 9, width: 23, height: 17)
        try scaler.crop(frame, region: region, into: &piece)
        #expect(difference(piece.pixels, image.cut(region).pixels).largest == 0)
    }
}

extension RGBImage {
    /// A rectangle of the picture, the slow and obvious way.
    func cut(_ region: PixelRegion) -> RGBImage {
        var result = RGBImage(width: region.width, height: region.height)
        for row in 0..<region.height {
            for column in 0..<region.width {
                for channel in 0..<3 {
                    result.pixels[(row * region.width + column) * 3 + channel] =
                        pixels[((region.y + row) * width + region.x + column) * 3 + channel]
                }
            }
        }
        return result
    }
}

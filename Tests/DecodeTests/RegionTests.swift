import Foundation
import Geometry
import Testing

@testable import Decode

/// Regions cut out of frames: crops at original size, and tiles scaled on their own.
@Suite(.enabled(if: MediaTools.areInstalled, "needs the ffmpeg and ffprobe commands"))
struct RegionTests {
    static let formats = [
        "yuv420p", "yuv422p", "yuv444p", "yuv410p", "nv12", "yuv420p10le", "gray", "rgb24", "gbrp", "pal8", "monow",
        "yuyv422", "yuva420p",
    ]

    /// A crop equals the same rectangle of the whole frame's conversion.
    @Test func crops() throws {
        let folder = try Folder()
        let outputs = RegionTests.formats.map { "-c:v rawvideo -pix_fmt \($0) \($0).nut" }.joined(separator: " ")
        try MediaTools.ffmpeg("-f lavfi -i testsrc=s=352x288:r=25:d=0.04 \(outputs)", in: folder)
        let scaler = FrameScaler()
        var whole = RGBImage()
        var piece = RGBImage()
        var generator = SplitMix64(seed: 1)
        for format in RegionTests.formats {
            let reader = try VideoReader(source: .path(folder.file("\(format).nut")))
            let frame = try #require(try reader.next())
            try scaler.scale(frame, width: 352, height: 288, into: &whole)
            var regions = [
                PixelRegion(x: 0, y: 0, width: 352, height: 288), PixelRegion(x: 351, y: 287, width: 1, height: 1),
                PixelRegion(x: 0, y: 0, width: 1, height: 1),
            ]
            for _ in 0..<12 {
                let x = Int.random(in: 0..<352, using: &generator)
                let y = Int.random(in: 0..<288, using: &generator)
                regions.append(
                    PixelRegion(
                        x: x, y: y, width: Int.random(in: 1...352 - x, using: &generator),
                        height: Int.random(in: 1...288 - y, using: &generator)))
            }
            for region in regions {
                try scaler.crop(frame, region: region, into: &piece)
                #expect((piece.width, piece.height) == (region.width, region.height))
                #expect(difference(piece.pixels, whole.cut(region).pixels).largest == 0, "\(format) \(region)")
            }
        }
    }

    /// Odd sizes: swscale places the chroma of a whole odd picture a fraction of a pixel off, hence the tolerance.
    @Test func oddCrops() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg(
            "-f lavfi -i testsrc=s=321x241:r=25:d=0.04 -c:v rawvideo -pix_fmt yuv420p a.nut -c:v rawvideo -pix_fmt bgr0 b.nut",
            in: folder)
        let scaler = FrameScaler()
        var whole = RGBImage()
        var piece = RGBImage()
        for (name, tolerance) in [("a.nut", 3.0), ("b.nut", 0)] {
            let frame = try #require(try VideoReader(source: .path(folder.file(name))).next())
            try scaler.scale(frame, width: 321, height: 241, into: &whole)
            for region in [
                PixelRegion(x: 250, y: 200, width: 71, height: 41), PixelRegion(x: 3, y: 5, width: 40, height: 30),
            ] {
                try scaler.crop(frame, region: region, into: &piece)
                #expect(difference(piece.pixels, whole.cut(region).pixels).mean <= tolerance)
            }
        }
    }

    /// Tiles against ffmpeg: crop, continue the border, scale.
    @Test(arguments: ["yuv420p", "yuv444p", "gbrp", "yuv422p", "gray"])
    func tiles(format: String) throws {
        let folder = try Folder()
        try MediaTools.ffmpeg(
            "-f lavfi -i testsrc=s=426x418:r=25:d=0.04 -c:v rawvideo -pix_fmt \(format) a.nut", in: folder)
        let path = folder.file("a.nut")
        let frame = try #require(try VideoReader(source: .path(path)).next())
        let scaler = FrameScaler()
        let untouched = UInt8(77)
        for (column, row) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let region = PixelRegion(x: column * 256, y: row * 256, width: 256, height: 256)
            let (insideWidth, insideHeight) = (min(256, 426 - region.x), min(256, 418 - region.y))
            let border =
                "crop=\(insideWidth):\(insideHeight):\(region.x):\(region.y),pad=256:256:0:0,"
                + "fillborders=right=\(256 - insideWidth):bottom=\(256 - insideHeight):mode=smear,"
            let expected = try MediaTools.rgb(path, filter: border + "scale=224:224:\(ScalingTests.flags)")
            var image = RGBImage(
                width: 460, height: 455, pixels: [UInt8](repeating: untouched, count: 460 * 455 * 3))
            try scaler.scale(
                frame, region: region, toWidth: 224, height: 224, into: &image, atX: 5 + 224 * column, y: 3 + 224 * row)
            let tile = image.cut(PixelRegion(x: 5 + 224 * column, y: 3 + 224 * row, width: 224, height: 224))
            #expect(difference(tile.pixels, [UInt8](expected)).largest == 0, "\(format) \(column) \(row)")
            // Nothing else has been written.
            var outside = 0
            for y in 0..<455 {
                for x in 0..<460
                where !(5 + 224 * column..<5 + 224 * (column + 1)).contains(x)
                    || !(3 + 224 * row..<3 + 224 * (row + 1)).contains(y)
                {
                    for channel in 0..<3 where image.pixels[(y * 460 + x) * 3 + channel] != untouched { outside += 1 }
                }
            }
            #expect(outside == 0)
        }
    }

    /// The long way through RGB agrees with the short one: formats that cannot be cut in place, and odd positions.
    @Test func longWay() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg(
            "-f lavfi -i testsrc2=s=354x290:r=25:d=0.04 -c:v rawvideo -pix_fmt yuv422p a.nut -c:v rawvideo -pix_fmt yuyv422 b.nut -c:v rawvideo -pix_fmt rgb24 c.nut -c:v rawvideo -pix_fmt pal8 d.nut",
            in: folder)
        let scaler = FrameScaler()
        func tile(_ name: String, _ region: PixelRegion) throws -> RGBImage {
            let frame = try #require(try VideoReader(source: .path(folder.file(name))).next())
            var image = RGBImage(width: 224, height: 224)
            try scaler.scale(frame, region: region, toWidth: 224, height: 224, into: &image, atX: 0, y: 0)
            return image
        }
        // Packed and planar samples of the same picture, at the corner where both borders are continued.
        let corner = PixelRegion(x: 256, y: 256, width: 256, height: 256)
        #expect(difference(try tile("a.nut", corner).pixels, try tile("b.nut", corner).pixels).mean < 1)
        // An odd position in subsampled chroma against the full-colour picture.
        let odd = PixelRegion(x: 33, y: 21, width: 200, height: 200)
        #expect(difference(try tile("a.nut", odd).pixels, try tile("c.nut", odd).pixels).mean < 3)
        _ = try tile("d.nut", corner)
        _ = try tile("d.nut", odd)
    }

    /// A turned frame's tiles are the tiles of the turned frame.
    @Test(arguments: [90, 180, 270]) func turnedTiles(degrees: Int) throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i testsrc=s=354x290:r=25:d=0.04 -c:v png plain.mov", in: folder)
        try MediaTools.ffmpeg("-i plain.mov -c copy -metadata:s:v rotate=\(degrees) turned.mov", in: folder)
        // ffmpeg turns it here, so that the clip says nothing about rotation any more.
        try MediaTools.ffmpeg("-i turned.mov -c:v png upright.mov", in: folder)
        let turned = try #require(try VideoReader(source: .path(folder.file("turned.mov"))).next())
        let upright = try #require(try VideoReader(source: .path(folder.file("upright.mov"))).next())
        #expect((turned.width, turned.height) == (upright.width, upright.height))
        let scaler = FrameScaler()
        for (x, y) in [(0, 0), (256, 0), (0, 256), (256, 256)] {
            guard x < turned.width, y < turned.height else { continue }
            let region = PixelRegion(x: x, y: y, width: 256, height: 256)
            var (left, right) = (RGBImage(width: 224, height: 224), RGBImage(width: 224, height: 224))
            try scaler.scale(turned, region: region, toWidth: 224, height: 224, into: &left, atX: 0, y: 0)
            try scaler.scale(upright, region: region, toWidth: 224, height: 224, into: &right, atX: 0, y: 0)
            // Sampling positions are rounded from the other side.
            #expect(difference(left.pixels, right.pixels).mean < 0.5)
        }
    }

    /// Regions and targets that do not fit are refused, however large their numbers are.
    @Test func refusals() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.04 -c:v ffv1 a.mkv", in: folder)
        let frame = try #require(try VideoReader(source: .path(folder.file("a.mkv"))).next())
        let scaler = FrameScaler()
        var image = RGBImage(width: 10, height: 10)
        let extremes = [Int.min, -1, 0, 1, 63, 64, 65, 1 << 40, Int.max]
        for x in extremes {
            for width in extremes {
                let region = PixelRegion(x: x, y: 0, width: width, height: 8)
                let fits = x >= 0 && width >= 1 && x <= 64 && width <= 64 && x + width <= 64
                #expect(
                    isRefused(DecodeError.regionOutside(region: region, width: 64, height: 48), unless: fits) {
                        () throws(DecodeError) in try scaler.crop(frame, region: region, into: &image)
                    })
            }
        }
        for side in [Int.min, -1, 0, 32_768, Int.max] {
            #expect(
                isRefused(DecodeError.invalidTarget(width: side, height: 8), unless: false) {
                    () throws(DecodeError) in try scaler.scale(frame, width: side, height: 8, into: &image)
                })
        }
        image = RGBImage(width: 10, height: 10)
        let region = PixelRegion(x: 0, y: 0, width: 256, height: 256)
        for x in [Int.min, -1, 3, 10, Int.max] {
            #expect(
                isRefused(
                    DecodeError.targetOutside(x: x, y: 0, width: 8, height: 8, imageWidth: 10, imageHeight: 10),
                    unless: false
                ) { () throws(DecodeError) in
                    try scaler.scale(frame, region: region, toWidth: 8, height: 8, into: &image, atX: x, y: 0)
                })
        }
    }

    private func isRefused(_ expected: DecodeError, unless fits: Bool, _ body: () throws(DecodeError) -> Void) -> Bool {
        do {
            try body()
            return fits
        } catch {
            return !fits && error == expected
        }
    }
}

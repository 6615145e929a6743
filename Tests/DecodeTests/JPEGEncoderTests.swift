import Decode
import Foundation
import Geometry
import Testing

@Suite struct JPEGEncoderTests {
    private func gradient(_ width: Int, _ height: Int) -> RGBImage {
        var image = RGBImage(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width {
                let index = (y * width + x) * 3
                image.pixels[index] = UInt8(255 * x / max(1, width - 1))
                image.pixels[index + 1] = UInt8(255 * y / max(1, height - 1))
                image.pixels[index + 2] = UInt8(255 - 255 * x / max(1, width - 1))
            }
        }
        return image
    }

    // Odd sizes and single rows; what comes back is within a few levels of what went in.
    @Test(arguments: [(160, 120), (33, 17), (1, 1), (5, 1), (160, 159)])
    func comesBack(_ width: Int, _ height: Int) throws {
        let image = gradient(width, height)
        let bytes = try JPEGEncoder.encode(image)
        #expect(bytes.prefix(3) == [0xFF, 0xD8, 0xFF])
        #expect(bytes.suffix(2) == [0xFF, 0xD9])
        // No name of the program that wrote it, which would differ between versions.
        #expect(!String(decoding: bytes, as: UTF8.self).contains("Lav"))
        #expect(try JPEGEncoder.encode(image) == bytes)
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(bytes).write(to: folder.appending(path: "1.jpg"))
        let reader = try VideoReader(source: .path(folder.path))
        let frame = try #require(try reader.next())
        var found = RGBImage()
        try FrameScaler().scale(frame, width: width, height: height, into: &found)
        #expect((found.width, found.height) == (width, height))
        let worst = zip(found.pixels, image.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
        #expect(worst <= 12)
    }

    @Test func coarserQuantisersMakeSmallerFiles() throws {
        let image = gradient(160, 120)
        let sizes = try [1, 3, 10, 31].map { try JPEGEncoder.encode(image, scale: $0).count }
        #expect(sizes == sizes.sorted(by: >))
        #expect(sizes[0] > sizes[3])
    }

    @Test(arguments: [(0, 0), (5000, 1)])
    func picturesWithoutPixelsOrBeyondTheLimitAreRefused(_ width: Int, _ height: Int) {
        #expect(throws: DecodeError.invalidTarget(width: width, height: height)) {
            try JPEGEncoder.encode(RGBImage(width: width, height: height))
        }
    }
}

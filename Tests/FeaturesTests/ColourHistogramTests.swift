import Foundation
import Geometry
import Testing

@testable import Features

/// What `scripts/make-golden-hsv.py` writes.
private struct GoldenHSV: Decodable {
    struct Picture: Decodable {
        let width: Int
        let height: Int
        let pixels: [UInt8]
        let bins: [[Double]]
    }
    struct Region: Decodable {
        let box: [Double]
        let region: [Int]
    }
    let all: [String]
    let step5: [String]
    let pictures: [Picture]
    let regions: [Region]

    static func load() throws -> GoldenHSV {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/hsv.json").standardized
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
    }
}

@Suite struct ColourHistogramTests {
    /// The sums of the script, over the colours whose samples are multiples of `step`.
    private func checksums(step: Int) -> [String] {
        var sums: [UInt64] = [0, 0, 0]
        var colour: UInt64 = 0
        for red in stride(from: 0, through: 255, by: step) {
            for green in stride(from: 0, through: 255, by: step) {
                for blue in stride(from: 0, through: 255, by: step) {
                    let hsv = ColourHistogram.hsv(red: UInt8(red), green: UInt8(green), blue: UInt8(blue))
                    let weight = colour &* 0x9E37_79B9_7F4A_7C15 &+ 1
                    sums[0] &+= (UInt64(hsv.hue) + 1) &* weight
                    sums[1] &+= (UInt64(hsv.saturation) + 1) &* weight
                    sums[2] &+= (UInt64(hsv.value) + 1) &* weight
                    colour += 1
                }
            }
        }
        return sums.map(String.init)
    }

    @Test func coloursAreConvertedAsPillowDoes() throws {
        #expect(checksums(step: 5) == (try GoldenHSV.load().step5))
    }

    // 16.8 million conversions: seconds in a debug build, tenths in a release build.
    @Test(.enabled(if: !_isDebugAssertConfiguration(), "takes long without optimisation"))
    func everyColourIsConvertedAsPillowDoes() throws {
        #expect(checksums(step: 1) == (try GoldenHSV.load().all))
    }

    @Test func theTablesAgreeWithTheConversion() {
        let table = ColourBinTable()
        // All colours in a release build, one in 343 otherwise.
        let step = _isDebugAssertConfiguration() ? 7 : 1
        var wrong = 0
        for red in stride(from: 0, through: 255, by: step) {
            for green in stride(from: 0, through: 255, by: step) {
                for blue in stride(from: 0, through: 255, by: step) {
                    let (red, green, blue) = (UInt8(red), UInt8(green), UInt8(blue))
                    let hsv = ColourHistogram.hsv(red: red, green: green, blue: blue)
                    let bin = Int(hsv.hue / 32) * 64 + Int(hsv.saturation / 32) * 8 + Int(hsv.value / 32)
                    if table.bin(red: red, green: green, blue: blue) != bin { wrong += 1 }
                }
            }
        }
        #expect(wrong == 0)
    }

    @Test func histogramsAreNumPys() throws {
        for picture in try GoldenHSV.load().pictures {
            var expected = [Float](repeating: 0, count: 512)
            for bin in picture.bins { expected[Int(bin[0])] = Float(bin[1]) }
            let image = RGBImage(width: picture.width, height: picture.height, pixels: picture.pixels)
            #expect(ColourHistogram.vector(of: image) == expected)
        }
    }

    @Test func aPictureWithoutPixelsIsZero() {
        #expect(ColourHistogram.vector(of: RGBImage()) == [Float](repeating: 0, count: 512))
    }

    @Test func regionsAreClippedAsTheOracleClipsThem() throws {
        for golden in try GoldenHSV.load().regions {
            let box = Box(x: golden.box[0], y: golden.box[1], width: golden.box[2], height: golden.box[3])
            let region = ColourHistogram.region(of: box, frameWidth: 100, frameHeight: 60)
            #expect([region.x, region.y, region.width, region.height] == golden.region, "\(golden.box)")
        }
    }

    // Nothing that a caller could hand over traps or leaves the frame.
    @Test(arguments: [Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude])
    func regionsStayInsideOfTheFrame(_ value: Double) {
        for box in [Box(x: value, y: 1, width: 2, height: 2), Box(x: 1, y: 1, width: value, height: value)] {
            let region = ColourHistogram.region(of: box, frameWidth: 1, frameHeight: 3)
            #expect(region.x >= 0 && region.width >= 1 && region.x + region.width <= 1)
            #expect(region.y >= 0 && region.height >= 1 && region.y + region.height <= 3)
        }
    }
}

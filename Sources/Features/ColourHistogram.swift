public import Geometry

/// The colour baseline: an 8×8×8 histogram of hue, saturation and value of a box's pixels (docs/features.md).
///
/// The conversion is Pillow's `rgb2hsv_row` (`src/libImaging/Convert.c`),
/// its mixture of float and double arithmetic included, so that all 2²⁴ colours come out the same.
public enum ColourHistogram {
    /// Numbers of a histogram: hue bin · 64 + saturation bin · 8 + value bin.
    public static let dimension = 512

    /// The histogram of a picture: normalised to sum 1, square root of every bin, so that its length is 1.
    ///
    /// Edge cases: a picture without pixels gives zeros.
    ///
    /// - Parameter crop: The pixels of `region(of:frameWidth:frameHeight:)`, at original resolution.
    /// - Complexity: O(pixels).
    public static func vector(of crop: RGBImage) -> [Float] {
        var counts = [Int](repeating: 0, count: dimension)
        let pixels = crop.pixels
        let table = binTable
        for position in stride(from: 0, to: pixels.count - 2, by: 3) {
            counts[table.bin(red: pixels[position], green: pixels[position + 1], blue: pixels[position + 2])] += 1
        }
        let total = pixels.count / 3
        guard total > 0 else { return [Float](repeating: 0, count: dimension) }
        return counts.map { Float((Double($0) / Double(total)).squareRoot()) }
    }

    /// The pixels of a box: from ⌊x1⌋ to ⌊x2⌋ and ⌊y1⌋ to ⌊y2⌋, ends left out, clipped to the frame, at least 1×1.
    ///
    /// Edge cases: a box outside of the frame takes the pixel or line of the border that is nearest to it; coordinates
    /// of any size are clipped before they become integers.
    ///
    /// - Precondition: neither side of the frame is 0.
    public static func region(of box: Box, frameWidth: Int, frameHeight: Int) -> PixelRegion {
        precondition(frameWidth > 0 && frameHeight > 0, "a frame has pixels")
        let (left, right) = span(from: box.x, to: box.maxX, size: frameWidth)
        let (top, bottom) = span(from: box.y, to: box.maxY, size: frameHeight)
        return PixelRegion(x: left, y: top, width: right - left, height: bottom - top)
    }

    private static func span(from low: Double, to high: Double, size: Int) -> (Int, Int) {
        // `max(0, …)` first: it turns NaN into 0.
        let start = Int(min(max(0, low.rounded(.down)), Double(size - 1)))
        let end = Int(min(max(0, high.rounded(.down)), Double(size)))
        return (start, max(end, start + 1))
    }

    /// Made once, by the conversion itself.
    private static let binTable = ColourBinTable()

    /// A colour in Pillow's 8-bit HSV.
    static func hsv(red: UInt8, green: UInt8, blue: UInt8) -> (hue: UInt8, saturation: UInt8, value: UInt8) {
        let highest = max(red, green, blue)
        let lowest = min(red, green, blue)
        guard lowest < highest else { return (0, 0, highest) }
        let range = Float(highest - lowest)
        let saturation = range / Float(highest)
        let toRed = Float(highest - red) / range
        let toGreen = Float(highest - green) / range
        let toBlue = Float(highest - blue) / range
        let sextant: Float =
            if red == highest {
                toBlue - toGreen
            } else if green == highest {
                Float(2.0 + Double(toRed) - Double(toBlue))
            } else {
                Float(4.0 + Double(toGreen) - Double(toRed))
            }
        // fmod(h / 6 + 1, 1): the argument lies in [5/6, 2), so one subtraction is the whole of it, and exact.
        let turned = Double(sextant) / 6.0 + 1.0
        let hue = Float(turned >= 1 ? turned - 1 : turned)
        return (UInt8(Double(hue) * 255.0), UInt8(Double(saturation) * 255.0), highest)
    }
}

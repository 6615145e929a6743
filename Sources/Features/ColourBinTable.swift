/// The histogram bin of every colour, without a division a pixel.
///
/// Hue depends on the order of the three samples (a sixth of the circle), on highest − lowest and on highest − middle
/// only; saturation on highest and lowest only. Two tables that fit into the second-level cache therefore hold what
/// `ColourHistogram.hsv` says about all 2²⁴ colours.
struct ColourBinTable: Sendable {
    /// Hue bin · 64, at ((sixth · 256) + highest − lowest) · 256 + highest − middle.
    private let hues: [UInt16]
    /// Saturation bin · 8 + value bin, at highest · 256 + lowest.
    private let shades: [UInt8]

    /// The sixth for each outcome of red ≥ green (1), green ≥ blue (2) and red ≥ blue (4); of several highest samples red
    /// goes first, then green, as in the conversion.
    private static let sixths: UInt32 = 0x0315_4245

    /// Fills the tables; takes some milliseconds.
    init() {
        var hues = [UInt16](repeating: 0, count: 6 * 256 * 256)
        for sixth in 0..<6 {
            for range in 0..<256 {
                for distance in 0...range {
                    let (middle, lowest) = (UInt8(255 - distance), UInt8(255 - range))
                    let colour =
                        switch sixth {
                        case 0: ColourHistogram.hsv(red: 255, green: middle, blue: lowest)
                        case 1: ColourHistogram.hsv(red: 255, green: lowest, blue: middle)
                        case 2: ColourHistogram.hsv(red: lowest, green: 255, blue: middle)
                        case 3: ColourHistogram.hsv(red: middle, green: 255, blue: lowest)
                        case 4: ColourHistogram.hsv(red: middle, green: lowest, blue: 255)
                        default: ColourHistogram.hsv(red: lowest, green: middle, blue: 255)
                        }
                    hues[(sixth * 256 + range) * 256 + distance] = UInt16(colour.hue / 32) * 64
                }
            }
        }
        var shades = [UInt8](repeating: 0, count: 256 * 256)
        for highest in 0...255 {
            for lowest in 0...highest {
                let colour = ColourHistogram.hsv(red: UInt8(highest), green: UInt8(lowest), blue: UInt8(lowest))
                shades[highest * 256 + lowest] = colour.saturation / 32 * 8 + colour.value / 32
            }
        }
        self.hues = hues
        self.shades = shades
    }

    /// The bin of a colour, 0 to 511.
    @inline(__always)
    func bin(red: UInt8, green: UInt8, blue: UInt8) -> Int {
        let (red, green, blue) = (Int(red), Int(green), Int(blue))
        let highest = max(red, green, blue)
        let lowest = min(red, green, blue)
        let middle = red + green + blue - highest - lowest
        // Which sixth of the circle follows from three comparisons. Natural pictures are noisy, so that branches on
        // them would often be mispredicted: the answers stand in a word, four bits each.
        let order = (red >= green ? 4 : 0) + (green >= blue ? 8 : 0) + (red >= blue ? 16 : 0)
        let sixth = Int(truncatingIfNeeded: Self.sixths &>> UInt32(truncatingIfNeeded: order)) & 7
        let hue = hues[(sixth * 256 + highest - lowest) * 256 + highest - middle]
        return Int(hue) + Int(shades[highest * 256 + lowest])
    }
}

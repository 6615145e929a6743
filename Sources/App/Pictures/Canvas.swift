import Geometry

/// Draws lines, rectangles and numbers on a picture; everything outside of it is clipped.
struct Canvas {
    /// The picture that is drawn on.
    var image: RGBImage

    /// Red, green and blue, 0 to 255.
    struct Colour: Equatable {
        var red: UInt8
        var green: UInt8
        var blue: UInt8

        static let white = Colour(red: 255, green: 255, blue: 255)
        static let black = Colour(red: 0, green: 0, blue: 0)

        /// A colour of its own for every track: hues a golden angle apart, so that neighbours in number differ.
        static func ofTrack(_ track: Int) -> Colour {
            let hue = Double((track &* 0x9E37_79B1) & 0xFFFF_FFFF) / 4_294_967_296 * 6
            let sector = Int(hue)
            let rising = UInt8(55 + 200 * (hue - Double(sector)))
            let falling = UInt8(255 - 200 * (hue - Double(sector)))
            switch sector {
            case 0: return Colour(red: 255, green: rising, blue: 55)
            case 1: return Colour(red: falling, green: 255, blue: 55)
            case 2: return Colour(red: 55, green: 255, blue: rising)
            case 3: return Colour(red: 55, green: falling, blue: 255)
            case 4: return Colour(red: rising, green: 55, blue: 255)
            default: return Colour(red: 255, green: 55, blue: falling)
            }
        }

        /// Black or white, whichever reads better on this colour (ITU-R BT.601 luma).
        var contrasting: Colour {
            299 * Int(red) + 587 * Int(green) + 114 * Int(blue) > 140_000 ? .black : .white
        }
    }

    /// Fills the pixels from (x, y) on, clipped.
    mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: Colour) {
        let left = max(0, x)
        let right = min(image.width, x + width)
        guard left < right else { return }
        for row in max(0, y)..<max(0, y, min(image.height, y + height)) {
            var index = (row * image.width + left) * 3
            for _ in left..<right {
                image.pixels[index] = colour.red
                image.pixels[index + 1] = colour.green
                image.pixels[index + 2] = colour.blue
                index += 3
            }
        }
    }

    /// Draws the outline of a box, `thickness` pixels wide, inside its edges.
    mutating func outline(_ box: Box, thickness: Int, _ colour: Colour) {
        let x = Self.pixel(box.x)
        let y = Self.pixel(box.y)
        let width = max(1, Self.pixel(box.maxX) - x)
        let height = max(1, Self.pixel(box.maxY) - y)
        fill(x: x, y: y, width: width, height: thickness, colour)
        fill(x: x, y: y + height - thickness, width: width, height: thickness, colour)
        fill(x: x, y: y, width: thickness, height: height, colour)
        fill(x: x + width - thickness, y: y, width: thickness, height: height, colour)
    }

    /// Draws a line of square dots from one point to another.
    mutating func line(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), thickness: Int, _ colour: Colour
    ) {
        // Outside points are clamped to the pixel range first, so that a far box cannot make an endless line.
        let startX = Self.pixel(start.x)
        let startY = Self.pixel(start.y)
        let endX = Self.pixel(end.x)
        let endY = Self.pixel(end.y)
        let steps = max(abs(endX - startX), abs(endY - startY))
        guard steps <= 4 * (image.width + image.height) else { return }
        for step in 0...steps {
            let share = steps == 0 ? 0 : Double(step) / Double(steps)
            let x = Double(startX) + share * Double(endX - startX)
            let y = Double(startY) + share * Double(endY - startY)
            fill(
                x: Int(x.rounded()) - thickness / 2, y: Int(y.rounded()) - thickness / 2, width: thickness,
                height: thickness, colour)
        }
    }

    /// Draws a whole number with its left top corner at (x, y), digits of 3×5 dots of `scale` pixels, on a filled plate.
    mutating func number(_ value: Int, x: Int, y: Int, scale: Int, _ colour: Colour) {
        let digits = String(max(0, value)).utf8.map { Int($0 - UInt8(ascii: "0")) }
        fill(x: x, y: y, width: (digits.count * 4 + 1) * scale, height: 7 * scale, colour)
        for (position, digit) in digits.enumerated() {
            for row in 0..<5 {
                for column in 0..<3 where Self.digitDots[digit][row] & (4 >> column) != 0 {
                    fill(
                        x: x + (1 + position * 4 + column) * scale, y: y + (1 + row) * scale, width: scale,
                        height: scale, colour.contrasting)
                }
            }
        }
    }

    /// Dots of the digits 0 to 9, a bit pattern of three columns a row.
    private static let digitDots: [[Int]] = [
        [7, 5, 5, 5, 7], [2, 6, 2, 2, 7], [7, 1, 7, 4, 7], [7, 1, 7, 1, 7], [5, 5, 7, 1, 1],
        [7, 4, 7, 1, 7], [7, 4, 7, 5, 7], [7, 1, 1, 1, 1], [7, 5, 7, 5, 7], [7, 5, 7, 1, 7],
    ]

    /// The pixel of a coordinate, clamped to a range in which sums cannot overflow.
    private static func pixel(_ value: Double) -> Int {
        Int(min(max(value.rounded(), -1_000_000), 1_000_000))
    }
}

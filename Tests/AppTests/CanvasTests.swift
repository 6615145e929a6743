import Geometry
import Testing

@testable import App

@Suite struct CanvasTests {
    private func painted(_ draw: (inout Canvas) -> Void) -> [[Bool]] {
        var canvas = Canvas(image: RGBImage(width: 8, height: 6))
        draw(&canvas)
        return (0..<6).map { y in (0..<8).map { x in canvas.image.pixels[(y * 8 + x) * 3] != 0 } }
    }

    @Test func outlineStaysInsideTheBox() {
        let dots = painted { $0.outline(Box(x: 1, y: 1, width: 5, height: 4), thickness: 1, .white) }
        for y in 0..<6 {
            for x in 0..<8 {
                let inside = (1..<6).contains(x) && (1..<5).contains(y)
                let border = inside && (x == 1 || x == 5 || y == 1 || y == 4)
                #expect(dots[y][x] == border)
            }
        }
    }

    /// Boxes and lines far outside are clipped, not followed.
    @Test(arguments: [-1e300, -50, 7, 50, 1e300])
    func farAwayIsClipped(_ position: Double) {
        _ = painted {
            $0.outline(Box(x: position, y: position, width: 1e300, height: 3), thickness: 2, .white)
            $0.line(from: (0, 0), to: (position, position), thickness: 3, .white)
            $0.number(1234, x: Int(max(min(position, 1e6), -1e6)), y: 2, scale: 2, .white)
        }
    }

    @Test func tracksHaveDifferentColours() {
        let colours = (1...20).map(Canvas.Colour.ofTrack)
        for (index, colour) in colours.enumerated() {
            #expect(!colours[..<index].contains(colour))
        }
    }
}

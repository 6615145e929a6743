import Decode
import Geometry

/// A part of a frame around a box, encoded.
struct BoxPicture: Equatable, Sendable {
    /// The encoded picture.
    var bytes: [UInt8]
    /// Its kind, as in image/jpeg.
    var mediaType: String
    /// Its width in pixels.
    var width: Int
    /// Its height in pixels.
    var height: Int
    /// Where the box is in it, as shares of its sides, 0 to 1.
    var box: Box
}

/// Cuts boxes out of frames, with what lies around them.
final class BoxCutter {
    /// Largest side of a picture, pixels.
    static let side = 160
    /// What is shown on every side of a box, as a share of its longer side.
    private static let margin = 0.25
    /// Least side of what is shown, in the frame's pixels: a small object needs its surroundings to be recognised.
    private static let least = 40.0
    /// Small regions are enlarged no further.
    private static let enlargement = 3.0

    private let scaler = FrameScaler()
    private var image = RGBImage()

    /// The picture of a box; nil where nothing of it is on the frame.
    func cut(_ box: Box, from frame: VideoFrame) throws(DecodeError) -> BoxPicture? {
        guard let region = Self.region(around: box, width: frame.width, height: frame.height) else { return nil }
        let scale = min(Double(Self.side) / Double(max(region.width, region.height)), Self.enlargement)
        let width = max(1, Int((Double(region.width) * scale).rounded()))
        let height = max(1, Int((Double(region.height) * scale).rounded()))
        image.reshape(width: width, height: height)
        try scaler.scale(frame, region: region, toWidth: width, height: height, into: &image, atX: 0, y: 0)
        return BoxPicture(
            bytes: try JPEGEncoder.encode(image), mediaType: "image/jpeg", width: width, height: height,
            box: Self.share(of: box, in: region))
    }

    /// What is shown of a frame, within its borders; nil for a box outside of it.
    static func region(around box: Box, width: Int, height: Int) -> PixelRegion? {
        guard box.isWellFormed, box.x < Double(width), box.y < Double(height), box.maxX > 0, box.maxY > 0 else {
            return nil
        }
        let around = margin * max(box.width, box.height)
        func span(_ start: Double, _ length: Double, _ limit: Int) -> (start: Int, count: Int) {
            let spare = max(around, (least - length) / 2)
            // Within the frame before it becomes a whole number: a box may be very large.
            let low = Int(min(max(start - spare, 0), Double(limit - 1)))
            let high = Int(min(max(start + length + spare, 1), Double(limit)).rounded(.up))
            // At a whole chroma sample, as far as formats go.
            let first = low / 4 * 4
            return (first, max(high - first, 1))
        }
        let columns = span(box.x, box.width, width)
        let rows = span(box.y, box.height, height)
        return PixelRegion(x: columns.start, y: rows.start, width: columns.count, height: rows.count)
    }

    /// Where a box is in a region, as shares of its sides, cut at its borders.
    private static func share(of box: Box, in region: PixelRegion) -> Box {
        func share(_ value: Double, _ start: Int, _ count: Int) -> Double {
            min(max((value - Double(start)) / Double(count), 0), 1)
        }
        let (left, top) = (share(box.x, region.x, region.width), share(box.y, region.y, region.height))
        return Box(
            x: left, y: top, width: share(box.maxX, region.x, region.width) - left,
            height: share(box.maxY, region.y, region.height) - top)
    }
}

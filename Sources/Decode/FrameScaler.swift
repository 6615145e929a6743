import CFFmpeg
public import Geometry

/// Converts decoded frames to RGB at the size that is asked for, in one swscale pass (design §4).
///
/// Pixels go from the decoder's memory straight into the picture; there is no full-size RGB copy. A frame that is
/// displayed turned is scaled as it was decoded, and the small picture is turned. Scalers and buffers are kept from
/// frame to frame, at most 64 scalers; a change of size in mid-stream makes new ones.
///
/// One thread at a time may use a scaler object.
public final class FrameScaler: @unchecked Sendable {
    var cache = ScalerCache(capacity: 64)
    /// A picture as decoded, before it is turned or cut.
    var unturned = RGBImage()
    /// A piece of a picture before its border is continued.
    var piece = RGBImage()
    /// A frame's piece with its border continued, in the frame's own format.
    var continued: ContinuedPicture?
    private var layout: PixelLayout?

    /// Largest side of a picture that can be asked for.
    static let largestSide = 32_767

    /// Creates a scaler without buffers; they grow with use.
    public init() {}

    /// Scales a whole frame to `width` × `height` displayed pixels.
    ///
    /// - Parameters:
    ///   - image: reshaped to the size; its storage is kept where it is large enough.
    /// - Throws: `unsupportedPixelFormat`, or `invalidTarget` where a side is not in 1…32767.
    public func scale(_ frame: VideoFrame, width: Int, height: Int, into image: inout RGBImage) throws(DecodeError) {
        try FrameScaler.checkTarget(width: width, height: height)
        _ = try layout(of: frame)
        image.reshape(width: width, height: height)
        let whole = PixelRegion(x: 0, y: 0, width: frame.picture.width, height: frame.picture.height)
        try place(
            frame, decoded: whole, width: width, height: height, into: &image, atX: 0, y: 0)
    }

    /// Scales a rectangle of decoded pixels that lies inside of the frame and is aligned to its chroma, turns the
    /// result and puts it into a picture; `width` × `height` are displayed pixels.
    func place(
        _ frame: VideoFrame, decoded: PixelRegion, width: Int, height: Int, into image: inout RGBImage, atX x: Int,
        y: Int
    ) throws(DecodeError) {
        guard !frame.orientation.isUpright else {
            return try convert(
                frame.picture, colour: frame.colour, decoded, width: width, height: height, into: &image, atX: x, y: y)
        }
        let (unturnedWidth, unturnedHeight) = frame.orientation.displayedSize(width: width, height: height)
        unturned.reshape(width: unturnedWidth, height: unturnedHeight)
        var picture = RGBImage()
        swap(&picture, &unturned)
        defer { swap(&picture, &unturned) }
        try convert(
            frame.picture, colour: frame.colour, decoded, width: unturnedWidth, height: unturnedHeight, into: &picture,
            atX: 0, y: 0)
        frame.orientation.turn(picture, into: &image, atX: x, y: y)
    }

    /// Runs swscale over a rectangle of a picture, into a rectangle of an RGB picture that holds it.
    func convert(
        _ picture: borrowing PictureHandle, colour: ColourDescription, _ region: PixelRegion, width: Int, height: Int,
        into image: inout RGBImage, atX x: Int, y: Int
    ) throws(DecodeError) {
        let scaler = try cache.scaler(
            for: ScalerKey(
                sourceWidth: region.width, sourceHeight: region.height, sourceFormat: picture.format.rawValue,
                colour: colour, targetWidth: width, targetHeight: height))
        let stride = image.width * 3
        let offset = y * stride + x * 3
        let pointer = unsafe picture.pointer
        let rows = unsafe image.pixels.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard let target = buffer.baseAddress else { return 0 }
            return unsafe vtrack_scale_to_packed(
                scaler.pointer, pointer, Int32(region.x), Int32(region.y), Int32(region.height), target + offset,
                Int32(stride))
        }
        guard rows == height else {
            throw .library(
                LibraryCalls(source: "swscale").failure(
                    min(rows, -1), "scaling \(region.width)×\(region.height) to \(width)×\(height)"))
        }
    }

    /// The layout of a frame's format; the last one is remembered.
    func layout(of frame: VideoFrame) throws(DecodeError) -> PixelLayout {
        let format = frame.picture.format
        if let layout, layout.format == format { return layout }
        guard let made = PixelLayout(format) else { throw .unsupportedPixelFormat(PixelLayout.name(format)) }
        layout = made
        return made
    }

    static func checkTarget(width: Int, height: Int) throws(DecodeError) {
        guard (1...largestSide).contains(width), (1...largestSide).contains(height) else {
            throw .invalidTarget(width: width, height: height)
        }
    }
}

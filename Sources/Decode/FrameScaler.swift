import CFFmpeg
public import Geometry

/// Converts decoded frames to RGB at the size that is asked for, in one swscale pass.
///
/// There is no full-size RGB copy: swscale reads the decoder's memory and writes the target's size, and the small
/// picture is turned where the frame is displayed turned. Scalers and buffers are kept from frame to frame, at most 64
/// scalers; a change of size in mid-stream makes new ones.
///
/// One thread at a time may use a scaler object.
public final class FrameScaler: @unchecked Sendable {
    private var cache = ScalerCache(capacity: 64)
    private var layout: PixelLayout?
    /// A picture as decoded, at its target size, before it is turned or cut.
    let planes = PlanarPicture()
    /// A piece of a picture before its border is continued.
    var piece = RGBImage()
    /// A frame's piece with its border continued, in the frame's own format.
    var continued: ContinuedPicture?

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
        try place(frame, frame.picture, whole, width: width, height: height, into: &image, atX: 0, y: 0)
    }

    /// Scales a rectangle of a picture that is aligned to its chroma, turns it as `frame` is turned and puts it into
    /// `image`; `width` × `height` are displayed pixels.
    func place(
        _ frame: VideoFrame, _ picture: borrowing PictureHandle, _ region: PixelRegion, width: Int, height: Int,
        into image: inout RGBImage, atX x: Int, y: Int
    ) throws(DecodeError) {
        let (unturnedWidth, unturnedHeight) = frame.orientation.displayedSize(width: width, height: height)
        try convert(frame, picture, region, width: unturnedWidth, height: unturnedHeight)
        let whole = PixelRegion(x: 0, y: 0, width: unturnedWidth, height: unturnedHeight)
        planes.interleave(whole, turned: frame.orientation, into: &image, atX: x, y: y)
    }

    /// Runs swscale over an aligned rectangle of a picture, into the planes; sizes are as decoded.
    func convert(
        _ frame: VideoFrame, _ picture: borrowing PictureHandle, _ region: PixelRegion, width: Int, height: Int
    ) throws(DecodeError) {
        let scaler = try cache.scaler(
            for: ScalerKey(
                sourceWidth: region.width, sourceHeight: region.height, sourceFormat: picture.format.rawValue,
                colour: frame.colour, targetWidth: width, targetHeight: height))
        try planes.reshape(width: width, height: height)
        try planes.fill(from: picture, region: region, scaler: scaler)
    }

    /// Runs swscale over an RGB picture, into the planes.
    func convert(_ image: RGBImage, colour: ColourDescription, width: Int, height: Int) throws(DecodeError) {
        let scaler = try cache.scaler(
            for: ScalerKey(
                sourceWidth: image.width, sourceHeight: image.height, sourceFormat: AV_PIX_FMT_RGB24.rawValue,
                colour: colour, targetWidth: width, targetHeight: height))
        try planes.reshape(width: width, height: height)
        try planes.fill(from: image, scaler: scaler)
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

public import Geometry

extension FrameScaler {
    /// Converts a region of a frame to RGB at original resolution; nothing else is converted.
    ///
    /// Chroma is interpolated with what lies around the region, so that the result equals the same rectangle of the
    /// whole frame's conversion.
    ///
    /// - Parameters:
    ///   - region: displayed pixels, inside of the frame, at least 1×1.
    ///   - image: reshaped to the region's size; its storage is kept where it is large enough.
    /// - Throws: `regionOutside` or `unsupportedPixelFormat`.
    public func crop(_ frame: VideoFrame, region: PixelRegion, into image: inout RGBImage) throws(DecodeError) {
        guard region.x >= 0, region.y >= 0, region.width >= 1, region.height >= 1, region.width <= frame.width,
            region.height <= frame.height, region.x <= frame.width - region.width,
            region.y <= frame.height - region.height
        else { throw .regionOutside(region: region, width: frame.width, height: frame.height) }
        let layout = try layout(of: frame)
        let wanted = frame.decodedRegion(region)
        let columns = CropSpan(
            start: wanted.x, count: wanted.width, limit: frame.picture.width, alignment: layout.columnAlignment)
        let rows = CropSpan(
            start: wanted.y, count: wanted.height, limit: frame.picture.height, alignment: layout.rowAlignment)
        let block = PixelRegion(x: columns.start, y: rows.start, width: columns.count, height: rows.count)

        image.reshape(width: region.width, height: region.height)
        try convert(frame, frame.picture, block, width: block.width, height: block.height)
        planes.interleave(
            PixelRegion(x: wanted.x - block.x, y: wanted.y - block.y, width: wanted.width, height: wanted.height),
            turned: frame.orientation, into: &image, atX: 0, y: 0)
    }
}

/// The stretch of a row or column that is converted so that some pixels of it come out right.
///
/// It begins at a whole chroma sample, has a margin for chroma interpolation on both sides where the frame goes on, and
/// its length is one of few, so that few scalers serve crops of all sizes.
struct CropSpan: Equatable {
    /// First pixel.
    var start: Int
    /// Pixels in it.
    var count: Int

    /// Pixels on either side that interpolated chroma may depend on.
    private static let margin = 8
    /// Lengths are multiples of this, except at the frame's end.
    private static let granule = 64

    /// Finds the stretch for `count` pixels from `start` within a frame of `limit`.
    init(start wantedStart: Int, count wantedCount: Int, limit: Int, alignment: Int) {
        let step = max(alignment, 8)
        let first = max(wantedStart - CropSpan.margin, 0) / step * step
        let end = wantedStart + wantedCount + CropSpan.margin
        let length = (end - first + CropSpan.granule - 1) / CropSpan.granule * CropSpan.granule
        if first + length <= limit {
            start = first
            count = length
        } else {
            start = max(limit - length, 0) / step * step
            count = limit - start
        }
    }
}

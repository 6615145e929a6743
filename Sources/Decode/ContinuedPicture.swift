import CFFmpeg
import Geometry
import Glibc

/// A rectangle cut out of a picture in its own pixel format, with the picture's border replicated where the rectangle
/// reaches beyond it.
///
/// Kept from tile to tile.
final class ContinuedPicture {
    /// The pixels.
    let picture: PictureHandle
    /// Width in pixels.
    let width: Int
    /// Height in pixels.
    let height: Int
    private let format: AVPixelFormat

    private init(format: AVPixelFormat, width: Int, height: Int) throws(DecodeError) {
        let calls = LibraryCalls(source: "a frame's border")
        let picture = try PictureHandle(calls: calls)
        unsafe picture.pointer.pointee.format = format.rawValue
        unsafe picture.pointer.pointee.width = Int32(width)
        unsafe picture.pointer.pointee.height = Int32(height)
        let code = unsafe av_frame_get_buffer(picture.pointer, 0)
        self.picture = picture
        self.format = format
        self.width = width
        self.height = height
        try calls.check(code, "allocating \(width)×\(height) pixels")
    }

    /// The given picture where it has the right shape, else a new one.
    static func reusing(_ other: ContinuedPicture?, format: AVPixelFormat, width: Int, height: Int)
        throws(DecodeError) -> ContinuedPicture
    {
        if let other, other.format == format, other.width == width, other.height == height { return other }
        return try ContinuedPicture(format: format, width: width, height: height)
    }

    /// Copies `region`, aligned to whole chroma samples, from a picture and replicates the border on all sides.
    func fill(from source: borrowing PictureHandle, region: PixelRegion, layout: PixelLayout) {
        for plane in layout.planes {
            let unit = plane.unitBytes
            // Sizes in samples, rounded up as FFmpeg rounds.
            let sourceWidth = (source.width + (1 << plane.columnShift) - 1) >> plane.columnShift
            let sourceHeight = (source.height + (1 << plane.rowShift) - 1) >> plane.rowShift
            let targetWidth = (width + (1 << plane.columnShift) - 1) >> plane.columnShift
            let targetHeight = (height + (1 << plane.rowShift) - 1) >> plane.rowShift
            let left = region.x >> plane.columnShift
            let top = region.y >> plane.rowShift
            guard let from = unsafe vtrack_plane(source.pointer, plane.index),
                let to = unsafe vtrack_plane(picture.pointer, plane.index)
            else { continue }
            let sourceStride = unsafe Int(vtrack_stride(source.pointer, plane.index))
            let targetStride = unsafe Int(vtrack_stride(picture.pointer, plane.index))
            // Columns [first, last) of the target lie inside of the source.
            let first = min(max(-left, 0), targetWidth)
            let last = max(min(sourceWidth - left, targetWidth), first)
            for row in 0..<targetHeight {
                let line = unsafe from + min(max(top + row, 0), sourceHeight - 1) * sourceStride
                let target = unsafe to + row * targetStride
                if last > first {
                    unsafe memcpy(target + first * unit, line + (left + first) * unit, (last - first) * unit)
                }
                for column in 0..<first { unsafe memcpy(target + column * unit, line, unit) }
                for column in last..<targetWidth {
                    unsafe memcpy(target + column * unit, line + (sourceWidth - 1) * unit, unit)
                }
            }
        }
    }
}

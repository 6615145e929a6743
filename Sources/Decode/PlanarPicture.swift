import CFFmpeg
import Geometry
import Glibc

/// Planes of green, blue and red, as swscale writes them fastest.
///
/// swscale's packed RGB output at full chroma resolution is plain C; its planar output is vectorised, gives the same
/// numbers and takes a quarter of the time. So pictures are scaled into these planes, at the size that is wanted, and
/// interleaved and turned on the way into an `RGBImage`.
///
/// The memory grows to the largest picture asked for and stays.
@safe
final class PlanarPicture {
    /// Width in pixels.
    private(set) var width = 0
    /// Height in pixels.
    private(set) var height = 0
    private var stride = 0
    private var planeBytes = 0
    private var memory: UnsafeMutablePointer<UInt8>?
    private var capacity = 0

    /// Bytes that vector stores may write beyond a row or plane, and what rows are aligned to.
    private static let slack = 64

    deinit { unsafe av_free(memory) }

    /// Takes on a size; the samples are unspecified afterwards.
    func reshape(width: Int, height: Int) throws(DecodeError) {
        let slack = PlanarPicture.slack
        let stride = (width + slack - 1) / slack * slack + slack
        let planeBytes = stride * height + slack
        if 3 * planeBytes > capacity {
            unsafe av_free(memory)
            capacity = 0
            let allocated = unsafe av_malloc(3 * planeBytes)
            unsafe memory = unsafe allocated?.assumingMemoryBound(to: UInt8.self)
            guard unsafe memory != nil else {
                throw .library(
                    LibraryFailure(
                        operation: "allocating a picture of \(width)×\(height) pixels", source: "swscale",
                        code: -ENOMEM, logLine: nil))
            }
            capacity = 3 * planeBytes
        }
        (self.width, self.height, self.stride, self.planeBytes) = (width, height, stride, planeBytes)
    }

    /// Scales a rectangle of a frame into the planes; the caller has aligned it.
    func fill(from picture: borrowing PictureHandle, region: PixelRegion, scaler: Scaler) throws(DecodeError) {
        guard let memory = unsafe memory else { return }
        let rows = unsafe vtrack_scale_to_planes(
            scaler.pointer, picture.pointer, Int32(region.x), Int32(region.y), Int32(region.height), memory,
            Int32(stride), planeBytes)
        try check(rows)
    }

    /// Scales an RGB picture into the planes.
    func fill(from image: RGBImage, scaler: Scaler) throws(DecodeError) {
        guard let memory = unsafe memory else { return }
        let rows = unsafe image.pixels.withUnsafeBufferPointer { source -> Int32 in
            guard let source = source.baseAddress else { return -EINVAL }
            return unsafe vtrack_scale_packed_to_planes(
                scaler.pointer, source, Int32(image.width * 3), Int32(image.height), memory, Int32(stride), planeBytes)
        }
        try check(rows)
    }

    private func check(_ rows: Int32) throws(DecodeError) {
        guard rows == height else {
            throw .library(LibraryCalls(source: "swscale").failure(min(rows, -1), "scaling to \(width)×\(height)"))
        }
    }

    /// Interleaves a rectangle, turned as it is displayed, into `image` with its left top corner at (x, y).
    ///
    /// The caller has made sure that it fits. The displayed pixel (i, j) comes from the sample that lies
    /// `columnStep · i + rowStep · j` after the one that becomes the corner.
    func interleave(
        _ region: PixelRegion, turned orientation: Orientation, into image: inout RGBImage, atX x: Int, y: Int
    ) {
        guard let memory = unsafe memory else { return }
        let (width, height) = orientation.displayedSize(width: region.width, height: region.height)
        var columnStep = orientation.isTransposed ? stride : 1
        var rowStep = orientation.isTransposed ? 1 : stride
        var corner = region.y * stride + region.x
        if orientation.flipsX {
            corner += (width - 1) * columnStep
            columnStep = -columnStep
        }
        if orientation.flipsY {
            corner += (height - 1) * rowStep
            rowStep = -rowStep
        }
        let planeBytes = planeBytes
        let imageStride = image.width * 3
        unsafe image.pixels.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress else { return }
            for row in 0..<height {
                var to = unsafe target + (y + row) * imageStride + x * 3
                var green = unsafe memory + corner + row * rowStep
                for _ in 0..<width {
                    unsafe to[0] = green[2 * planeBytes]
                    unsafe to[1] = green[0]
                    unsafe to[2] = green[planeBytes]
                    unsafe to += 3
                    unsafe green += columnStep
                }
            }
        }
    }
}

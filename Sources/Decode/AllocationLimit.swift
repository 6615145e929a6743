import CFFmpeg
import Synchronization

/// The largest single allocation that the FFmpeg libraries may make.
///
/// A header of a few hundred bytes can announce an index of gigabytes: in an mp4 file, samples of one size need no table,
/// so their number costs nothing to write. FFmpeg allocates the whole index before it reads a sample. Its own limit is
/// 2 GiB, and there is one per process; a picture of the largest size that any reader allows has to fit in ours.
enum AllocationLimit {
    /// Bytes for everything that is no picture; an index of five million samples takes 128 MiB.
    private static let leastBytes = 128 << 20
    /// Four channels of 16 bits.
    private static let bytesPerPixel = 8

    private static let bytes = Mutex(0)

    /// Makes room for pictures of `maxPixels`; a limit once given to another reader is never lowered.
    static func raise(maxPixels: Int) {
        let needed = max(leastBytes, Decoder.pixelLimit(maxPixels) * bytesPerPixel)
        bytes.withLock { bytes in
            guard needed > bytes else { return }
            bytes = needed
            av_max_alloc(needed)
        }
    }
}

import CFFmpeg
import Glibc

/// An AVIOContext that reads from a `ByteSource`; owns both.
///
/// Related FFmpeg documentation: `avio_alloc_context` in libavformat/avio.h.
@safe
struct InputOutputContext: ~Copyable {
    /// Where the bytes come from.
    let bytes: ByteSource
    private let context: UnsafeMutablePointer<AVIOContext>

    /// Bytes asked for at a time.
    private static let bufferSize = 1 << 16

    init(reading bytes: ByteSource, calls: LibraryCalls) throws(DecodeError) {
        self.bytes = bytes
        let buffer = try unsafe calls.allocated(
            av_malloc(InputOutputContext.bufferSize), "allocating a read buffer")
        let opaque = unsafe Unmanaged.passUnretained(bytes).toOpaque()
        let context = unsafe avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(InputOutputContext.bufferSize), 0, opaque,
            { opaque, target, count in
                guard let opaque = unsafe opaque, let target = unsafe target, count > 0 else { return -EINVAL }
                let bytes = unsafe Unmanaged<ByteSource>.fromOpaque(opaque).takeUnretainedValue()
                let read = unsafe bytes.read(
                    into: UnsafeMutableRawBufferPointer(start: target, count: Int(count)))
                return read == 0 ? vtrack_AVERROR_EOF : read
            },
            nil,
            { opaque, offset, whence in
                guard let opaque = unsafe opaque else { return Int64(-EINVAL) }
                let bytes = unsafe Unmanaged<ByteSource>.fromOpaque(opaque).takeUnretainedValue()
                return bytes.seek(to: offset, whence: whence)
            })
        guard let context = unsafe context else {
            unsafe av_free(buffer)
            throw .library(calls.failure(-ENOMEM, "allocating a reader"))
        }
        unsafe context.pointee.seekable = bytes.isSeekable ? AVIO_SEEKABLE_NORMAL : 0
        unsafe self.context = context
    }

    deinit {
        // libavformat may have replaced the buffer, so the context's own pointer is freed.
        unsafe av_freep(&context.pointee.buffer)
        var context: UnsafeMutablePointer<AVIOContext>? = unsafe context
        unsafe avio_context_free(&context)
    }

    /// The pointer for calls into libavformat; valid as long as this value lives.
    var pointer: UnsafeMutablePointer<AVIOContext> { unsafe context }
}

import Glibc

/// A file descriptor that owns its bytes until they are written: buffered, checked, EINTR-safe.
///
/// `print` is no substitute: it loses data on a full disk without a word.
struct ByteSink: ~Copyable {
    let path: String
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private var buffer: [UInt8] = []
    private static let flushThreshold = 1 << 16

    /// Takes over an open descriptor; `path` is for messages only.
    init(descriptor: Int32, path: String, ownsDescriptor: Bool) {
        self.descriptor = descriptor
        self.path = path
        self.ownsDescriptor = ownsDescriptor
        buffer.reserveCapacity(Self.flushThreshold + 4096)
    }

    /// Adds text; it reaches the file when the buffer is full or `flush` is called.
    mutating func write(_ text: String) throws(AppError) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.flushThreshold { try flush() }
    }

    /// Writes out what is buffered.
    mutating func flush() throws(AppError) {
        var written = 0
        while written < buffer.count {
            let result = unsafe buffer.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            }
            if result < 0 {
                let code = errno
                if code == EINTR { continue }
                if code == EAGAIN {
                    // A non-blocking pipe that its reader has not emptied yet.
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = unsafe poll(&wait, 1, -1)
                    continue
                }
                buffer.removeAll(keepingCapacity: true)
                throw code == EPIPE ? .closedPipe : .output(path: path, operation: "write", code: code)
            }
            written += result
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Forces what was written to the disk, where the descriptor is a file.
    mutating func synchronize() throws(AppError) {
        try flush()
        if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS {
            throw .output(path: path, operation: "write", code: errno)
        }
    }

    deinit {
        if ownsDescriptor { _ = Glibc.close(descriptor) }
    }
}

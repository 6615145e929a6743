internal import Glibc

/// A regular file open for reading at any offset.
///
/// The descriptor is closed when the last reference goes; `pread` keeps no position, so any thread may read.
final class ReadOnlyFile: Sendable {
    let path: String
    /// Bytes the file had when it was opened.
    let size: Int
    private let descriptor: Int32

    /// - Throws: `WeightsError.system` where it cannot be opened, `.notRegularFile` for anything else than a file:
    ///   a FIFO would block and has no size.
    init(path: String) throws(WeightsError) {
        self.path = path
        // O_NONBLOCK keeps the open of a FIFO without a writer from waiting for ever.
        let descriptor = unsafe path.withCString { unsafe open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw .system(path: path, operation: "open", code: errno) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw .system(path: path, operation: "read", code: code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notRegularFile(path: path)
        }
        size = Int(status.st_size)
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// `count` bytes from `offset`.
    ///
    /// - Throws: `WeightsError.truncated` where the file ends before, which it can only if it has shrunk.
    func bytes(_ count: Int, at offset: Int, tensor: String) throws(WeightsError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        try read(into: &bytes, at: offset, tensor: tensor)
        return bytes
    }

    /// Fills `values` with the bytes from `offset`.
    func read<Number: BitwiseCopyable>(
        into values: inout [Number], at offset: Int, tensor: String
    ) throws(WeightsError) {
        let failure: WeightsError? = unsafe values.withUnsafeMutableBytes { buffer in
            var done = 0
            while done < buffer.count {
                // Linux moves at most 2 GB per call; a gigabyte at a time stays clear of that.
                let wanted = min(buffer.count - done, 1 << 30)
                let got = unsafe pread(descriptor, buffer.baseAddress! + done, wanted, off_t(offset + done))
                if got < 0 {
                    if errno == EINTR { continue }
                    return .system(path: path, operation: "read", code: errno)
                }
                if got == 0 {
                    return unsafe .truncated(path: path, tensor: tensor, expected: buffer.count, found: done)
                }
                done += got
            }
            return nil
        }
        if let failure { throw failure }
    }
}

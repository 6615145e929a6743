internal import Glibc

/// A file that is being written and has no lasting name yet.
///
/// What has not been published when the last reference goes leaves nothing behind.
final class OutputFile {
    /// The name it will have, for messages.
    private let path: String
    /// Its name until then; nil where it never had one or has its own.
    private var temporary: String?
    private let descriptor: Int32

    /// Creates a file in the folder of `path`, so that it can later be renamed to it.
    init(beside path: String) throws(WeightsError) {
        self.path = path
        let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
        let descriptor = unsafe temporary.withCString { unsafe open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
        guard descriptor >= 0 else { throw .system(path: path, operation: "create", code: errno) }
        self.descriptor = descriptor
        self.temporary = temporary
    }

    /// Empties a regular file, which keeps its name whatever happens.
    init(overwriting path: String) throws(WeightsError) {
        self.path = path
        descriptor = unsafe path.withCString {
            unsafe open($0, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o666)
        }
        guard descriptor >= 0 else { throw .system(path: path, operation: "create", code: errno) }
    }

    /// Creates a file that has no name at all: its space is freed when it is closed, whatever ends the process.
    init(namelessBeside path: String) throws(WeightsError) {
        let named = try OutputFile(beside: path)
        let copy = dup(named.descriptor)
        guard copy >= 0 else { throw .system(path: path, operation: "create", code: errno) }
        self.path = path
        descriptor = copy
    }

    deinit {
        close(descriptor)
        if let temporary { _ = unsafe temporary.withCString { unsafe unlink($0) } }
    }

    func seek(to offset: Int) throws(WeightsError) {
        guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
            throw .system(path: path, operation: "write", code: errno)
        }
    }

    /// Writes numbers as they are in memory; safetensors is little-endian, as every processor this is built for.
    func write<Number: BitwiseCopyable>(_ values: [Number]) throws(WeightsError) {
        let failure: Int32 = unsafe values.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                guard let start = buffer.baseAddress else { return 0 }
                let written = unsafe Glibc.write(descriptor, start + done, min(buffer.count - done, 1 << 30))
                if written < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                done += written
            }
            return 0
        }
        guard failure == 0 else { throw .system(path: path, operation: "write", code: failure) }
    }

    /// Appends everything in this file to another.
    func copy(to other: OutputFile) throws(WeightsError) {
        try seek(to: 0)
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let got = unsafe block.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if got < 0 {
                if errno == EINTR { continue }
                throw .system(path: path, operation: "read", code: errno)
            }
            if got == 0 { return }
            try other.write(got == block.count ? block : Array(block[..<got]))
        }
    }

    /// Puts the file on the disk and gives it its name, in one step for whoever looks.
    func publish(as path: String) throws(WeightsError) {
        guard fsync(descriptor) == 0 else { throw .system(path: path, operation: "write", code: errno) }
        guard let name = temporary else { return }
        let renamed = unsafe name.withCString { from in unsafe path.withCString { unsafe rename(from, $0) } }
        guard renamed == 0 else { throw .system(path: path, operation: "create", code: errno) }
        temporary = nil
    }
}

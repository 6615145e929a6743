import Crypto
import Foundation
import Glibc

/// A file that is being downloaded: what has come so far, and the SHA-256 of it.
///
/// It stays where it is when a download breaks off, so that the next one goes on from there.
struct PartFile: ~Copyable {
    /// Its path until it is complete.
    let path: String
    /// Where it will be; what messages name.
    let place: String
    /// Bytes so far.
    private(set) var count = 0
    private var hash = SHA256()
    private let descriptor: Int32

    /// Opens what an earlier attempt left, or an empty file.
    init(path: String, place: String) throws(AppError) {
        self.path = path
        self.place = place
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
        guard descriptor >= 0 else { throw .output(path: path, operation: "create", code: errno) }
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw .output(path: path, operation: "create", code: EEXIST)
        }
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let got = unsafe block.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if got < 0 {
                if errno == EINTR { continue }
                throw .input(path: path, what: "what was downloaded before", code: errno)
            }
            if got == 0 { break }
            hash.update(data: block[..<got])
            count += got
        }
    }

    /// Forgets what has come.
    mutating func clear() throws(AppError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw .output(path: place, operation: "write", code: errno)
        }
        hash = SHA256()
        count = 0
    }

    /// Adds bytes.
    mutating func append(_ data: Data) throws(AppError) {
        let failure: Int32 = unsafe data.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count, let start = bytes.baseAddress {
                let written = unsafe write(descriptor, start + done, bytes.count - done)
                if written < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                done += written
            }
            return 0
        }
        guard failure == 0 else { throw .output(path: place, operation: "write", code: failure) }
        hash.update(data: data)
        count += data.count
    }

    /// SHA-256 of what has come, hexadecimal.
    var sha256: String { hexadecimal(hash.finalize()) }

    /// SHA-1 of what has come, as git computes it of a blob.
    func gitSHA1() throws -> String { try FileDigest.gitSHA1(of: path) }

    /// Whether so many bytes more fit on the disk; true where the system does not say.
    func hasRoom(for bytes: Int) -> Bool {
        var facts = statvfs()
        guard unsafe fstatvfs(descriptor, &facts) == 0 else { return true }
        let (free, overflow) = UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize))
        return overflow || UInt64(max(0, bytes)) <= free
    }

    /// Gives the complete file its place, once it is on the disk.
    func publish() throws(AppError) {
        guard fsync(descriptor) == 0 else { throw .output(path: place, operation: "write", code: errno) }
        guard unsafe rename(path, place) == 0 else { throw .output(path: place, operation: "publish", code: errno) }
        // The new name, too, should survive a loss of power; a file system that cannot promise it is no failure.
        let folder = unsafe open(URL(fileURLWithPath: place).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        if folder >= 0 {
            _ = fsync(folder)
            _ = close(folder)
        }
    }

    /// Deletes what has come: it is of no use.
    func delete() { unsafe unlink(path) }

    deinit { _ = close(descriptor) }
}

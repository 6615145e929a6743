import Glibc

/// A file in memory for readers that take a path; written anew for every run.
final class FuzzFile {
    nonisolated(unsafe) static let shared = FuzzFile()

    private let descriptor: Int32
    private let path: String

    private init() {
        var name = Array("/dev/shm/vtrack-fuzz-XXXXXX\0".utf8CString)
        descriptor = unsafe mkstemp(&name)
        guard descriptor >= 0 else { fatalError("no file in /dev/shm") }
        // Nothing stays behind, however the run ends.
        unsafe unlink(name)
        path = "/proc/self/fd/\(descriptor)"
    }

    /// Replaces the content, and returns the path.
    func write(_ bytes: [UInt8]) -> String {
        ftruncate(descriptor, 0)
        let written = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard written == bytes.count else { fatalError("cannot write to /dev/shm") }
        return path
    }
}

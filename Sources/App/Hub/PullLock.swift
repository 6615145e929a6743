import Foundation
import Glibc

/// Lets one process at a time fetch a file; `huggingface_hub` locks the same files in the same way (flock).
///
/// The file stays: deleting it would let a third process lock another file of the same name.
final class PullLock {
    private let descriptor: Int32

    /// Waits until no other process has the lock.
    ///
    /// - Parameters:
    ///   - check: Called a few times a second; what it throws ends the wait.
    ///   - waiting: Called once, where there is something to wait for.
    init(path: String, check: () throws -> Void, waiting: () -> Void) throws {
        try FilePlace.makeFolder(of: path)
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw AppError.output(path: path, operation: "create", code: errno) }
        var told = false
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            // Some network file systems have no locks; two pulls at once are then the user's to avoid.
            guard code == EWOULDBLOCK else { return }
            if !told { waiting() }
            told = true
            try check()
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    deinit { _ = close(descriptor) }
}

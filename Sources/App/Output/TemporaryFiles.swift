import Glibc
import Synchronization

/// The partial files of this process, so that a second interrupt, which ends it at once, leaves none behind.
enum TemporaryFiles {
    private static let paths = Mutex<Set<String>>([])

    /// Notes a partial file.
    static func add(_ path: String) {
        paths.withLock { _ = $0.insert(path) }
    }

    /// Forgets a file that was published or deleted.
    static func remove(_ path: String) {
        paths.withLock { _ = $0.remove(path) }
    }

    /// Deletes them all.
    static func deleteAll() {
        paths.withLock { paths in
            for path in paths { unsafe unlink(path) }
            paths.removeAll()
        }
    }
}

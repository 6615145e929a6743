import Glibc
import Synchronization

/// The partial files of this process, so that a second interrupt, which ends it at once, leaves none behind.
enum TemporaryFiles {
    private static let paths = Mutex<Set<String>>([])
    private static let places = Mutex<Set<String>>([])
    private static let count = Atomic<Int>(0)

    /// A number that no other temporary file of this process has.
    static func number() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }

    /// Takes the place of an output; false where another output of this process has it.
    static func claim(_ place: String) -> Bool {
        places.withLock { $0.insert(place).inserted }
    }

    /// Gives a place back.
    static func release(_ place: String) {
        places.withLock { _ = $0.remove(place) }
    }

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

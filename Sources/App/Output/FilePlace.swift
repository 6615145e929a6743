import Foundation
import Glibc

/// Small steps with files, each with the error that names the path.
enum FilePlace {
    /// Makes the folder that a file is to lie in, and those above it.
    static func makeFolder(of path: String) throws(AppError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .output(path: folder, operation: "create", code: errno == 0 ? EIO : errno)
        }
    }

    /// Writes a short file, which appears complete or not at all.
    static func write(_ text: String, to path: String) throws(AppError) {
        try makeFolder(of: path)
        var file = try OutputFile(path: path, inputs: [])
        var sink = try file.openSink()
        try sink.write(text)
        try sink.synchronize()
        try file.publish()
    }

    /// Whether two paths lead to the same file or folder, however they are written; false where one leads nowhere.
    static func isSame(_ first: String, _ second: String) -> Bool {
        var (one, other) = (stat(), stat())
        guard unsafe stat(first, &one) == 0, unsafe stat(second, &other) == 0 else { return false }
        return one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }

    /// The size of a regular file; nil where there is none.
    static func size(of path: String) -> Int? {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(facts.st_size)
    }
}

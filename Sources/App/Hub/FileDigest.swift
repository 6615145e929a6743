import Crypto
import Foundation

/// SHA-256 of files.
enum FileDigest {
    /// Of files one after the other, hexadecimal, read in pieces.
    ///
    /// - Parameter check: Called between pieces; what it throws ends the reading.
    static func sha256(of paths: [String], check: () throws -> Void = {}) throws -> String {
        var hash = SHA256()
        for path in paths {
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw AppError.input(path: path, what: "the checkpoint", code: errno)
            }
            defer { try? handle.close() }
            while true {
                try check()
                let piece: Data?
                do {
                    piece = try handle.read(upToCount: 1 << 20)
                } catch {
                    throw AppError.input(path: path, what: "the checkpoint", code: EIO)
                }
                // nil is the end of the file.
                guard let piece, !piece.isEmpty else { break }
                hash.update(data: piece)
            }
        }
        return hexadecimal(hash.finalize())
    }
}

/// What a pulled file's SHA-256 was when it came, in a file beside it that `sha256sum --check` reads as well.
enum RecordedDigest {
    /// The digest that is on record; nil where there is none.
    static func read(of path: String) -> String? {
        guard let text = try? String(contentsOfFile: path + ".sha256", encoding: .utf8) else { return nil }
        let digest = text.prefix { $0.isHexDigit }
        return digest.utf8.count == 64 ? digest.lowercased() : nil
    }

    /// Puts a digest on record.
    static func write(_ digest: String, of path: String) throws(AppError) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        try FilePlace.write("\(digest)  \(name)\n", to: path + ".sha256")
    }

    /// The digest that a file must have: of a blob in the cache of the Hub its own name, else what is on record.
    ///
    /// - Returns: nil where nobody knows.
    static func expected(of path: String) -> String? {
        let blob = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        let name = blob.lastPathComponent
        if blob.deletingLastPathComponent().lastPathComponent == "blobs", name.utf8.count == 64,
            name.allSatisfy(\.isHexDigit)
        {
            return name.lowercased()
        }
        return read(of: path)
    }
}

import Crypto
import Foundation

/// SHA-256 of files.
enum FileDigest {
    /// Of files one after the other, hexadecimal, read in pieces.
    ///
    /// - Parameter check: Called between pieces; what it throws ends the reading.
    static func sha256(of paths: [String], check: () throws -> Void = {}) throws -> String {
        var hash = SHA256()
        for path in paths { try read(path, check) { hash.update(data: $0) } }
        return hexadecimal(hash.finalize())
    }

    /// SHA-1 of a file as git computes it of a blob: of `blob SIZE`, a zero byte, and the content.
    static func gitSHA1(of path: String, check: () throws -> Void = {}) throws -> String {
        var hash = Insecure.SHA1()
        hash.update(data: Array("blob \(FilePlace.size(of: path) ?? 0)\0".utf8))
        try read(path, check) { hash.update(data: $0) }
        return hexadecimal(hash.finalize())
    }

    private static func read(_ path: String, _ check: () throws -> Void, _ take: (Data) -> Void) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw AppError.input(path: path, what: "the model's file", code: errno)
        }
        defer { try? handle.close() }
        while true {
            try check()
            let piece: Data?
            do {
                piece = try handle.read(upToCount: 1 << 20)
            } catch {
                throw AppError.input(path: path, what: "the model's file", code: EIO)
            }
            // nil is the end of the file.
            guard let piece, !piece.isEmpty else { break }
            take(piece)
        }
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

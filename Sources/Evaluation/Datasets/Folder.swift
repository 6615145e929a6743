internal import Glibc

/// What is in the file system, asked without Foundation.
enum Folder {
    /// What is at a path, links followed.
    enum Kind: Equatable {
        case missing
        /// Anything that is no folder.
        case file
        case folder
        /// The system does not say: an `errno`.
        case unreachable(Int32)
    }

    /// What is at a path.
    static func kind(of path: String) -> Kind {
        var status = stat()
        if unsafe stat(path, &status) == 0 { return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file }
        switch errno {
        case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP: return .missing
        default: return .unreachable(errno)
        }
    }

    /// Whether something is at a path, be it a folder; a path that may not be looked at counts, so that opening it gives
    /// the reason.
    static func exists(_ path: String) -> Bool { kind(of: path) != .missing }

    /// Whether a folder is at a path.
    static func isFolder(_ path: String) -> Bool { kind(of: path) == .folder }

    /// The names in a folder without hidden ones, sorted by their bytes.
    ///
    /// - Throws: `cannotList`.
    static func names(in path: String) throws(EvaluationError) -> [String] {
        guard let directory = unsafe opendir(path) else { throw .dataset(.cannotList(path: path, code: errno)) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.precedesByBytes($1) }
    }

    /// What a folder holds, for messages: the names of some folders and files.
    static func summary(of path: String) -> String {
        let names: [String]
        do {
            names = try self.names(in: path)
        } catch {
            return error.description
        }
        if names.isEmpty { return "nothing, the folder is empty" }
        let folders = names.filter { isFolder("\(path)/\($0)") }.map { $0 + "/" }
        let files = names.filter { !isFolder("\(path)/\($0)") }
        return listed(folders + files, limit: 12)
    }

    /// The last part of a path.
    static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The last part of a path's real name, so that `.` has one too.
    static func resolvedName(of path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return name(of: path) }
        defer { unsafe free(resolved) }
        return unsafe name(of: String(cString: resolved))
    }

    /// A path without its last part; `.` where it has one part only.
    static func parent(of path: String) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path[...]
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    /// Whether an `errno` says that permission is missing.
    static func isPermission(_ code: Int32) -> Bool { code == EACCES || code == EPERM }

    /// What the operating system says about an `errno`.
    static func message(_ code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}

extension String {
    /// Whether the text comes before another one by its bytes, as Python sorts names.
    func precedesByBytes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

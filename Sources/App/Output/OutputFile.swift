import Decode
import Features
import Glibc

/// A file that appears complete or not at all: written under a temporary name beside its place, then renamed.
///
/// Devices, FIFOs and sockets are written directly, since there is nothing to rename. A symbolic link is followed, so
/// that the link stays and its target is replaced. Creating one checks at once that the place can be written, before
/// any work is done.
struct OutputFile: ~Copyable {
    /// The path as the user gave it.
    let path: String
    /// Where the bytes go until `publish`; equal to the final path for devices and FIFOs.
    let temporaryPath: String
    private let finalPath: String
    private var published = false

    /// Bytes of the final name that the temporary name repeats; with what it adds it stays below the 255 of Linux.
    private static let repeatedNameBytes = 150

    /// Whether the bytes go straight to their place.
    var isDirect: Bool { temporaryPath == finalPath }

    /// Prepares the place.
    ///
    /// - Throws: where it is a directory, in an unwritable folder, a symlink loop, one of `inputs`, or the place of
    ///   another output of this run.
    init(path: String, inputs: [String]) throws(AppError) {
        let place = try Self.place(of: path, inputs: inputs)
        var temporary = place.path
        if !place.isDirect {
            guard TemporaryFiles.claim(place.path) else { throw .outputTwice(path: path) }
            do {
                temporary = try Self.createTemporary(for: place.path, named: path)
            } catch {
                TemporaryFiles.release(place.path)
                throw error
            }
        }
        self.path = path
        finalPath = place.path
        temporaryPath = temporary
    }

    /// Where the bytes end up, links followed, and whether they go there directly.
    private static func place(of path: String, inputs: [String]) throws(AppError) -> (path: String, isDirect: Bool) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .output(path: path, operation: "create", code: errno) }
            let (folder, name) = split(path)
            guard !name.isEmpty, let resolved = unsafe realpath(folder, nil) else {
                throw .output(path: path, operation: "create", code: ENOENT)
            }
            defer { unsafe free(resolved) }
            return (unsafe "\(String(cString: resolved))/\(name)", false)
        }
        if status.st_mode & S_IFMT == S_IFDIR { throw .output(path: path, operation: "create", code: EISDIR) }
        for input in inputs {
            var other = stat()
            if unsafe stat(input, &other) == 0, other.st_dev == status.st_dev, other.st_ino == status.st_ino {
                throw .outputIsInput(path: path, input: input)
            }
        }
        guard unsafe access(path, W_OK) == 0 else { throw .output(path: path, operation: "create", code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG, let resolved = unsafe realpath(path, nil) else { return (path, true) }
        defer { unsafe free(resolved) }
        return (unsafe String(cString: resolved), false)
    }

    /// The folder of a path and the name in it, as bytes: a name need not be one that Unicode would keep whole.
    private static func split(_ path: String) -> (folder: String, name: String) {
        let bytes = path.utf8
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let folder = slash == bytes.startIndex ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
        return (folder, String(decoding: bytes[bytes.index(after: slash)...], as: UTF8.self))
    }

    /// Creates an empty file under a hidden name in the same folder, so that the rename stays on one file system.
    ///
    /// Never follows a link that somebody may have laid there.
    private static func createTemporary(for final: String, named path: String) throws(AppError) -> String {
        let (folder, name) = split(final)
        var repeated = name
        while repeated.utf8.count > repeatedNameBytes { repeated.removeLast() }
        let temporary = "\(folder == "/" ? "" : folder)/.\(repeated).\(getpid())-\(TemporaryFiles.number()).partial"
        // What lies there was left by a process that had the same number and was killed.
        unsafe unlink(temporary)
        let descriptor = unsafe Glibc.open(
            temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .output(path: path, operation: "create", code: errno) }
        _ = Glibc.close(descriptor)
        TemporaryFiles.add(temporary)
        return temporary
    }

    /// Opens the temporary file for writing.
    func openSink() throws(AppError) -> ByteSink {
        let flags = O_WRONLY | O_CLOEXEC | (isDirect ? 0 : O_TRUNC | O_NOFOLLOW)
        let descriptor = unsafe Glibc.open(temporaryPath, flags)
        guard descriptor >= 0 else { throw .output(path: path, operation: "create", code: errno) }
        return ByteSink(descriptor: descriptor, path: path, ownsDescriptor: true)
    }

    /// Refuses devices, FIFOs and sockets, where the bytes are not written from first to last.
    func requireRegularFile(for option: String) throws(AppError) {
        guard isDirect else { return }
        throw .usage("\(option) needs a regular file: \(path) is a device or pipe")
    }

    /// Runs what writes to `temporaryPath`; where that fails, the error names the path that the user gave.
    func naming<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch DecodeError.writeFailed(temporaryPath, let code) {
            throw AppError.output(path: path, operation: "write", code: code)
        } catch DecodeError.cannotCreate(temporaryPath, let code) {
            throw AppError.output(path: path, operation: "create", code: code)
        } catch FeatureError.weights(.system(temporaryPath, let operation, let code)) {
            throw AppError.output(path: path, operation: operation, code: code)
        }
    }

    /// Puts the finished file in its place; the bytes must have been synchronised.
    mutating func publish() throws(AppError) {
        published = true
        guard !isDirect else { return }
        defer { TemporaryFiles.release(finalPath) }
        if unsafe rename(temporaryPath, finalPath) != 0 {
            let code = errno
            unsafe unlink(temporaryPath)
            TemporaryFiles.remove(temporaryPath)
            throw .output(path: path, operation: "publish", code: code)
        }
        TemporaryFiles.remove(temporaryPath)
    }

    deinit {
        if !published, !isDirect {
            unsafe unlink(temporaryPath)
            TemporaryFiles.remove(temporaryPath)
            TemporaryFiles.release(finalPath)
        }
    }
}

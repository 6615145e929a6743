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

    /// Whether the bytes go straight to their place.
    var isDirect: Bool { temporaryPath == finalPath }

    /// Prepares the place, refusing a directory, an unwritable folder, a symlink loop, and any of `inputs`.
    init(path: String, inputs: [String]) throws(AppError) {
        let place = try Self.place(of: path, inputs: inputs)
        let temporary = place.isDirect ? place.path : Self.partialPath(for: place.path)
        if !place.isDirect {
            let descriptor = unsafe Glibc.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw .output(path: path, operation: "create", code: errno) }
            _ = Glibc.close(descriptor)
            TemporaryFiles.add(temporary)
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
            return (path, false)
        }
        if status.st_mode & S_IFMT == S_IFDIR { throw .output(path: path, operation: "create", code: EISDIR) }
        for input in inputs {
            var other = stat()
            if unsafe stat(input, &other) == 0, other.st_dev == status.st_dev, other.st_ino == status.st_ino {
                throw .outputIsInput(path: path, input: input)
            }
        }
        guard unsafe access(path, W_OK) == 0 else { throw .output(path: path, operation: "write", code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG, let resolved = unsafe realpath(path, nil) else { return (path, true) }
        defer { unsafe free(resolved) }
        return (unsafe String(cString: resolved), false)
    }

    /// A hidden name in the same folder, so that the rename stays on one file system.
    private static func partialPath(for path: String) -> String {
        let start = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        return "\(path[..<start]).\(path[start...]).\(getpid()).partial"
    }

    /// Opens the temporary file for writing.
    func openSink() throws(AppError) -> ByteSink {
        let descriptor = unsafe Glibc.open(temporaryPath, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard descriptor >= 0 else { throw .output(path: path, operation: "write", code: errno) }
        return ByteSink(descriptor: descriptor, path: path, ownsDescriptor: true)
    }

    /// Puts the finished file in its place; the bytes must have been synchronised.
    mutating func publish() throws(AppError) {
        published = true
        guard !isDirect else { return }
        if unsafe rename(temporaryPath, finalPath) != 0 {
            let code = errno
            unsafe unlink(temporaryPath)
            throw .output(path: path, operation: "publish", code: code)
        }
        TemporaryFiles.remove(temporaryPath)
    }

    deinit {
        if !published, !isDirect {
            unsafe unlink(temporaryPath)
            TemporaryFiles.remove(temporaryPath)
        }
    }
}

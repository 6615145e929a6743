import Glibc

/// What stands behind a `VideoSource`.
enum OpenedSource {
    /// A folder, to be looked through for images.
    case folder(path: String)
    /// Anything that gives bytes.
    case bytes(ByteSource)
}

extension VideoSource {
    /// Longest wait for a pipe's bytes where the options say nothing, in seconds.
    private static let defaultPipeTimeout = 30.0

    /// Opens files, FIFOs and standard input by their descriptor, so that FFmpeg never sees a name it could take for
    /// a URL.
    func open(options: DecodeOptions, cancellation: CancellationFlag) throws(DecodeError) -> OpenedSource {
        switch self {
        case .standardInput:
            return .bytes(try openStandardInput(options: options, cancellation: cancellation))
        case .path(let path):
            return try openPath(path, options: options, cancellation: cancellation)
        }
    }

    private func openStandardInput(options: DecodeOptions, cancellation: CancellationFlag) throws(DecodeError)
        -> ByteSource
    {
        var status = stat()
        guard unsafe fstat(STDIN_FILENO, &status) == 0 else { throw .cannotOpen(path: name, code: errno) }
        guard isatty(STDIN_FILENO) == 0 else { throw .terminal }
        let kind = FileKind(status)
        guard kind != .folder else { throw .notAFile(path: name, kind: kind.rawValue) }
        // A redirected file can be read anywhere, unless somebody has already read a part of it.
        let isSeekable = kind == .regular && lseek(STDIN_FILENO, 0, SEEK_CUR) == 0
        return ByteSource(
            descriptor: STDIN_FILENO, ownsDescriptor: false, name: name, isSeekable: isSeekable,
            timeoutSeconds: VideoSource.timeout(options), cancellation: cancellation)
    }

    private func openPath(_ path: String, options: DecodeOptions, cancellation: CancellationFlag) throws(DecodeError)
        -> OpenedSource
    {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            let code = errno
            if VideoSource.looksLikeURL(path) { throw .urlRefused(path) }
            throw VideoSource.openingError(path, code)
        }
        let kind = FileKind(status)
        switch kind {
        case .folder: return .folder(path: path)
        case .regular, .pipe, .characterDevice: break
        case .blockDevice, .socket, .other: throw .notAFile(path: path, kind: kind.rawValue)
        }
        // Without O_NONBLOCK, opening a FIFO would wait for its writer with no time limit.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | (kind == .regular ? 0 : O_NONBLOCK))
        guard descriptor >= 0 else { throw VideoSource.openingError(path, errno) }
        let bytes = ByteSource(
            descriptor: descriptor, ownsDescriptor: true, name: path, isSeekable: kind == .regular,
            timeoutSeconds: VideoSource.timeout(options), cancellation: cancellation)
        guard isatty(descriptor) == 0 else { throw .terminal }
        return .bytes(bytes)
    }

    /// The error for an errno of stat, open or opendir.
    static func openingError(_ path: String, _ code: Int32) -> DecodeError {
        switch code {
        case ENOENT, ENOTDIR: .notFound(path: path)
        case EACCES, EPERM: .notPermitted(path: path)
        default: .cannotOpen(path: path, code: code)
        }
    }

    /// Seconds to wait for a pipe; nil: for ever.
    private static func timeout(_ options: DecodeOptions) -> Double? {
        let seconds = options.readTimeoutSeconds ?? defaultPipeTimeout
        return seconds > 0 && seconds.isFinite ? seconds : nil
    }

    /// Whether FFmpeg would take the name for `scheme:…` or `scheme,options:…`.
    private static func looksLikeURL(_ path: String) -> Bool {
        guard let colon = path.firstIndex(of: ":"), colon != path.startIndex else { return false }
        return path[..<colon].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.,_".contains($0)) }
    }
}

/// What kind of thing a path names, with the word for it in messages.
enum FileKind: String {
    case regular = "regular file"
    case folder = "folder"
    case pipe = "pipe"
    case characterDevice = "character device"
    case blockDevice = "block device"
    case socket = "socket"
    case other = "special file"

    init(_ status: stat) {
        self =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFIFO: .pipe
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            case S_IFSOCK: .socket
            default: .other
            }
    }
}

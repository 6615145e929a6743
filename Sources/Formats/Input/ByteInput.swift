#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// When a wait has to end.
struct Deadline {
    let instant: ContinuousClock.Instant
    /// What the user asked for, for the message.
    let seconds: Double

    /// A deadline that many seconds from now; nil for no limit.
    init?(secondsFromNow seconds: Double?) {
        guard let seconds, seconds.isFinite, seconds >= 0 else { return nil }
        self.seconds = seconds
        instant = .now + .seconds(min(seconds, 1e9))
    }

    /// Milliseconds left, rounded up, for `poll`.
    var millisecondsLeft: Int32 {
        let left = instant - .now
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        return Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }
}

/// The bytes of an input: an open descriptor, or memory in tests and fuzzers.
///
/// Owns a descriptor that it opened; one that the parent process handed over stays open.
final class ByteInput {
    /// What messages call the input.
    let name: String
    /// Whether bytes come as somebody writes them: anything but a regular file.
    let isLive: Bool
    /// Size of a regular file or of memory, bytes; nil where only the end will tell.
    let knownSize: Int?
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private let startOffset: Int
    private let wakeUp: WakeUp
    private var memory: [UInt8]
    private var memoryPosition = 0
    private let memoryStep: Int
    /// How many bytes of the file may yet be read.
    private var remaining = Int.max

    /// Opens a location.
    ///
    /// A FIFO is opened without waiting for its writer: the wait belongs to the first read, which can be given up.
    init(_ location: BoxLocation, wakeUp: WakeUp) throws(FormatError) {
        name = location.name
        self.wakeUp = wakeUp
        memory = []
        memoryStep = 0
        switch location {
        case .path(let path):
            descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            ownsDescriptor = true
            if descriptor < 0 { throw Self.failure(path: name, code: errno) }
        case .fileDescriptor(let number):
            descriptor = number
            ownsDescriptor = false
            let flags = fcntl(number, F_GETFL)
            if flags < 0 || flags & O_ACCMODE == O_WRONLY { throw .descriptorNotOpen(number) }
        case .standardInput:
            descriptor = 0
            ownsDescriptor = false
            if fcntl(0, F_GETFL) < 0 { throw .descriptorNotOpen(0) }
        }
        var status = stat()
        let code = unsafe fstat(descriptor, &status) == 0 ? 0 : errno
        let kind = status.st_mode & S_IFMT
        if code != 0 || kind == S_IFDIR {
            if ownsDescriptor { _ = close(descriptor) }
            throw code == 0 ? .isDirectory(path: name) : .cannotRead(source: name, code: code)
        }
        isLive = kind != S_IFREG
        knownSize = isLive ? nil : max(0, Int(status.st_size))
        startOffset = isLive ? 0 : max(0, Int(lseek(descriptor, 0, SEEK_CUR)))
    }

    /// An input that is in memory already; `live` gives it out `step` bytes at a time, as a slow pipe would.
    init(bytes: [UInt8], name: String, live: Bool = false, step: Int = .max, wakeUp: WakeUp = WakeUp()) {
        self.name = name
        self.wakeUp = wakeUp
        isLive = live
        knownSize = bytes.count
        descriptor = -1
        ownsDescriptor = false
        startOffset = 0
        memory = bytes
        memoryStep = max(1, step)
    }

    /// A part of a regular file.
    convenience init(path: String, bytes range: Range<Int>) throws(FormatError) {
        try self.init(.path(path), wakeUp: WakeUp())
        if descriptor >= 0, lseek(descriptor, off_t(range.lowerBound), SEEK_SET) < 0 {
            throw .cannotRead(source: name, code: errno)
        }
        remaining = range.count
    }

    deinit {
        if ownsDescriptor { _ = close(descriptor) }
    }

    /// Goes back to where the input began; regular files and memory only.
    func rewind() {
        memoryPosition = 0
        if descriptor >= 0 { _ = lseek(descriptor, off_t(startOffset), SEEK_SET) }
    }

    /// Fills `buffer` from `offset` on and returns how many bytes came; 0 at the end of the input.
    ///
    /// - Throws: `timedOut` at the deadline, `cancelled` after a wake-up, `cannotRead`.
    func read(into buffer: inout [UInt8], at offset: Int, deadline: Deadline?) throws(FormatError) -> Int {
        if descriptor < 0 { return readMemory(into: &buffer, at: offset) }
        while true {
            if wakeUp.isRaised { throw .cancelled }
            if isLive { try waitForBytes(until: deadline) }
            let room = min(buffer.count - offset, remaining)
            let target = descriptor
            let count = unsafe buffer.withUnsafeMutableBytes { bytes -> Int in
                guard let base = bytes.baseAddress else { return 0 }
                return unsafe Self.readOnce(target, base + offset, room)
            }
            if count >= 0 {
                remaining -= count
                return count
            }
            let code = Int32(-count)
            if code != EINTR, code != EAGAIN { throw .cannotRead(source: name, code: code) }
        }
    }

    private static func readOnce(_ descriptor: Int32, _ base: UnsafeMutableRawPointer, _ room: Int) -> Int {
        #if canImport(Glibc)
            let count = unsafe Glibc.read(descriptor, base, room)
        #else
            let count = unsafe Musl.read(descriptor, base, room)
        #endif
        return count < 0 ? -Int(errno) : count
    }

    private func readMemory(into buffer: inout [UInt8], at offset: Int) -> Int {
        let count = min(buffer.count - offset, memory.count - memoryPosition, memoryStep)
        for index in 0..<count { buffer[offset + index] = memory[memoryPosition + index] }
        memoryPosition += count
        return count
    }

    /// Waits until the descriptor has bytes or has ended.
    private func waitForBytes(until deadline: Deadline?) throws(FormatError) {
        while true {
            // A FIFO that no writer has opened yet reports nothing here, where `read` would report the end at once.
            var entries = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let result = unsafe poll(&entries, 2, deadline?.millisecondsLeft ?? -1)
            if wakeUp.isRaised { throw .cancelled }
            if result < 0 {
                if errno == EINTR { continue }
                throw .cannotRead(source: name, code: errno)
            }
            if entries[0].revents & Int16(POLLNVAL) != 0 { throw .descriptorNotOpen(descriptor) }
            if entries[0].revents != 0 { return }
            if let deadline, deadline.millisecondsLeft == 0 { throw .timedOut(source: name, seconds: deadline.seconds) }
        }
    }

    /// The error for a path that could not be opened.
    static func failure(path: String, code: Int32) -> FormatError {
        switch code {
        case ENOENT, ENOTDIR: .notFound(path: path)
        case EACCES, EPERM: .notPermitted(path: path)
        case EISDIR: .isDirectory(path: path)
        default: .cannotRead(source: path, code: code)
        }
    }
}

import CFFmpeg
import Glibc

/// The bytes of a file, a FIFO or standard input, as FFmpeg's demuxers ask for them.
///
/// The descriptor is opened here and FFmpeg never opens anything itself. Regular files can be read from any position;
/// everything else only forwards, waiting with `poll` so that a time limit and `cancel()` work.
///
/// A failure in here reaches the caller through `failure`, because a demuxer turns many return codes into "end of file".
final class ByteSource {
    /// How messages call it.
    let name: String
    /// Whether any position can be read: a regular file.
    let isSeekable: Bool
    /// Bytes delivered so far.
    private(set) var bytesRead: Int64 = 0
    /// Why reading stopped early: a time limit, a cancellation or an I/O error.
    private(set) var failure: DecodeError?
    /// Whether the end was met.
    private(set) var reachedEnd = false

    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private let timeoutSeconds: Double?
    private let cancellation: CancellationFlag

    /// Takes over a descriptor.
    ///
    /// - Parameters:
    ///   - ownsDescriptor: whether to close it in the end.
    ///   - timeoutSeconds: longest wait for the next bytes; nil: for ever. Not used for regular files.
    init(
        descriptor: Int32, ownsDescriptor: Bool, name: String, isSeekable: Bool, timeoutSeconds: Double?,
        cancellation: CancellationFlag
    ) {
        self.descriptor = descriptor
        self.ownsDescriptor = ownsDescriptor
        self.name = name
        self.isSeekable = isSeekable
        self.timeoutSeconds = timeoutSeconds
        self.cancellation = cancellation
    }

    deinit {
        if ownsDescriptor { close(descriptor) }
    }

    /// Reads up to `buffer.count` bytes: how many, 0 at the end, or a negative AVERROR.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int32 {
        guard failure == nil else { return vtrack_AVERROR_EXIT }
        while true {
            if cancellation.isRaised { return stop(.cancelled(source: name)) }
            if !isSeekable, let stopped = waitForBytes() { return stopped }
            let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 {
                bytesRead += Int64(count)
                return Int32(clamping: count)
            }
            if count == 0 {
                reachedEnd = true
                return 0
            }
            let code = errno
            // A descriptor that does not block may be empty again by now.
            guard code == EINTR || code == EAGAIN else { return stop(.readFailed(source: name, code: code)) }
        }
    }

    /// Moves to a position or tells the size, as avio's `seek` asks.
    func seek(to offset: Int64, whence: Int32) -> Int64 {
        guard isSeekable else { return Int64(-ESPIPE) }
        if whence & AVSEEK_SIZE != 0 {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { return Int64(-errno) }
            return Int64(status.st_size)
        }
        let position = lseek(descriptor, off_t(offset), whence & ~AVSEEK_FORCE)
        return position < 0 ? Int64(-errno) : Int64(position)
    }

    /// Waits until there is something to read; a return code where the wait ended otherwise.
    private func waitForBytes() -> Int32? {
        let deadline = timeoutSeconds.map { monotonicSeconds() + $0 }
        while true {
            var polled = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: cancellation.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            var milliseconds: Int32 = -1
            if let deadline {
                milliseconds = Int32(clamping: Int64(max(0, (deadline - monotonicSeconds()) * 1000).rounded(.up)))
            }
            let ready = unsafe poll(&polled, 2, milliseconds)
            if cancellation.isRaised { return stop(.cancelled(source: name)) }
            if ready > 0 { return nil }
            if ready < 0 {
                guard errno == EINTR else { return stop(.readFailed(source: name, code: errno)) }
                continue
            }
            if let timeoutSeconds, let deadline, monotonicSeconds() >= deadline {
                return stop(.timedOut(source: name, seconds: timeoutSeconds))
            }
        }
    }

    private func stop(_ error: DecodeError) -> Int32 {
        failure = error
        return vtrack_AVERROR_EXIT
    }

    private func monotonicSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

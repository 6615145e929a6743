import CFFmpeg
import Glibc
import Synchronization

/// The last lines that the FFmpeg libraries logged, so that an error can quote the one that explains it.
///
/// FFmpeg has one log callback per process. It is replaced on first use; nothing goes to standard error any more.
/// Memory is bounded: 64 lines of at most 400 bytes.
enum FFmpegLog {
    /// One logged line.
    struct Line {
        /// Position in the log since the process began, from 1.
        var sequence: UInt64
        /// Address of the object that logged: only compared, never followed.
        var context: UInt
        /// Thread that logged.
        var thread: UInt
        /// FFmpeg's level; smaller is more severe.
        var level: Int32
        /// The line without its final newline.
        var text: String
    }

    private struct Ring {
        var lines: [Line] = []
        var sequence: UInt64 = 0
        static let capacity = 64
    }

    private static let ring = Mutex(Ring())

    /// Installs the callback; runs once per process.
    static let install: Void = {
        unsafe av_log_set_callback { context, level, format, arguments in
            guard level <= AV_LOG_INFO, let format = unsafe format, let arguments = unsafe arguments else { return }
            if unsafe strncmp(format, "concealing", 10) == 0 { unsafe ConcealmentCounter.count(context) }
            // Warnings explain damage; anything chattier is dropped before it is formatted.
            guard level <= AV_LOG_WARNING else { return }
            var printPrefix: Int32 = 0
            let text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
                guard let start = buffer.baseAddress else { return "" }
                let needed = unsafe av_log_format_line2(
                    context, level, format, arguments, start, Int32(buffer.count), &printPrefix)
                return needed < 0 ? "" : unsafe String(cString: start)
            }
            FFmpegLog.append(context: UInt(bitPattern: context), level: level, text: text)
        }
    }()

    private static func append(context: UInt, level: Int32, text: String) {
        var line = text[...]
        while let last = line.last, last.isNewline || last == " " { line.removeLast() }
        guard !line.isEmpty else { return }
        let thread = currentThread()
        ring.withLock { ring in
            ring.sequence += 1
            if ring.lines.count == Ring.capacity { ring.lines.removeFirst() }
            ring.lines.append(
                Line(
                    sequence: ring.sequence, context: context, thread: thread, level: level,
                    text: String(line)))
        }
    }

    /// Position of the newest line; 0 when nothing has been logged yet.
    static var position: UInt64 { ring.withLock { $0.sequence } }

    /// The lines after `position` that came from the calling thread or from one of `contexts`, oldest first.
    ///
    /// Lines of other readers in the same process are left out; so are those of the decoder's own threads.
    static func lines(after position: UInt64, contexts: [UInt] = []) -> [Line] {
        let thread = currentThread()
        return ring.withLock { ring in
            ring.lines.filter {
                $0.sequence > position && ($0.thread == thread || contexts.contains($0.context))
            }
        }
    }
}

/// Counts the frames in which a decoder concealed errors.
///
/// `AVFrame.decode_error_flags` misses them under frame threading: a frame may be handed out before its own thread has
/// met the damage. The log does not, and the decoder's `opaque` field, which its threads share, says whose line it is.
final class ConcealmentCounter: Sendable {
    private let frames = Atomic<Int>(0)

    /// Frames so far.
    var count: Int { frames.load(ordering: .relaxed) }

    /// Counts a line logged by `context`, which may be any of FFmpeg's objects.
    static func count(_ context: UnsafeMutableRawPointer?) {
        // All of them begin with a pointer to their class.
        guard let context = unsafe context,
            unsafe context.load(as: UnsafePointer<AVClass>?.self) == avcodec_get_class(),
            let opaque = unsafe context.assumingMemoryBound(to: AVCodecContext.self).pointee.opaque
        else { return }
        unsafe Unmanaged<ConcealmentCounter>.fromOpaque(opaque).takeUnretainedValue()
            .frames.add(1, ordering: .relaxed)
    }
}

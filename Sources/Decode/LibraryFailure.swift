import CFFmpeg
import Glibc

/// A call into FFmpeg that failed: what was being done, to what, the code, and the log line that explains it.
public struct LibraryFailure: Equatable, Sendable, CustomStringConvertible {
    /// What was being done, as a phrase: "reading the header".
    public let operation: String
    /// The file, folder or pipe concerned.
    public let source: String
    /// The AVERROR code, negative.
    public let code: Int32
    /// The last line that FFmpeg logged about it, with its `[component @ …]` prefix cut to `[component]`; may be absent.
    public let logLine: String?

    /// A sentence with all of it.
    public var description: String {
        let quoted = logLine.map { " (FFmpeg says: \($0))" } ?? ""
        return "\(source): \(operation) failed: \(LibraryFailure.text(for: code))\(quoted)"
    }

    /// FFmpeg's text for an AVERROR code.
    static func text(for code: Int32) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let start = buffer.baseAddress else { return "error \(code)" }
            let known = unsafe av_strerror(code, start, buffer.count)
            return known < 0 ? "error \(code)" : unsafe String(cString: start)
        }
    }
}

/// Follows one reader's or writer's calls into FFmpeg, so that a failure can quote the right log line.
struct LibraryCalls {
    /// The file, folder or pipe concerned.
    let source: String
    /// Log position when the reader began; older lines are not its own.
    private(set) var logStart: UInt64

    init(source: String) {
        FFmpegLog.install
        self.source = source
        logStart = FFmpegLog.position
    }

    /// The newest line that is at least as severe as an error, or else the newest line, without addresses.
    func lastLogLine(contexts: [UInt] = []) -> String? {
        let lines = FFmpegLog.lines(after: logStart, contexts: contexts)
        let line = lines.last { $0.level <= AV_LOG_ERROR } ?? lines.last
        return line.map { LibraryCalls.withoutAddress($0.text) }
    }

    /// Whether FFmpeg logged a line that contains `text` since the reader began.
    func logged(_ text: String) -> Bool {
        FFmpegLog.lines(after: logStart).contains { $0.text.contains(text) }
    }

    /// Describes a failed call.
    func failure(_ code: Int32, _ operation: String) -> LibraryFailure {
        LibraryFailure(operation: operation, source: source, code: code, logLine: lastLogLine())
    }

    /// Passes a return code through, or throws when it is negative.
    @discardableResult
    func check(_ code: Int32, _ operation: String) throws(DecodeError) -> Int32 {
        guard code < 0 else { return code }
        throw .library(failure(code, operation))
    }

    /// Throws where FFmpeg could not allocate; otherwise gives the pointer back.
    func allocated<Pointer>(_ pointer: Pointer?, _ operation: String) throws(DecodeError) -> Pointer {
        guard let pointer else { throw .library(failure(-ENOMEM, operation)) }
        return pointer
    }

    /// Cuts ` @ 0x55…` out of the prefix, so that the same failure always reads the same.
    private static func withoutAddress(_ text: String) -> String {
        guard text.hasPrefix("["), let at = text.firstIndex(of: "@"), let end = text.firstIndex(of: "]"), at < end
        else { return text }
        return String(text[..<at].trimmingSuffix(" ") + text[end...])
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ character: Character) -> Substring {
        var result = self
        while result.last == character { result.removeLast() }
        return result
    }
}

/// The calling thread's identity, for comparing only.
func currentThread() -> UInt { UInt(pthread_self()) }

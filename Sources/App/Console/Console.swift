import Glibc
import Logging

/// What the program says on standard error, apart from progress.
///
/// Data goes to files and standard output; notes, warnings and errors go through swift-log with this handler, so that
/// a later service can exchange the handler and keep the messages.
struct ConsoleLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let prefix =
            switch event.level {
            case .trace, .debug: "debug: "
            case .info, .notice: ""
            case .warning: "warning: "
            case .error, .critical: "error: "
            }
        Console.line("vtrack: \(prefix)\(event.message)")
    }
}

/// Standard error, a line at a time.
enum Console {
    /// Writes a whole line with one system call, so that lines of several processes do not mix.
    ///
    /// Failure is ignored on purpose: there is nowhere left to report it.
    static func line(_ text: String) {
        ProgressLine.erase(thenWriting: text + "\n")
    }
}

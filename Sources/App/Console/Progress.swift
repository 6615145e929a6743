import Foundation
import Glibc
import Synchronization

/// How progress is shown.
enum ProgressMode: String, CaseIterable {
    /// A line that renews itself where standard error is a terminal, nothing elsewhere.
    case auto
    /// A JSON object a line on standard error, at most ten a second.
    case json
    /// Nothing.
    case none
}

/// The progress line that stands on the terminal, if any; messages erase it before they are printed.
///
/// One lock for the line and the messages, and one system call for each, so that they do not mix.
enum ProgressLine {
    private static let width = Mutex<Int>(0)

    /// Replaces the line; what the terminal is too narrow for is left out, since only one row can be renewed.
    static func show(_ text: String) {
        let text = columns().map { String(text.prefix(max(1, $0 - 1))) } ?? text
        width.withLock { width in
            let padding = String(repeating: " ", count: max(0, width - text.count))
            write("\r\(text)\(padding)")
            width = text.count
        }
    }

    /// Removes the line, and writes a message in its place.
    static func erase(thenWriting message: String = "") {
        width.withLock { width in
            let blank = width > 0 ? "\r\(String(repeating: " ", count: width))\r" : ""
            width = 0
            let text = blank + message
            if !text.isEmpty { write(text) }
        }
    }

    /// Failure is ignored on purpose: there is nowhere left to report it.
    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { _ = unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Width of the terminal; nil where it does not say.
    private static func columns() -> Int? {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}

/// Shows frames done, rate and time left, at most ten times a second.
struct Progress {
    private let mode: ProgressMode
    private let total: Int?
    private let started = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?

    /// Creates progress for `total` frames, or an unknown number of them.
    init(mode: ProgressMode, total: Int?) {
        let terminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        self.mode = mode == .auto && !terminal ? .none : mode
        self.total = total.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Tells that `done` frames are complete.
    mutating func update(done: Int, frame: Int) {
        guard mode != .none else { return }
        let now = ContinuousClock.now
        if let lastShown, now - lastShown < .milliseconds(100) { return }
        lastShown = now
        let seconds = max(1e-9, (now - started).seconds)
        let rate = Double(done) / seconds
        // A total that was too low says nothing about the time left.
        let left = total.flatMap { $0 >= done ? Double($0 - done) / max(rate, 1e-9) : nil }
        switch mode {
        case .json:
            let total = total.map(String.init) ?? "null"
            let left = left.map { decimal($0, 1) } ?? "null"
            Console.line(
                "{\"frames\": \(done), \"frame\": \(frame), \"total\": \(total), "
                    + "\"frames_per_second\": \(decimal(rate, 2)), \"seconds_left\": \(left)}")
        case .auto:
            let of = total.map { "/\($0)" } ?? ""
            let remaining = left.map { ", \(Int(min($0, 1e6).rounded(.up))) s left" } ?? ""
            ProgressLine.show("frame \(done)\(of), \(decimal(rate, 1)) frames/s\(remaining)")
        case .none: break
        }
    }

    /// Removes the line from the terminal.
    func finish() {
        if mode == .auto { ProgressLine.erase() }
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}

/// A number with a fixed count of decimals and a point, whatever the locale.
func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    let whole = Int(scaled / scale)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(Int(scaled - Double(whole) * scale))
    return "\(sign)\(whole)." + String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
}

import Foundation
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
enum ProgressLine {
    private static let width = Mutex<Int>(0)

    /// Replaces the line.
    static func show(_ text: String) {
        width.withLock { width in
            let padding = String(repeating: " ", count: max(0, width - text.count))
            FileHandle.standardError.write(Data("\r\(text)\(padding)".utf8))
            width = text.count
        }
    }

    /// Removes the line.
    static func erase() {
        width.withLock { width in
            guard width > 0 else { return }
            FileHandle.standardError.write(Data("\r\(String(repeating: " ", count: width))\r".utf8))
            width = 0
        }
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

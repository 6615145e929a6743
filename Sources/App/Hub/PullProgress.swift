import Foundation

/// Shows how much of a file has come: a line on a terminal, JSON lines, or nothing.
struct PullProgress {
    private let mode: ProgressMode
    private var lastShown: ContinuousClock.Instant?
    private var started: (time: ContinuousClock.Instant, bytes: Int)?

    init(mode: ProgressMode) {
        let terminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        self.mode = mode == .auto && !terminal ? .none : mode
    }

    /// Tells that so many bytes of a file are there.
    mutating func update(_ name: String, bytes: Int, total: Int?) {
        guard mode != .none else { return }
        let now = ContinuousClock.now
        if started == nil { started = (now, bytes) }
        if let lastShown, now - lastShown < .milliseconds(100) { return }
        lastShown = now
        let seconds = max(1e-9, (now - (started?.time ?? now)).seconds)
        let rate = Double(bytes - (started?.bytes ?? bytes)) / seconds
        switch mode {
        case .json:
            Console.line(
                "{\"file\": \"\(name)\", \"bytes\": \(bytes), \"total\": \(total.map(String.init) ?? "null"), "
                    + "\"bytes_per_second\": \(decimal(rate, 0))}")
        case .auto:
            var text = "\(name) \(Self.megabytes(bytes))"
            if let total, total > 0 {
                let share = min(1, Double(bytes) / Double(total))
                let bar = Int(share * 20)
                text += "/\(Self.megabytes(total)) MB [\(String(repeating: "#", count: bar))"
                text += "\(String(repeating: ".", count: 20 - bar))] \(Int(share * 100)) %"
            } else {
                text += " MB"
            }
            if rate > 0 { text += ", \(decimal(rate / 1e6, 1)) MB/s" }
            ProgressLine.show(text)
        case .none: break
        }
    }

    /// Removes the line from the terminal, and forgets the file.
    mutating func finish() {
        if mode == .auto { ProgressLine.erase() }
        started = nil
        lastShown = nil
    }

    /// Bytes in millions, with a decimal.
    static func megabytes(_ bytes: Int) -> String { decimal(Double(bytes) / 1e6, 1) }
}

import Foundation
import Glibc
import Synchronization

/// Progress of all sequences together, told by any thread.
final class EvaluationProgress: Sendable {
    private struct State {
        var frames = 0
        var finished = 0
        var lastShown: ContinuousClock.Instant?
    }

    private let mode: ProgressMode
    private let sequences: Int
    private let total: Int?
    private let started = ContinuousClock.now
    private let state = Mutex(State())

    /// - Parameter total: Frames of all sequences; nil where it is not known.
    init(mode: ProgressMode, sequences: Int, total: Int?) {
        let terminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        self.mode = mode == .auto && !terminal ? .none : mode
        self.sequences = sequences
        self.total = total
    }

    /// Tells that a frame is done.
    func frameDone() { update { $0.frames += 1 } }

    /// Tells that a sequence is done.
    func sequenceDone() { update { $0.finished += 1 } }

    /// Removes the line from the terminal.
    func finish() {
        if mode == .auto { ProgressLine.erase() }
    }

    private func update(_ change: (inout State) -> Void) {
        let text: String? = state.withLock { state in
            change(&state)
            guard mode != .none else { return nil }
            let now = ContinuousClock.now
            if let last = state.lastShown, now - last < .milliseconds(100) { return nil }
            state.lastShown = now
            let rate = Double(state.frames) / max(1e-9, (now - started).seconds)
            if mode == .json {
                return "{\"sequences\": \(state.finished), \"of\": \(sequences), \"frames\": \(state.frames), "
                    + "\"total\": \(total.map(String.init) ?? "null"), \"frames_per_second\": \(decimal(rate, 2))}"
            }
            let of = total.map { "/\($0)" } ?? ""
            return "sequence \(state.finished)/\(sequences), frame \(state.frames)\(of), \(decimal(rate, 1)) frames/s"
        }
        guard let text else { return }
        if mode == .json { Console.line(text) } else { ProgressLine.show(text) }
    }
}

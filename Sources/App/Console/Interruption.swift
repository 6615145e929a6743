import Dispatch
import Glibc
import Synchronization

/// SIGINT and SIGTERM: the first one asks the run to publish what is complete, the second one ends the process.
///
/// As long as nothing has been read there is nothing to publish: then the first one ends the process.
final class Interruption: @unchecked Sendable {
    private let received = Atomic<Int32>(0)
    private let actions = Mutex<[@Sendable () -> Void]>([])
    // Written once, by `install`, before any thread but the main one exists.
    nonisolated(unsafe) private var sources: [any DispatchSourceSignal] = []

    /// The signal that arrived, or nil.
    var signal: Int32? {
        let value = received.load(ordering: .relaxed)
        return value == 0 ? nil : value
    }

    /// Throws once a signal has arrived.
    func check() throws(AppError) {
        if let signal { throw .interrupted(signal: signal) }
    }

    /// Adds something that unblocks a waiting reader when a signal arrives.
    func onSignal(_ action: @escaping @Sendable () -> Void) {
        actions.withLock { $0.append(action) }
        if signal != nil { action() }
    }

    /// Takes over SIGINT and SIGTERM, and ignores SIGPIPE so that a closed pipe becomes an error value.
    func install() {
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
        let queue = DispatchQueue(label: "vtrack.signals")
        for number in [SIGINT, SIGTERM] {
            _ = Glibc.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [self] in arrived(number) }
            source.resume()
            unsafe sources.append(source)
        }
    }

    private func arrived(_ number: Int32) {
        let (first, _) = received.compareExchange(expected: 0, desired: number, ordering: .relaxed)
        let actions = actions.withLock { $0 }
        guard first, !actions.isEmpty else {
            TemporaryFiles.deleteAll()
            ProgressLine.erase()
            _exit(128 + number)
        }
        for action in actions { action() }
    }
}

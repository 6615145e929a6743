import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Lets one thread wake another that waits in `poll`.
///
/// A pipe whose writing end is closed to wake: its reading end then reports so for ever, so that a wake-up that comes
/// before the wait is not lost, and nothing is ever written that could block.
final class WakeUp: Sendable {
    private let raised = Atomic<Bool>(false)
    /// What to poll: readable once raised; −1, which `poll` ignores, where the system had no pipe left.
    let descriptor: Int32
    private let writingEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        if unsafe pipe(&ends) == 0 {
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }
        descriptor = ends[0]
        writingEnd = ends[1]
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
        if writingEnd >= 0, !isRaised { _ = close(writingEnd) }
    }

    /// Whether `raise()` was called.
    var isRaised: Bool { raised.load(ordering: .acquiring) }

    /// Wakes the waiting thread, now and in every later wait.
    func raise() {
        let wasRaised = raised.exchange(true, ordering: .acquiringAndReleasing)
        if writingEnd >= 0, !wasRaised { _ = close(writingEnd) }
    }
}

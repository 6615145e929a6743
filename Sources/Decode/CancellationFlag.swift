import Glibc
import Synchronization

/// A flag that one thread raises and that wakes another one out of `poll`.
///
/// Once raised it stays raised.
final class CancellationFlag: Sendable {
    /// Descriptor that becomes readable when the flag is raised; −1 where the system had none left.
    let descriptor: Int32
    private let writeEnd: Int32
    private let raised = Atomic<Bool>(false)

    init() {
        var ends: [Int32] = [-1, -1]
        if unsafe pipe(&ends) == 0 {
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        } else {
            ends = [-1, -1]
        }
        descriptor = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
            close(writeEnd)
        }
    }

    /// Whether `raise()` has been called.
    var isRaised: Bool { raised.load(ordering: .acquiring) }

    /// Raises the flag; callable from any thread, any number of times.
    func raise() {
        let wasRaised = raised.exchange(true, ordering: .acquiringAndReleasing)
        if !wasRaised, writeEnd >= 0 {
            var byte: UInt8 = 1
            _ = unsafe write(writeEnd, &byte, 1)
        }
    }
}

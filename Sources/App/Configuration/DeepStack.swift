import Foundation
import Synchronization

/// Runs a closure on a thread of its own with 256 MB of (virtual) stack.
enum DeepStack {
    /// Runs `body` and returns its result; the caller waits.
    static func run<Value>(_ body: @escaping () -> Value) -> Value {
        // The caller blocks until the thread is done, so nothing is shared at the same time.
        nonisolated(unsafe) var result: Value?
        nonisolated(unsafe) let work = body
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            unsafe result = unsafe work()
            done.signal()
        }
        thread.stackSize = 256 << 20
        thread.start()
        done.wait()
        return unsafe result!
    }
}

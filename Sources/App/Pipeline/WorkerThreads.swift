import Dispatch
import Foundation

/// Threads that work side by side on something until all of them are done.
enum WorkerThreads {
    /// Runs `body` on so many threads, and waits for all of them.
    ///
    /// Their stacks are large enough for what a sequence's boxes and JSON take.
    static func run(_ count: Int, name: String, _ body: @escaping @Sendable () -> Void) {
        let ended = DispatchGroup()
        for _ in 0..<count {
            ended.enter()
            let thread = Thread {
                body()
                ended.leave()
            }
            thread.name = name
            thread.stackSize = 16 << 20
            thread.start()
        }
        ended.wait()
    }
}

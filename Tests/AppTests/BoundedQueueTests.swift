import Foundation
import Synchronization
import Testing

@testable import App

@Suite(.timeLimit(.minutes(1))) struct BoundedQueueTests {
    private struct Broken: Error {}

    /// The producer never runs further ahead than the capacity, and nothing is lost or reordered.
    @Test func keepsOrderAndBound() throws {
        let queue = BoundedQueue<Int, Broken>(capacity: 3)
        let pushed = Atomic<Int>(0)
        let producer = Thread {
            for number in 0..<1000 {
                _ = queue.push(number)
                pushed.store(number + 1, ordering: .sequentiallyConsistent)
            }
            queue.finish()
        }
        producer.start()
        var expected = 0
        while let number = try queue.pop() {
            #expect(number == expected)
            expected += 1
            // One popped, three queued, one being counted.
            let ahead = pushed.load(ordering: .sequentiallyConsistent) - expected
            #expect(ahead <= 4)
        }
        #expect(expected == 1000)
    }

    /// A failure arrives after the elements that came before it.
    @Test func failureComesLast() throws {
        let queue = BoundedQueue<Int, Broken>(capacity: 3)
        #expect(queue.push(1))
        queue.finish(Broken())
        #expect(try queue.pop() == 1)
        #expect(throws: Broken.self) { try queue.pop() }
    }

    /// A consumer that leaves unblocks a producer that waits for room.
    @Test func cancelUnblocksTheProducer() {
        let queue = BoundedQueue<Int, Broken>(capacity: 1)
        let done = DispatchSemaphore(value: 0)
        let refused = Atomic<Bool>(false)
        Thread {
            _ = queue.push(1)
            refused.store(!queue.push(2), ordering: .sequentiallyConsistent)
            done.signal()
        }.start()
        queue.cancel()
        done.wait()
        let wasRefused = refused.load(ordering: .sequentiallyConsistent)
        #expect(wasRefused)
    }
}

import Foundation

/// A queue between one producing and one consuming thread that holds at most `capacity` elements.
///
/// Policy: the producer blocks when the queue is full; nothing is dropped. Either side may end it: the producer with
/// `finish`, after which the consumer drains what is left; the consumer with `cancel`, after which `push` says so.
final class BoundedQueue<Element: Sendable, Failure: Error>: @unchecked Sendable {
    // All state is guarded by `condition`.
    private let condition = NSCondition()
    private let capacity: Int
    // A slot is emptied when its element is taken, so that storage in it has one owner again.
    private var elements: [Element?] = []
    private var head = 0
    private var ended = false
    private var failure: Failure?
    private var cancelled = false

    /// Creates an empty queue.
    init(capacity: Int) {
        precondition(capacity > 0, "a queue must hold something")
        self.capacity = capacity
        elements.reserveCapacity(2 * capacity)
    }

    /// Adds an element, waiting for room; false if the consumer has gone.
    func push(_ element: Element) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while elements.count - head >= capacity, !cancelled { condition.wait() }
        guard !cancelled else { return false }
        elements.append(element)
        condition.signal()
        return true
    }

    /// Ends the queue; with a failure, the consumer gets it after the last element.
    func finish(_ failure: Failure? = nil) {
        condition.lock()
        defer { condition.unlock() }
        ended = true
        self.failure = failure
        condition.broadcast()
    }

    /// The next element, waiting for it; nil at the end.
    func pop() throws(Failure) -> Element? {
        condition.lock()
        defer { condition.unlock() }
        while head == elements.count, !ended { condition.wait() }
        guard head < elements.count else {
            if let failure { throw failure }
            return nil
        }
        let element = elements[head].take()
        head += 1
        if head >= capacity {
            elements.removeFirst(head)
            head = 0
        }
        condition.signal()
        return element
    }

    /// Tells the producer that nobody takes anything any more.
    func cancel() {
        condition.lock()
        defer { condition.unlock() }
        cancelled = true
        elements.removeAll()
        head = 0
        condition.broadcast()
    }
}

extension BoundedQueue where Failure == any Error {
    /// Starts a thread whose body pushes elements, and finishes the queue as the body ends.
    ///
    /// - Parameters:
    ///   - name: The thread's name, for debuggers.
    ///   - ended: Signalled once when the thread is done with everything.
    func fill(onThread name: String, ended: DispatchSemaphore, _ produce: @escaping @Sendable () throws -> Void) {
        let thread = Thread { [self] in
            do {
                try produce()
                finish()
            } catch {
                finish(error)
            }
            ended.signal()
        }
        thread.name = name
        thread.stackSize = 16 << 20
        thread.start()
    }
}

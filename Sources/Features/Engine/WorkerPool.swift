internal import CKernels
internal import Glibc
internal import Synchronization

/// Threads that live as long as the engine and run one body at a time, together.
///
/// Each has told oneDNN to use that thread alone, so what a thread computes does not depend on how many there are.
final class WorkerPool: @unchecked Sendable {
    /// More threads than any machine this is for has cores; every one has scratch memory of its own.
    static let maximumThreads = 64

    let count: Int
    private let shared: Shared
    private var threads: [pthread_t] = []

    /// What the threads and the caller see, under one mutex.
    ///
    /// The threads hold it and not the pool, so that the pool can go away and end them.
    @safe
    private final class Shared: @unchecked Sendable {
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private let finish = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private var body: ((Int) -> Void)?
        /// Counts the bodies, so that a thread that is late does not run one twice.
        private var generation = 0
        private var running = 0
        private var ends = false

        init() {
            unsafe pthread_mutex_init(mutex, nil)
            unsafe pthread_cond_init(wake, nil)
            unsafe pthread_cond_init(finish, nil)
        }

        deinit {
            unsafe pthread_cond_destroy(finish)
            unsafe pthread_cond_destroy(wake)
            unsafe pthread_mutex_destroy(mutex)
            unsafe finish.deallocate()
            unsafe wake.deallocate()
            unsafe mutex.deallocate()
        }

        func work(as worker: Int) {
            LibraryThreads.useCallingThreadOnly()
            var seen = 0
            unsafe pthread_mutex_lock(mutex)
            while true {
                while !ends, generation == seen { unsafe pthread_cond_wait(wake, mutex) }
                if ends { break }
                seen = generation
                let body = body
                unsafe pthread_mutex_unlock(mutex)
                body?(worker)
                unsafe pthread_mutex_lock(mutex)
                running -= 1
                if running == 0 { unsafe pthread_cond_signal(finish) }
            }
            unsafe pthread_mutex_unlock(mutex)
        }

        func run(threads: Int, _ body: @escaping (Int) -> Void) {
            unsafe pthread_mutex_lock(mutex)
            self.body = body
            generation += 1
            running = threads
            unsafe pthread_cond_broadcast(wake)
            while running > 0 { unsafe pthread_cond_wait(finish, mutex) }
            self.body = nil
            unsafe pthread_mutex_unlock(mutex)
        }

        func end() {
            unsafe pthread_mutex_lock(mutex)
            ends = true
            unsafe pthread_cond_broadcast(wake)
            unsafe pthread_mutex_unlock(mutex)
        }
    }

    /// What a new thread is told.
    private final class Start {
        let shared: Shared
        let worker: Int

        init(shared: Shared, worker: Int) {
            self.shared = shared
            self.worker = worker
        }
    }

    /// - Throws: `EngineError.threads` for a number outside 1…64, `.thread` where the system refuses one.
    init(count: Int) throws(EngineError) {
        guard (1...Self.maximumThreads).contains(count) else { throw .threads(count) }
        self.count = count
        shared = Shared()
        // Signals are for the program's own threads: one that lands here would interrupt nothing but a product.
        var all = sigset_t()
        var previous = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &previous)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &previous, nil) }
        for worker in 0..<count {
            let start = unsafe Unmanaged.passRetained(Start(shared: shared, worker: worker))
            var thread = pthread_t()
            let code = unsafe pthread_create(
                &thread, nil,
                { argument in
                    guard let argument = unsafe argument else { return nil }
                    let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                    start.shared.work(as: start.worker)
                    return nil
                }, start.toOpaque())
            guard code == 0 else {
                unsafe start.release()
                endAll()
                throw .thread(code: code)
            }
            threads.append(thread)
        }
    }

    deinit {
        endAll()
    }

    private func endAll() {
        shared.end()
        for thread in threads { pthread_join(thread, nil) }
        threads = []
    }

    /// Runs `body` once on every thread, with the thread's number from 0, and returns when all have.
    func run(_ body: (Int) -> Void) {
        withoutActuallyEscaping(body) { shared.run(threads: count, $0) }
    }
}

/// Hands out the items of successive stages, each stage starting only when the one before is complete.
///
/// Items are numbered through: item i belongs to stage i / `itemsPerStage`. Which thread runs an item is left to
/// chance; what an item computes must not depend on it.
final class StageClock: Sendable {
    private let itemsPerStage: Int
    private let total: Int
    private let next = Atomic<Int>(0)
    private let done = Atomic<Int>(0)

    init(stages: Int, itemsPerStage: Int) {
        self.itemsPerStage = itemsPerStage
        total = stages * itemsPerStage
    }

    /// Runs items until there are none left, waiting where a stage needs others' results.
    func run(_ body: (_ stage: Int, _ item: Int) -> Void) {
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < total else { return }
            let stage = index / itemsPerStage
            wait(for: stage * itemsPerStage)
            body(stage, index - stage * itemsPerStage)
            done.wrappingAdd(1, ordering: .acquiringAndReleasing)
        }
    }

    /// A stage takes milliseconds and its items are alike, so the wait is short: a few microseconds of looking, then
    /// the core is offered to whoever else wants it.
    private func wait(for completed: Int) {
        var looks = 0
        while done.load(ordering: .acquiring) < completed {
            looks += 1
            if looks > 1000 {
                if looks > 3000 { usleep(20) } else { sched_yield() }
            }
        }
    }
}

extension WorkerPool {
    /// Cores that this process may use, at most `maximumThreads`.
    static var availableCores: Int {
        let count = Int(vtrack_allowed_processors())
        return min(max(count > 0 ? count : sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), maximumThreads)
    }
}

internal import COneDNN
internal import Glibc

/// The library's handle for this machine's processor, and the check every call goes through.
@safe
final class OneDNN: @unchecked Sendable {
    let engine: dnnl_engine_t

    private init(engine: dnnl_engine_t) {
        unsafe self.engine = engine
    }

    deinit {
        unsafe dnnl_engine_destroy(engine)
    }

    private static let made: Result<OneDNN, EngineError> = {
        var engine: dnnl_engine_t?
        let status = unsafe dnnl_engine_create(&engine, dnnl_cpu, 0)
        guard status == dnnl_success, let engine = unsafe engine else {
            return .failure(.library(operation: "find a processor", status: Int32(status.rawValue)))
        }
        return unsafe .success(OneDNN(engine: engine))
    }()

    /// One handle serves the whole process: it holds no state but the processor's kind.
    static func shared() throws(EngineError) -> OneDNN {
        try made.get()
    }

    /// Turns a status into an error.
    static func check(_ status: dnnl_status_t, _ operation: @autoclosure () -> String) throws(EngineError) {
        guard status == dnnl_success else {
            throw .library(operation: operation(), status: Int32(status.rawValue))
        }
    }
}

/// How many threads oneDNN itself uses, per calling thread.
///
/// vtrack divides the work into items of fixed shape and gives each to one of its own threads, so inside a primitive
/// there must be one: a primitive's shape and its order of summation then never depend on the number of threads.
/// Debian's oneDNN uses OpenMP, whose setting belongs to the calling thread.
enum LibraryThreads {
    private typealias Set = @convention(c) (Int32) -> Void
    private typealias Get = @convention(c) () -> Int32

    // Looked up at run time: a library built with another threading layer has no such function, and needs none.
    private static let set: Set? = unsafe dlsym(nil, "omp_set_num_threads").map {
        unsafe unsafeBitCast($0, to: Set.self)
    }
    private static let get: Get? = unsafe dlsym(nil, "omp_get_max_threads").map {
        unsafe unsafeBitCast($0, to: Get.self)
    }

    /// Makes every primitive made or run by the calling thread use that thread alone, from now on.
    static func useCallingThreadOnly() {
        set?(1)
    }

    /// Runs `body` with so many threads and leaves the caller's setting as it was.
    static func with<Value, Failure: Error>(
        _ threads: Int, _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let previous = get?() ?? 1
        set?(Int32(threads))
        defer { set?(previous) }
        return try body()
    }
}

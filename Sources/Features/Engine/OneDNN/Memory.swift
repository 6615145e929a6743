internal import COneDNN
internal import Glibc

/// Memory at a page boundary, uninitialised: pages that are never touched cost nothing.
@safe
final class AlignedBuffer: @unchecked Sendable {
    let start: UnsafeMutablePointer<Float>
    /// The same place, whatever its numbers are.
    var bytes: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(start) }
    /// Single-precision numbers it has room for.
    let count: Int

    init(count: Int) throws(EngineError) {
        let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(by: 4)
        var memory: UnsafeMutableRawPointer?
        guard !overflow, unsafe posix_memalign(&memory, 4096, bytes) == 0, let memory = unsafe memory else {
            throw .memory(bytes: overflow ? Int.max : bytes)
        }
        unsafe start = memory.bindMemory(to: Float.self, capacity: max(count, 1))
        self.count = count
    }

    convenience init(bytes: Int) throws(EngineError) {
        try self.init(count: (bytes + 3) / 4)
    }

    /// Sets all bytes to zero.
    func clear() { unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0, count: count * 4) }

    convenience init(copying values: [Float]) throws(EngineError) {
        try self.init(count: values.count)
        for index in values.indices { unsafe start[index] = values[index] }
    }

    deinit {
        unsafe free(start)
    }
}

/// oneDNN's view of some memory as a tensor.
@safe
final class TensorView: @unchecked Sendable {
    let handle: dnnl_memory_t

    /// A view of nothing until `point(at:)`.
    convenience init(_ layout: TensorLayout) throws(EngineError) {
        try unsafe self.init(layout, at: nil)
    }

    /// A view of all of a buffer.
    convenience init(_ layout: TensorLayout, _ buffer: AlignedBuffer) throws(EngineError) {
        try unsafe self.init(layout, at: buffer.bytes)
    }

    private init(_ layout: TensorLayout, at data: UnsafeMutableRawPointer?) throws(EngineError) {
        let library = try OneDNN.shared()
        var handle: dnnl_memory_t?
        let status = unsafe vtrack_memory_create(&handle, layout.value, library.engine, data)
        try OneDNN.check(status, "view memory")
        guard let handle = unsafe handle else { throw .library(operation: "view memory", status: -1) }
        unsafe self.handle = handle
    }

    deinit {
        unsafe dnnl_memory_destroy(handle)
    }

    /// Moves the view.
    ///
    /// Not while a primitive runs on it.
    func point(at data: UnsafeMutableRawPointer) {
        unsafe dnnl_memory_set_data_handle(handle, data)
    }
}

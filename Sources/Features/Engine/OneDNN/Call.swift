internal import COneDNN

/// Where a thread's primitives run: oneDNN wants one per thread.
@safe
final class Stream: @unchecked Sendable {
    let handle: dnnl_stream_t

    init() throws(EngineError) {
        let library = try OneDNN.shared()
        var handle: dnnl_stream_t?
        let status = unsafe dnnl_stream_create(&handle, library.engine, UInt32(dnnl_stream_default_flags.rawValue))
        try OneDNN.check(status, "make a stream")
        guard let handle = unsafe handle else { throw .library(operation: "make a stream", status: -1) }
        unsafe self.handle = handle
    }

    deinit {
        unsafe dnnl_stream_destroy(handle)
    }
}

/// A primitive with its arguments, to be run many times by one thread.
@safe
final class Call {
    let primitive: Primitive
    private var arguments: [dnnl_exec_arg_t] = unsafe []
    private let scratchpad: TensorView?

    init(_ primitive: Primitive) throws(EngineError) {
        self.primitive = primitive
        scratchpad = try primitive.scratchpad.map { layout throws(EngineError) in try TensorView(layout) }
        if let scratchpad { set(vtrack_argument_scratchpad, scratchpad) }
    }

    /// Sets or replaces one argument.
    ///
    /// The view must live until the last run.
    func set(_ argument: Int, _ view: TensorView) {
        let value = unsafe dnnl_exec_arg_t(arg: Int32(argument), memory: view.handle)
        if let index = unsafe arguments.firstIndex(where: { unsafe $0.arg == value.arg }) {
            unsafe arguments[index] = value
        } else {
            unsafe arguments.append(value)
        }
    }

    /// Runs the primitive and waits for it.
    ///
    /// - Parameter scratch: Memory of at least the primitive's scratchpad size; may be nil where it needs none.
    func run(on stream: Stream, scratch: AlignedBuffer?) throws(EngineError) {
        if let scratchpad, let scratch { unsafe scratchpad.point(at: scratch.bytes) }
        let status = unsafe dnnl_primitive_execute(
            primitive.handle, stream.handle, Int32(arguments.count), arguments)
        try OneDNN.check(status, "run \(primitive.name)")
    }
}

/// A product whose source and destination move from run to run.
@safe
final class ProductCall {
    private let call: Call
    private let source: TensorView
    private let destination: TensorView

    init(_ primitive: Primitive, source: TensorLayout, destination: TensorLayout) throws(EngineError) {
        call = try Call(primitive)
        self.source = try TensorView(source)
        self.destination = try TensorView(destination)
        call.set(vtrack_argument_source, self.source)
        call.set(vtrack_argument_destination, self.destination)
    }

    /// destination = source · matrix, with what the primitive does besides.
    func run(
        _ worker: Worker, from: UnsafeMutableRawPointer, to: UnsafeMutableRawPointer, by matrix: PackedMatrix
    ) throws(EngineError) {
        unsafe source.point(at: from)
        unsafe destination.point(at: to)
        call.set(vtrack_argument_weights, matrix.weights)
        if let bias = matrix.bias { call.set(vtrack_argument_bias, bias) }
        try call.run(on: worker.stream, scratch: worker.scratch)
    }
}

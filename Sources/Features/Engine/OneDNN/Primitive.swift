internal import COneDNN

/// One operation of oneDNN on tensors of fixed shape, compiled for this processor.
///
/// Made once, run by any number of threads at a time: scratch memory comes from the caller.
@safe
final class Primitive: @unchecked Sendable {
    let handle: dnnl_primitive_t
    /// The name of the kernel that oneDNN chose; one that starts with "ref" is a plain loop, a thousand times slower.
    let implementation: String
    /// What the operation is, for messages.
    let name: String
    /// The order the weights must be in; nil where there are none.
    let weights: TensorLayout?
    /// Scratch memory the caller brings; nil where none is needed.
    let scratchpad: TensorLayout?

    private init(description: dnnl_primitive_desc_t, name: String) throws(EngineError) {
        defer { unsafe dnnl_primitive_desc_destroy(description) }
        var handle: dnnl_primitive_t?
        try unsafe OneDNN.check(dnnl_primitive_create(&handle, description), "compile \(name)")
        guard let handle = unsafe handle else { throw .library(operation: "compile \(name)", status: -1) }
        unsafe self.handle = handle
        self.name = name
        implementation = unsafe String(cString: vtrack_implementation(description))
        weights = unsafe TensorLayout(of: description, dnnl_query_weights_md)
        let scratchpad = unsafe TensorLayout(of: description, dnnl_query_scratchpad_md)
        self.scratchpad = (scratchpad?.byteCount ?? 0) > 0 ? scratchpad : nil
    }

    deinit {
        unsafe dnnl_primitive_destroy(handle)
    }

    private static func make(
        _ name: String, threads: Int = 1,
        _ describe: (UnsafeMutablePointer<dnnl_primitive_desc_t?>, dnnl_engine_t) -> dnnl_status_t
    ) throws(EngineError) -> Primitive {
        let library = try OneDNN.shared()
        return try LibraryThreads.with(threads) { () throws(EngineError) in
            var description: dnnl_primitive_desc_t?
            try unsafe OneDNN.check(describe(&description, library.engine), "make \(name)")
            guard let description = unsafe description else { throw .library(operation: "make \(name)", status: -1) }
            return try unsafe Primitive(description: description, name: name)
        }
    }

    /// What follows a product before its result is written.
    struct AfterProduct: OptionSet {
        let rawValue: Int32
        /// The result is added to what the destination holds: the residual sum.
        static let addToDestination = AfterProduct(rawValue: Int32(vtrack_add_to_destination))
        /// x·Φ(x) with the exact Φ, by the error function.
        static let gelu = AfterProduct(rawValue: Int32(vtrack_gelu))
        /// The same with Φ approximated by the hyperbolic tangent.
        static let geluTanh = AfterProduct(rawValue: Int32(vtrack_gelu_tanh))
        /// x·sigmoid(1.702x).
        static let quickGELU = AfterProduct(rawValue: Int32(vtrack_quick_gelu))
    }

    /// destination = source · weights + bias.
    static func product(
        _ name: String, source: TensorLayout, weights: TensorLayout, bias: TensorLayout? = nil,
        destination: TensorLayout, after: AfterProduct = [], threads: Int = 1
    ) throws(EngineError) -> Primitive {
        try unsafe make(name, threads: threads) { description, engine in
            guard let bias else {
                return unsafe vtrack_matmul(
                    description, engine, source.value, weights.value, nil, destination.value, after.rawValue)
            }
            return unsafe vtrack_matmul(
                description, engine, source.value, weights.value, bias.value, destination.value, after.rawValue)
        }
    }

    /// A copy into another order.
    static func reorder(
        _ name: String, from source: TensorLayout, to destination: TensorLayout
    ) throws(EngineError) -> Primitive {
        try unsafe make(name) { unsafe vtrack_reorder($0, $1, source.value, destination.value) }
    }
}

internal import CKernels
internal import COneDNN

/// The kernels between products (Sources/CKernels), compiled for an instruction set.
@safe
struct Kernels: @unchecked Sendable {
    /// The functions; they live as long as the program.
    let functions: vtrack_kernels
    let processor: vtrack_processor

    /// The kernels of one instruction set, which the processor must have.
    init(_ processor: vtrack_processor) {
        self.processor = processor
        unsafe functions = vtrack_kernels_for(processor).pointee
    }

    /// The best for this processor as oneDNN sees it, `ONEDNN_MAX_CPU_ISA` included.
    static let best: Kernels = {
        if Precision.has(dnnl_cpu_isa_avx512_core_bf16) { return Kernels(vtrack_avx512_bf16) }
        if Precision.has(dnnl_cpu_isa_avx512_core) { return Kernels(vtrack_avx512) }
        if Precision.has(dnnl_cpu_isa_avx2) { return Kernels(vtrack_avx2) }
        return Kernels(vtrack_any_processor)
    }()
}

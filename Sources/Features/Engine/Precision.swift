internal import COneDNN

/// The numbers a network's matrix products are computed in.
///
/// Whatever it is, LayerNorm, softmax and the residual stream are in single precision, and so is what comes out.
public enum Precision: String, CaseIterable, Sendable {
    /// Single precision: the reference, on every processor.
    case f32
    /// bfloat16 factors, summed in single precision.
    case bf16
    /// 8-bit integers: weights with a scale per output channel, activations with a scale per token; attention, the patch
    /// embedding and the first block's projection in bfloat16 where the processor has it.
    case int8

    /// Whether this processor multiplies in this precision at full rate.
    ///
    /// `ONEDNN_MAX_CPU_ISA` (AVX2, AVX512_CORE, AVX512_CORE_VNNI …) lowers what the processor is taken for.
    public var isSupported: Bool {
        switch self {
        case .f32: true
        case .bf16: Self.has(dnnl_cpu_isa_avx512_core_bf16)
        case .int8: Self.has(dnnl_cpu_isa_avx512_core_vnni)
        }
    }

    /// Whether the processor, as oneDNN sees it, has every instruction of a set.
    static func has(_ wanted: dnnl_cpu_isa_t) -> Bool {
        dnnl_get_effective_cpu_isa().rawValue & wanted.rawValue == wanted.rawValue
    }
}

internal import COneDNN

/// What a tensor's numbers are.
enum NumberType: Sendable {
    /// Single precision.
    case f32
    /// The upper half of single precision.
    case bf16
    /// Signed bytes.
    case s8
    /// Unsigned bytes.
    case u8

    /// oneDNN's name for it.
    var code: dnnl_data_type_t {
        switch self {
        case .f32: dnnl_f32
        case .bf16: dnnl_bf16
        case .s8: dnnl_s8
        case .u8: dnnl_u8
        }
    }
}

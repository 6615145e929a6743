/// The number formats a safetensors file may hold, by the names its header uses.
///
/// Source: `Dtype` in https://github.com/huggingface/safetensors (safetensors/src/tensor.rs).
public enum TensorType: String, CaseIterable, Sendable {
    /// One byte per truth value.
    case bool = "BOOL"
    /// 4-bit float, two to a byte (OCP MX).
    case float4 = "F4"
    /// 6-bit float with a 2-bit exponent (OCP MX).
    case float6E2M3 = "F6_E2M3"
    /// 6-bit float with a 3-bit exponent (OCP MX).
    case float6E3M2 = "F6_E3M2"
    /// Unsigned byte.
    case uint8 = "U8"
    /// Signed byte.
    case int8 = "I8"
    /// 8-bit float with a 5-bit exponent.
    case float8E5M2 = "F8_E5M2"
    /// 8-bit float with a 4-bit exponent.
    case float8E4M3 = "F8_E4M3"
    /// 8-bit scale, exponent only (OCP MX).
    case float8E8M0 = "F8_E8M0"
    /// 8-bit float with a 4-bit exponent and no negative zero.
    case float8E4M3FNUZ = "F8_E4M3FNUZ"
    /// 8-bit float with a 5-bit exponent and no negative zero.
    case float8E5M2FNUZ = "F8_E5M2FNUZ"
    /// 16-bit signed integer.
    case int16 = "I16"
    /// 16-bit unsigned integer.
    case uint16 = "U16"
    /// IEEE half precision.
    case float16 = "F16"
    /// The upper half of a single-precision float.
    case bfloat16 = "BF16"
    /// 32-bit signed integer.
    case int32 = "I32"
    /// 32-bit unsigned integer.
    case uint32 = "U32"
    /// IEEE single precision.
    case float32 = "F32"
    /// Two single-precision floats.
    case complex64 = "C64"
    /// IEEE double precision.
    case float64 = "F64"
    /// 64-bit signed integer.
    case int64 = "I64"
    /// 64-bit unsigned integer.
    case uint64 = "U64"

    /// Bits of one number.
    public var bits: Int {
        switch self {
        case .float4: 4
        case .float6E2M3, .float6E3M2: 6
        case .bool, .uint8, .int8, .float8E5M2, .float8E4M3, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ: 8
        case .int16, .uint16, .float16, .bfloat16: 16
        case .int32, .uint32, .float32: 32
        case .complex64, .float64, .int64, .uint64: 64
        }
    }
}

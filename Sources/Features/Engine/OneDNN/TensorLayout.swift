internal import COneDNN

/// What a tensor's numbers are and the order in which they lie in memory.
@safe
final class TensorLayout: @unchecked Sendable {
    /// oneDNN's description, owned.
    let value: UnsafeMutablePointer<vtrack_layout>

    private init(owning value: UnsafeMutablePointer<vtrack_layout>) {
        unsafe self.value = value
    }

    deinit {
        unsafe vtrack_layout_destroy(value)
        unsafe value.deallocate()
    }

    private static func describe(
        _ fill: (UnsafeMutablePointer<vtrack_layout>) -> dnnl_status_t
    ) -> (value: UnsafeMutablePointer<vtrack_layout>?, status: dnnl_status_t) {
        let value = UnsafeMutablePointer<vtrack_layout>.allocate(capacity: 1)
        let status = unsafe fill(value)
        if status == dnnl_success { return unsafe (value, status) }
        unsafe value.deallocate()
        return (nil, status)
    }

    /// Sizes with a stride for each, in numbers.
    convenience init(sizes: [Int], strides: [Int], type: NumberType = .f32) throws(EngineError) {
        let made = unsafe Self.describe {
            unsafe vtrack_layout_strided(
                $0, Int32(sizes.count), sizes.map(Int64.init), strides.map(Int64.init), type.code)
        }
        guard let value = unsafe made.value else {
            throw unsafe .library(
                operation: "describe a tensor of \(sizes), strides \(strides)", status: Int32(made.status.rawValue))
        }
        unsafe self.init(owning: value)
    }

    /// Row-major without gaps.
    convenience init(dense sizes: [Int], type: NumberType = .f32) throws(EngineError) {
        var strides = [Int](repeating: 1, count: sizes.count)
        for index in sizes.indices.dropLast().reversed() { strides[index] = strides[index + 1] * sizes[index + 1] }
        try self.init(sizes: sizes, strides: strides, type: type)
    }

    /// Whatever order the primitive likes best.
    convenience init(any sizes: [Int], type: NumberType = .f32) throws(EngineError) {
        let made = unsafe Self.describe {
            unsafe vtrack_layout_any($0, Int32(sizes.count), sizes.map(Int64.init), type.code)
        }
        guard let value = unsafe made.value else {
            throw unsafe .library(operation: "describe a tensor of \(sizes)", status: Int32(made.status.rawValue))
        }
        unsafe self.init(owning: value)
    }

    /// The order a primitive has chosen; nil where it has no such tensor.
    convenience init?(of description: const_dnnl_primitive_desc_t, _ what: dnnl_query_t) {
        let made = unsafe Self.describe { unsafe vtrack_query_layout($0, description, what) }
        guard let value = unsafe made.value else { return nil }
        unsafe self.init(owning: value)
    }

    /// Bytes the tensor takes, padding included.
    var byteCount: Int { unsafe vtrack_layout_size(value) }
}

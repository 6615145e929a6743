// Numbers as files hold them, little-endian, turned into single-precision floats.
extension ReadOnlyFile {
    /// Bytes read at a time where numbers are converted.
    private static let conversionBlock = 1 << 20

    /// A tensor's numbers as single-precision floats, row-major: exact for F32, F16 and BF16, rounded for F64.
    ///
    /// - Parameters:
    ///   - entry: A tensor that is known to lie inside the file.
    ///   - dataStart: What its bytes are counted from.
    /// - Throws: `WeightsError.type` for numbers of other types, `.truncated` or `.system` where reading fails. Numbers
    ///   that are infinite or not a number are returned as they are.
    func floats(of entry: TensorEntry, dataStart: Int) throws(WeightsError) -> [Float] {
        let start = dataStart + entry.bytes.lowerBound
        let stored: Int
        switch entry.type {
        case .float32, .float16, .bfloat16, .float64: stored = entry.bytes.count / (entry.type.bits / 8)
        default: throw .type(path: path, tensor: entry.name, found: entry.type)
        }
        let values = try floats(stored, of: entry.type, at: start, tensor: entry.name)
        guard let strides = entry.strides else { return values }
        return Self.gathered(values, shape: entry.shape, strides: strides, count: entry.count)
    }

    /// `count` numbers that lie one after the other.
    private func floats(
        _ count: Int, of type: TensorType, at start: Int, tensor: String
    ) throws(WeightsError) -> [Float] {
        var values = [Float](repeating: 0, count: count)
        if type == .float32 {
            try read(into: &values, at: start, tensor: tensor)
            #if _endian(big)
                for index in values.indices { values[index] = Float(bitPattern: values[index].bitPattern.byteSwapped) }
            #endif
            return values
        }
        let width = type.bits / 8
        var done = 0
        while done < count {
            let numbers = min(count - done, Self.conversionBlock / width)
            if type == .float64 {
                var block = [UInt64](repeating: 0, count: numbers)
                try read(into: &block, at: start + done * width, tensor: tensor)
                for (index, bits) in block.enumerated() {
                    values[done + index] = Float(Double(bitPattern: UInt64(littleEndian: bits)))
                }
            } else {
                var block = [UInt16](repeating: 0, count: numbers)
                try read(into: &block, at: start + done * width, tensor: tensor)
                for (index, stored) in block.enumerated() {
                    let half = UInt16(littleEndian: stored)
                    values[done + index] =
                        type == .bfloat16 ? Float(bitPattern: UInt32(half) << 16) : Self.single(fromHalf: half)
                }
            }
            done += numbers
        }
        return values
    }

    /// The numbers of a view in row-major order.
    ///
    /// - Parameters:
    ///   - values: What lies between the view's first number and its last.
    ///   - strides: Numbers between neighbours along each dimension; 0 along dimensions of size 1.
    ///   - count: The product of `shape`.
    private static func gathered(_ values: [Float], shape: [Int], strides: [Int], count: Int) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(count)
        var index = [Int](repeating: 0, count: shape.count)
        var place = 0
        while result.count < count {
            result.append(values[place])
            var axis = shape.count - 1
            while axis >= 0 {
                index[axis] += 1
                place += strides[axis]
                if index[axis] < shape[axis] { break }
                place -= strides[axis] * shape[axis]
                index[axis] = 0
                axis -= 1
            }
        }
        return result
    }

    /// IEEE half to single precision without the `Float16` type, which not every platform has.
    static func single(fromHalf half: UInt16) -> Float {
        let sign = UInt32(half & 0x8000) << 16
        let exponent = UInt32(half >> 10) & 0x1F
        let fraction = UInt32(half & 0x3FF)
        switch exponent {
        case 0:
            // Zero and subnormals: fraction · 2⁻²⁴.
            let magnitude = Float(fraction) * 0x1p-24
            return Float(bitPattern: sign | magnitude.bitPattern)
        case 0x1F:
            return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default:
            return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}

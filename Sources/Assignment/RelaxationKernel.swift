/// The inner loop of the assignment: one row against all columns, eight at a time.
///
/// Shapes: every pointer is to `columns` numbers of eight bytes.
@unsafe struct RelaxationKernel {
    let cost: UnsafeRawPointer
    let columnDual: UnsafeRawPointer
    let distance: UnsafeMutableRawPointer
    let previousRow: UnsafeMutableRawPointer
    let columns: Int

    /// Lowers `distance` to ((length + cost) − rowDual) − columnDual where that is less, and returns the least
    /// distance afterwards.
    ///
    /// In the first step of a path every open distance is still unset, so it is written without being read.
    func run(row: Int, rowDual: Double, length: Double, isFirst: Bool) -> Double {
        typealias Lanes = SIMD8<Double>
        let stride = MemoryLayout<Double>.stride
        let rows = SIMD8<Int64>(repeating: Int64(row))
        let unreachable = Lanes(repeating: .infinity)
        var least = unreachable
        let columns = unsafe self.columns
        var column = 0
        while column + Lanes.scalarCount <= columns {
            let offset = column * stride
            let costs = unsafe cost.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
            let duals = unsafe columnDual.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
            let reached = ((costs + length) - rowDual) - duals
            let before =
                isFirst ? unreachable : unsafe distance.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
            let isShorter = reached .< before
            let after = before.replacing(with: reached, where: isShorter)
            unsafe distance.storeBytes(of: after, toByteOffset: offset, as: Lanes.self)
            if !isFirst {
                let from = unsafe previousRow.loadUnaligned(fromByteOffset: offset, as: SIMD8<Int64>.self)
                unsafe previousRow.storeBytes(
                    of: from.replacing(with: rows, where: isShorter), toByteOffset: offset, as: SIMD8<Int64>.self)
            }
            least = least.replacing(with: after, where: after .< least)
            column += Lanes.scalarCount
        }
        var lowest = Double.infinity
        for lane in 0..<Lanes.scalarCount where least[lane] < lowest { lowest = least[lane] }
        while column < columns {
            let offset = column * stride
            let costs = unsafe cost.loadUnaligned(fromByteOffset: offset, as: Double.self)
            let dual = unsafe columnDual.loadUnaligned(fromByteOffset: offset, as: Double.self)
            let reached = ((costs + length) - rowDual) - dual
            var after = isFirst ? .infinity : unsafe distance.loadUnaligned(fromByteOffset: offset, as: Double.self)
            if reached < after {
                after = reached
                if !isFirst {
                    unsafe previousRow.storeBytes(of: Int64(row), toByteOffset: offset, as: Int64.self)
                }
            }
            unsafe distance.storeBytes(of: after, toByteOffset: offset, as: Double.self)
            if after < lowest { lowest = after }
            column += 1
        }
        return lowest
    }

    /// The first index at or after `start` that holds `value`.
    static func firstIndex(of value: Double, in numbers: UnsafeBufferPointer<Double>, from start: Int) -> Int? {
        let wanted = SIMD8<Double>(repeating: value)
        let count = unsafe numbers.count
        guard let base = unsafe UnsafeRawPointer(numbers.baseAddress) else { return nil }
        var index = start
        while index + 8 <= count {
            let block = unsafe base.loadUnaligned(fromByteOffset: index * 8, as: SIMD8<Double>.self)
            if any(block .== wanted) { break }
            index += 8
        }
        while index < count {
            if unsafe numbers[index] == value { return index }
            index += 1
        }
        return nil
    }
}

/// The inner loop of the assignment: one row against a run of columns, eight at a time.
///
/// Shapes: every pointer is to one number of eight bytes per column of the matrix.
@unsafe struct RelaxationKernel {
    let cost: UnsafeRawPointer
    let columnDual: UnsafeRawPointer
    let distance: UnsafeMutableRawPointer
    let previousRow: UnsafeMutableRawPointer

    /// Lowers `distance` to ((length + cost) − rowDual) − columnDual where that is less, and returns the least
    /// distance afterwards.
    ///
    /// The order of that sum is the published one: rounding decides ties. In the first step of a path every open
    /// distance is still unset, so it is written without being read.
    @inline(__always)
    func run(row: Int, rowDual: Double, length: Double, isFirst: Bool, columns: Range<Int>) -> Double {
        typealias Lanes = SIMD8<Double>
        let stride = MemoryLayout<Double>.stride
        let rows = SIMD8<Int64>(repeating: Int64(row))
        let unreachable = Lanes(repeating: .infinity)
        var least = unreachable
        var column = columns.lowerBound
        while column + Lanes.scalarCount <= columns.upperBound {
            let offset = column * stride
            let costs = unsafe cost.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
            let duals = unsafe columnDual.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
            let reached = ((costs + length) - rowDual) - duals
            if isFirst {
                // A NaN from sums that overflow must not replace +infinity.
                let after = unreachable.replacing(with: reached, where: reached .< unreachable)
                unsafe distance.storeBytes(of: after, toByteOffset: offset, as: Lanes.self)
                least = least.replacing(with: after, where: after .< least)
            } else {
                let before = unsafe distance.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
                let isShorter = reached .< before
                let after = before.replacing(with: reached, where: isShorter)
                unsafe distance.storeBytes(of: after, toByteOffset: offset, as: Lanes.self)
                let from = unsafe previousRow.loadUnaligned(fromByteOffset: offset, as: SIMD8<Int64>.self)
                unsafe previousRow.storeBytes(
                    of: from.replacing(with: rows, where: isShorter), toByteOffset: offset, as: SIMD8<Int64>.self)
                least = least.replacing(with: after, where: after .< least)
            }
            column += Lanes.scalarCount
        }
        let half = least.lowHalf.replacing(with: least.highHalf, where: least.highHalf .< least.lowHalf)
        let quarter = half.lowHalf.replacing(with: half.highHalf, where: half.highHalf .< half.lowHalf)
        var lowest = quarter[1] < quarter[0] ? quarter[1] : quarter[0]
        while column < columns.upperBound {
            let offset = column * stride
            let costs = unsafe cost.loadUnaligned(fromByteOffset: offset, as: Double.self)
            let dual = unsafe columnDual.loadUnaligned(fromByteOffset: offset, as: Double.self)
            let reached = ((costs + length) - rowDual) - dual
            var after = isFirst ? .infinity : unsafe distance.loadUnaligned(fromByteOffset: offset, as: Double.self)
            if reached < after {
                after = reached
                unsafe previousRow.storeBytes(of: Int64(row), toByteOffset: offset, as: Int64.self)
            }
            unsafe distance.storeBytes(of: after, toByteOffset: offset, as: Double.self)
            if after < lowest { lowest = after }
            column += 1
        }
        return lowest
    }
}

/// What a pair of numbers adds to the sum of its rows; zeros must add nothing.
protocol SimilarityTerm {
    static func of(_ left: SIMD8<Float>, _ right: SIMD8<Float>) -> SIMD8<Float>
}

/// Left times right: the sum is the dot product.
enum ProductTerm: SimilarityTerm {
    @inline(__always)
    static func of(_ left: SIMD8<Float>, _ right: SIMD8<Float>) -> SIMD8<Float> { left * right }
}

/// The difference squared: the sum is the squared distance.
enum SquaredDifferenceTerm: SimilarityTerm {
    @inline(__always)
    static func of(_ left: SIMD8<Float>, _ right: SIMD8<Float>) -> SIMD8<Float> {
        let difference = left - right
        return difference * difference
    }
}

/// The inner loops of `Similarity`: one row of queries against four rows of the gallery at a time.
///
/// Shapes: rows of `dimension` numbers; eight running sums a pair, added up at the end in a fixed order.
///
/// The term is a type and not a closure: the compiler writes a loop for each, where a closure would be called a pair of
/// vectors at a time.
struct SimilarityKernel<Term: SimilarityTerm> {
    /// Numbers of a row.
    let dimension: Int

    /// Writes the folded sum of every pair of rows to `output`, row-major (queries × columns).
    ///
    /// - Precondition: `queries` and `gallery` hold whole rows, `columns` of them in `gallery`, and `output` has one
    ///   number a pair.
    @inline(__always)
    func run(
        _ queries: [Float], _ gallery: [Float], columns: Int, into output: inout [Float]
    ) {
        let rows = queries.count / dimension
        precondition(gallery.count == columns * dimension && output.count == rows * columns, "shapes do not match")
        unsafe queries.withUnsafeBytes { queries in
            unsafe gallery.withUnsafeBytes { gallery in
                for row in 0..<rows {
                    for column in stride(from: 0, to: columns, by: 4) {
                        // A gallery that is no multiple of four repeats its last row: the sums are thrown away.
                        let sums = unsafe foldFour(
                            queries, row: row, gallery,
                            columns: SIMD4(
                                column, min(column + 1, columns - 1), min(column + 2, columns - 1),
                                min(column + 3, columns - 1)))
                        for lane in 0..<min(4, columns - column) {
                            output[row * columns + column + lane] = sums[lane]
                        }
                    }
                }
            }
        }
    }

    @inline(__always)
    private func foldFour(
        _ queries: UnsafeRawBufferPointer, row: Int, _ gallery: UnsafeRawBufferPointer, columns: SIMD4<Int>
    ) -> SIMD4<Float> {
        let rowBytes = dimension * MemoryLayout<Float>.stride
        let wholeBytes = rowBytes & ~31
        // `run` has checked that all rows lie within the buffers, which are not empty.
        let query = unsafe queries.baseAddress! + row * rowBytes
        let first = unsafe gallery.baseAddress! + columns[0] * rowBytes
        let second = unsafe gallery.baseAddress! + columns[1] * rowBytes
        let third = unsafe gallery.baseAddress! + columns[2] * rowBytes
        let fourth = unsafe gallery.baseAddress! + columns[3] * rowBytes
        var sum0 = SIMD8<Float>.zero
        var sum1 = SIMD8<Float>.zero
        var sum2 = SIMD8<Float>.zero
        var sum3 = SIMD8<Float>.zero
        var offset = 0
        while offset < wholeBytes {
            let left = unsafe query.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            sum0 += Term.of(left, unsafe first.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self))
            sum1 += Term.of(left, unsafe second.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self))
            sum2 += Term.of(left, unsafe third.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self))
            sum3 += Term.of(left, unsafe fourth.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self))
            offset += 32
        }
        // The rest of a row, padded with zeros, which add nothing to a product nor to a difference.
        if offset < rowBytes {
            let left = unsafe Self.tail(query, from: offset, to: rowBytes)
            sum0 += Term.of(left, unsafe Self.tail(first, from: offset, to: rowBytes))
            sum1 += Term.of(left, unsafe Self.tail(second, from: offset, to: rowBytes))
            sum2 += Term.of(left, unsafe Self.tail(third, from: offset, to: rowBytes))
            sum3 += Term.of(left, unsafe Self.tail(fourth, from: offset, to: rowBytes))
        }
        return SIMD4(Self.total(sum0), Self.total(sum1), Self.total(sum2), Self.total(sum3))
    }

    private static func tail(_ row: UnsafeRawPointer, from offset: Int, to end: Int) -> SIMD8<Float> {
        var padded = SIMD8<Float>.zero
        for lane in 0..<(end - offset) / MemoryLayout<Float>.stride {
            padded[lane] = unsafe row.loadUnaligned(fromByteOffset: offset + lane * 4, as: Float.self)
        }
        return padded
    }

    @inline(__always)
    private static func total(_ sums: SIMD8<Float>) -> Float {
        let four = sums.lowHalf + sums.highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }
}

extension SimilarityKernel<ProductTerm> {
    /// One over the length of each row; 0 for a row without length or whose length is not finite.
    func inverseLengths(of values: [Float]) -> [Float] {
        unsafe values.withUnsafeBytes { values in
            let rowBytes = dimension * MemoryLayout<Float>.stride
            return (0..<values.count / rowBytes).map { row in
                // The rows lie within the buffer because their count is that of the whole rows in it.
                let row = unsafe values.baseAddress! + row * rowBytes
                var sum = SIMD8<Float>.zero
                var offset = 0
                while offset < rowBytes & ~31 {
                    let part = unsafe row.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                    sum += ProductTerm.of(part, part)
                    offset += 32
                }
                let rest = unsafe Self.tail(row, from: offset, to: rowBytes)
                let squares = Self.total(sum + ProductTerm.of(rest, rest))
                return squares > 0 && squares.isFinite ? 1 / squares.squareRoot() : 0
            }
        }
    }
}

/// What each of the 256 values of a colour becomes: (value/255 − mean) / std, in single precision as PyTorch does it.
struct PixelTable: Sendable {
    /// Normalised values, 256 for each of red, green and blue.
    let values: [Float]
    /// Whole numbers in bfloat16, as `NarrowPatchEmbedding` takes them.
    let narrowed: [UInt16]

    init(mean: [Double], std: [Double]) {
        values = zip(mean, std).flatMap { mean, std in
            (0..<256).map { (Float($0) / 255 - Float(mean)) / Float(std) }
        }
        narrowed = mean.flatMap { mean in
            let zero = NarrowPatchEmbedding.zero(of: mean)
            return (0..<256).map { NarrowPatchEmbedding.narrow(Float($0 - zero)) }
        }
    }

    /// Writes one patch as the row of a matrix: its red, green and blue planes one after the other, normalised.
    ///
    /// Shapes: `pixels` is a picture of `pictureWidth` interleaved pixels a row; the row has 3·P·P numbers in the order
    /// of a convolution's weights (colour, y, x).
    func unfold(
        _ pixels: UnsafePointer<UInt8>, pictureWidth: Int, x: Int, y: Int, patch: Int,
        into row: UnsafeMutablePointer<Float>
    ) {
        unsafe unfold(values, pixels, pictureWidth: pictureWidth, x: x, y: y, patch: patch, into: row)
    }

    /// The same in the whole numbers of `narrowed`.
    func unfold(
        _ pixels: UnsafePointer<UInt8>, pictureWidth: Int, x: Int, y: Int, patch: Int,
        into row: UnsafeMutablePointer<UInt16>
    ) {
        unsafe unfold(narrowed, pixels, pictureWidth: pictureWidth, x: x, y: y, patch: patch, into: row)
    }

    @inline(__always)
    private func unfold<Number>(
        _ table: [Number], _ pixels: UnsafePointer<UInt8>, pictureWidth: Int, x: Int, y: Int, patch: Int,
        into row: UnsafeMutablePointer<Number>
    ) {
        unsafe table.withUnsafeBufferPointer { table in
            for line in 0..<patch {
                let source = unsafe pixels + ((y + line) * pictureWidth + x) * 3
                let target = unsafe row + line * patch
                for column in 0..<patch {
                    unsafe target[column] = table[Int(source[3 * column])]
                    unsafe target[column + patch * patch] = table[256 + Int(source[3 * column + 1])]
                    unsafe target[column + 2 * patch * patch] = table[512 + Int(source[3 * column + 2])]
                }
            }
        }
    }
}

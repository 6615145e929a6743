/// The embedding of patches as bfloat16 keeps it almost exact.
///
/// Normalised pixels do not fit eight bits of mantissa, and what rounding does to a flat patch is the same at all of its
/// pixels and adds up: with DeiT-Tiny that alone was nine tenths of the squared error of a pass in bfloat16
/// (docs/performance.md). So pixels stay whole numbers, value − `zero`, which bfloat16 holds exactly, and mean and
/// standard deviation go into weights and bias. The rounding errors of the weights are passed on to their neighbours
/// within the patch (Floyd and Steinberg 1976), which moves them to where pictures have little: high frequencies.
struct NarrowPatchEmbedding {
    /// What is taken from a pixel of each colour: the whole number next to the mean.
    let zero: [Int]
    /// (outputs, 3, P, P), each a bfloat16.
    private(set) var weights: [Float]
    /// (outputs).
    private(set) var bias: [Float]

    /// - Parameters:
    ///   - weights: (outputs, 3, P, P), for pixels (value/255 − mean) / std.
    ///   - bias: (outputs).
    init(weights exact: [Float], bias: [Float], patch: Int, mean: [Double], std: [Double]) {
        let zero = mean.map { Self.zero(of: $0) }
        self.zero = zero
        weights = exact
        self.bias = bias
        let plane = patch * patch
        for output in bias.indices {
            var shift = 0.0
            for colour in 0..<3 {
                let start = (output * 3 + colour) * plane
                var sum = 0.0
                for index in start..<start + plane { sum += Double(exact[index]) }
                shift += sum * (Double(zero[colour]) / 255 - mean[colour]) / std[colour]
                diffuse(start, patch: patch, divisor: Float(255 * std[colour]))
            }
            self.bias[output] += Float(shift)
        }
    }

    /// The whole number next to 255 times a mean, which may be any finite number.
    static func zero(of mean: Double) -> Int { Int(max(0, min(255, (255 * mean).rounded()))) }

    /// The nearest bfloat16 of a finite number, halves to even.
    static func narrow(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
    }

    /// Divides and rounds one plane, passing errors on to the right and down.
    private mutating func diffuse(_ start: Int, patch: Int, divisor: Float) {
        var here = [Float](repeating: 0, count: patch + 2)
        var below = here
        for row in 0..<patch {
            for column in 0..<patch {
                let index = start + row * patch + column
                let wanted = weights[index] / divisor + here[column + 1]
                let rounded = Float(bitPattern: UInt32(Self.narrow(wanted)) << 16)
                let error = wanted - rounded
                weights[index] = rounded
                here[column + 2] += error * 7 / 16
                below[column] += error * 3 / 16
                below[column + 1] += error * 5 / 16
                below[column + 2] += error / 16
            }
            swap(&here, &below)
            for column in below.indices { below[column] = 0 }
        }
    }
}

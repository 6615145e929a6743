/// Weights as signed bytes with a scale per output: symmetric, the largest magnitude of each row being 127.
struct QuantisedWeights {
    /// (outputs, inputs), −127…127.
    private(set) var integers: [Int8]
    /// What a row's integers are to be multiplied by.
    private(set) var scales: [Float]
    /// The sum of each row as it stands after rounding.
    private(set) var sums: [Float]

    /// - Complexity: O(inputs · outputs).
    init(_ values: [Float], inputs: Int, outputs: Int) {
        integers = [Int8](repeating: 0, count: inputs * outputs)
        scales = [Float](repeating: 0, count: outputs)
        sums = [Float](repeating: 0, count: outputs)
        for output in 0..<outputs {
            let row = output * inputs..<(output + 1) * inputs
            var largest: Float = 0
            for index in row { largest = max(largest, values[index].magnitude) }
            guard largest > 0 else { continue }
            let inverse = 127 / largest
            var sum: Int32 = 0
            for index in row {
                // Adding 1.5·2²³ rounds to a whole number, halves to even. Weights are finite and no larger than
                // `largest`, so the product is within ±127 but for rounding, which the limits undo.
                let whole = max(-127, min(127, values[index] * inverse)) + 12_582_912 - 12_582_912
                let integer = Int32(whole)
                integers[index] = Int8(truncatingIfNeeded: integer)
                sum &+= integer
            }
            scales[output] = largest / 127
            sums[output] = Float(sum) * scales[output]
        }
    }
}

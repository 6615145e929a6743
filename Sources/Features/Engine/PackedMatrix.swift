internal import CKernels
internal import COneDNN

/// A matrix of weights in the order and the numbers oneDNN's product wants, with its bias.
@safe
final class PackedMatrix: Sendable {
    let weights: TensorView
    /// The bias as the product adds it; nil where the kernel after the product adds it.
    let bias: TensorView?
    /// For 8-bit weights what their integers are to be multiplied by, per output; else empty.
    let scales: AlignedBuffer
    /// The bias, for the kernel after a product of 8-bit integers.
    let biasValues: AlignedBuffer
    private let memory: AlignedBuffer

    /// Packs weights (outputs, inputs), row-major as checkpoints store them.
    ///
    /// - Parameters:
    ///   - layout: The order the product asked for.
    ///   - type: What its numbers are: single precision, bfloat16 or signed bytes.
    ///   - offset: What 8-bit activations are too high by, in the units of the activations.
    init(
        weights values: [Float], bias: [Float], inputs: Int, outputs: Int, layout: TensorLayout, type: NumberType,
        offset: Float = 0
    ) throws(EngineError) {
        memory = try AlignedBuffer(bytes: layout.byteCount)
        weights = try TensorView(layout, memory)
        if type == .s8 {
            let quantised = QuantisedWeights(values, inputs: inputs, outputs: outputs)
            scales = try AlignedBuffer(copying: quantised.scales)
            biasValues = try AlignedBuffer(
                copying: zip(bias, quantised.sums).map { bias, sum in bias - offset * sum })
            self.bias = nil
            try Self.reorder(quantised.integers, type: .s8, inputs: inputs, outputs: outputs, to: layout, weights)
        } else {
            scales = try AlignedBuffer(count: 0)
            biasValues = try AlignedBuffer(copying: bias)
            self.bias = try TensorView(try TensorLayout(dense: [1, outputs]), biasValues)
            try Self.reorder(values, type: .f32, inputs: inputs, outputs: outputs, to: layout, weights)
        }
    }

    private static func reorder<Number>(
        _ values: [Number], type: NumberType, inputs: Int, outputs: Int, to layout: TensorLayout,
        _ destination: TensorView
    ) throws(EngineError) {
        // The product takes (inputs, outputs); a checkpoint's rows are that matrix's columns.
        let plain = try TensorLayout(sizes: [inputs, outputs], strides: [1, inputs], type: type)
        let call = try Call(try Primitive.reorder("pack weights", from: plain, to: layout))
        let source = try AlignedBuffer(bytes: values.count * MemoryLayout<Number>.stride)
        unsafe values.withUnsafeBytes { raw in
            guard let start = raw.baseAddress else { return }
            unsafe source.bytes.copyMemory(from: start, byteCount: raw.count)
        }
        let sourceView = try TensorView(plain, source)
        call.set(vtrack_argument_source, sourceView)
        call.set(vtrack_argument_destination, destination)
        let scratch = try AlignedBuffer(bytes: call.primitive.scratchpad?.byteCount ?? 0)
        let stream = try Stream()
        try LibraryThreads.with(1) { () throws(EngineError) in
            try call.run(on: stream, scratch: scratch)
        }
        withExtendedLifetime((source, sourceView)) {}
    }
}

internal import COneDNN

/// A matrix of weights in the order oneDNN's product wants it, with its bias.
@safe
final class PackedMatrix: Sendable {
    let weights: TensorView
    let bias: TensorView
    private let memory: AlignedBuffer
    private let biasMemory: AlignedBuffer

    /// Packs weights (outputs, inputs), row-major as checkpoints store them.
    ///
    /// - Parameter layout: The order the product asked for.
    init(
        weights values: [Float], bias biasValues: [Float], inputs: Int, outputs: Int, layout: TensorLayout
    ) throws(EngineError) {
        memory = try AlignedBuffer(bytes: layout.byteCount)
        biasMemory = try AlignedBuffer(copying: biasValues)
        weights = try TensorView(layout, memory)
        bias = try TensorView(try TensorLayout(dense: [1, outputs]), biasMemory)
        // The product takes (inputs, outputs); a checkpoint's rows are that matrix's columns.
        let plain = try TensorLayout(sizes: [inputs, outputs], strides: [1, inputs])
        let call = try Call(try Primitive.reorder("pack weights", from: plain, to: layout))
        let source = try AlignedBuffer(copying: values)
        let sourceView = try TensorView(plain, source)
        call.set(vtrack_argument_source, sourceView)
        call.set(vtrack_argument_destination, weights)
        let scratch = try AlignedBuffer(bytes: call.primitive.scratchpad?.byteCount ?? 0)
        let stream = try Stream()
        try LibraryThreads.with(1) { () throws(EngineError) in
            try call.run(on: stream, scratch: scratch)
        }
        withExtendedLifetime((source, sourceView)) {}
    }
}

/// The gain and bias of one LayerNorm.
@safe
final class NormParameters: Sendable {
    let gain: TensorView
    let bias: TensorView
    private let memory: [AlignedBuffer]

    init(gain gainValues: [Float], bias biasValues: [Float]) throws(EngineError) {
        let layout = try TensorLayout(dense: [gainValues.count])
        memory = [try AlignedBuffer(copying: gainValues), try AlignedBuffer(copying: biasValues)]
        gain = try TensorView(layout, memory[0])
        bias = try TensorView(layout, memory[1])
    }
}

/// One block's parameters, packed.
struct PackedBlock: Sendable {
    let norm1: NormParameters
    /// Queries, keys and values side by side; the queries are already divided by √(head width).
    let attention: PackedMatrix
    let projection: PackedMatrix
    let norm2: NormParameters
    let hidden: PackedMatrix
    let output: PackedMatrix
}

/// The orders in which products want their weights, found by making them once for the model's own tile size.
struct WeightLayouts: Sendable {
    let patch: TensorLayout
    let attention: TensorLayout
    let projection: TensorLayout
    let hidden: TensorLayout
    let output: TensorLayout
}

/// Every parameter that the blocks up to the deepest one wanted need, packed once.
struct PackedModel: Sendable {
    let patch: PackedMatrix
    let blocks: [PackedBlock]
    let finalNorm: NormParameters?
    /// The prefix tokens with their positions added, (prefix, D).
    let prefix: [Float]
    /// The learned positions of the patches, (g, g, D).
    let positions: [Float]
    /// What a packed query is multiplied by to be the model's.
    let queryScale: Float

    /// Reads and packs a checkpoint's parameters, one tensor at a time.
    ///
    /// - Parameters:
    ///   - blocks: How many blocks are wanted.
    ///   - layouts: The orders the products asked for.
    init(_ checkpoint: Checkpoint, blocks count: Int, layouts: WeightLayouts) throws {
        let model = checkpoint.description
        let (width, hiddenWidth) = (model.width, model.hiddenWidth)
        let queryScale = Float(model.headWidth).squareRoot()
        self.queryScale = queryScale

        func matrix(
            _ weights: ModelPart, _ bias: ModelPart, _ inputs: Int, _ outputs: Int, _ layout: TensorLayout,
            dividing rows: Int = 0
        ) throws -> PackedMatrix {
            var values = try checkpoint.values(of: weights)
            var biasValues = try checkpoint.values(of: bias)
            // Scores are divided by √(head width) here, once: as a step after the product it costs a third of the
            // product's time. For a head width that is a power of 4 (64 in most models) the result is the same bits.
            for index in 0..<rows * inputs { values[index] /= queryScale }
            for index in 0..<rows { biasValues[index] /= queryScale }
            return try PackedMatrix(
                weights: values, bias: biasValues, inputs: inputs, outputs: outputs, layout: layout)
        }
        func norm(_ gain: ModelPart, _ bias: ModelPart) throws -> NormParameters {
            try NormParameters(gain: try checkpoint.values(of: gain), bias: try checkpoint.values(of: bias))
        }

        patch = try matrix(.patchWeight, .patchBias, 3 * model.patch * model.patch, width, layouts.patch)
        blocks = try (0..<count).map { index in
            func part(_ part: BlockPart) -> ModelPart { .block(index, part) }
            return PackedBlock(
                norm1: try norm(part(.norm1Weight), part(.norm1Bias)),
                attention: try matrix(
                    part(.attentionWeight), part(.attentionBias), width, 3 * width, layouts.attention, dividing: width),
                projection: try matrix(
                    part(.projectionWeight), part(.projectionBias), width, width, layouts.projection),
                norm2: try norm(part(.norm2Weight), part(.norm2Bias)),
                hidden: try matrix(part(.hiddenWeight), part(.hiddenBias), width, hiddenWidth, layouts.hidden),
                output: try matrix(part(.outputWeight), part(.outputBias), hiddenWidth, width, layouts.output))
        }
        finalNorm = model.hasFinalNorm ? try norm(.finalNormWeight, .finalNormBias) : nil

        let learned = try checkpoint.values(of: .positions)
        var prefix = try checkpoint.values(of: .classToken)
        if model.prefixTokens == 2 { prefix += try checkpoint.values(of: .distillationToken) }
        for index in prefix.indices { prefix[index] += learned[index] }
        self.prefix = prefix
        positions = Array(learned[prefix.count...])
    }
}

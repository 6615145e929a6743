internal import CKernels
internal import Dispatch
internal import Synchronization

/// The gain and bias of one LayerNorm.
@safe
final class NormParameters: Sendable {
    let gain: AlignedBuffer
    let bias: AlignedBuffer

    init(gain gainValues: [Float], bias biasValues: [Float]) throws(EngineError) {
        gain = try AlignedBuffer(copying: gainValues)
        bias = try AlignedBuffer(copying: biasValues)
    }
}

/// One block's parameters, packed.
struct PackedBlock: Sendable {
    /// Its number from 0.
    let index: Int
    let norm1: NormParameters
    /// The LayerNorms of each head's queries, divided by √(head width), and keys; nil where there are none.
    let headNorms: (queries: NormParameters, keys: NormParameters)?
    /// How queries, keys and values are computed.
    let attention: PackedAttention
    let projection: PackedMatrix
    let norm2: NormParameters
    let hidden: PackedMatrix
    let output: PackedMatrix
}

/// The weights of queries, keys and values; the queries are already divided by √(head width), unless they go through a
/// LayerNorm after it.
enum PackedAttention: Sendable {
    /// All three in one product.
    case together(PackedMatrix)
    /// Queries apart, so that they can be computed of some tokens while keys and values are computed of all.
    case apart(queries: PackedMatrix, keysAndValues: PackedMatrix)
}

/// What each of a model's products takes, gives and does besides, by precision.
struct ProductKinds: Sendable {
    /// What the products of the blocks multiply.
    let factor: NumberType
    /// What the second layer of the MLP multiplies.
    let hiddenFactor: NumberType
    /// What comes out where the residual stream is not added to.
    let result: NumberType
    let weights: NumberType
    /// What the embedding of patches multiplies: it has few operations, and all that follows depends on it.
    let patch: NumberType

    init(_ precision: Precision, _ activation: Activation = .gelu) {
        switch precision {
        case .f32: (factor, hiddenFactor, result, weights, patch) = (.f32, .f32, .f32, .f32, .f32)
        case .bf16: (factor, hiddenFactor, result, weights, patch) = (.bf16, .bf16, .bf16, .bf16, .bf16)
        case .int8:
            // Only what the gate of SwiGLU lets through is as often far below zero as above.
            (factor, hiddenFactor, result, weights) = (.s8, activation == .swiGLU ? .s8 : .u8, .bf16, .s8)
            patch = Precision.bf16.isSupported ? .bf16 : .f32
        }
    }

    /// The error where oneDNN has no fast product.
    func unavailable(_ name: String) -> EngineError {
        switch weights {
        case .f32: .library(operation: "find a fast kernel for \(name)", status: -1)
        case .bf16: .precision(.bf16)
        case .s8, .u8: .precision(.int8)
        }
    }

    /// How many blocks from the first on have their projection in bfloat16 though other products are of 8-bit
    /// integers: what attention gives varies most between channels there, and with DeiT-Tiny the first one alone was a
    /// third of the squared error, for 0.6 % of the operations.
    var narrowProjections: Int { weights == .s8 && Precision.bf16.isSupported ? 1 : 0 }
    /// What queries, keys and values are when attention reads them.
    var attention: NumberType { result }
    /// Whether bias, residual sum and activation belong to the products, and not to the kernels after them.
    ///
    /// SwiGLU, which takes two of a product's results, never does.
    var fused: Bool { weights != .s8 }
}

/// The orders in which products want their weights, found by making them once for the model's own tile size.
struct WeightLayouts: Sendable {
    let patch: TensorLayout
    let attention: TensorLayout
    let queries: TensorLayout
    let keysAndValues: TensorLayout
    let projection: TensorLayout
    let narrowProjection: TensorLayout
    let hidden: TensorLayout
    let output: TensorLayout
}

/// Every parameter that the blocks up to the deepest one wanted need, packed once.
struct PackedModel: Sendable {
    let patch: PackedMatrix
    let blocks: [PackedBlock]
    /// The LayerNorm before the first block.
    let preNorm: NormParameters?
    let finalNorm: NormParameters?
    /// The prefix tokens with their positions added, (prefix, D).
    let prefix: [Float]
    /// What tells patches where they are.
    let positions: ModelPositions
    /// What a packed query is multiplied by to be the model's.
    let queryScale: Float

    /// Reads and packs a checkpoint's parameters, one tensor at a time.
    ///
    /// - Parameters:
    ///   - blocks: How many blocks are wanted.
    ///   - splitsLast: Whether the last of them has its queries apart.
    ///   - layouts: The orders the products asked for.
    init(
        _ checkpoint: Checkpoint, blocks count: Int, splitsLast: Bool, kinds: ProductKinds, layouts: WeightLayouts
    ) throws {
        let model = checkpoint.description
        let (width, hiddenWidth) = (model.width, model.hiddenWidth)
        let structure = model.structure
        let scoreScale = Float(model.headWidth).squareRoot()
        let queryScale = structure.queryKeyNorm ? 1 : scoreScale
        self.queryScale = queryScale

        @Sendable func matrix(
            _ weights: ModelPart, _ bias: ModelPart, _ inputs: Int, _ outputs: Int, _ layout: TensorLayout,
            type: NumberType = kinds.weights, offset: Float = 0
        ) throws -> PackedMatrix {
            try PackedMatrix(
                weights: try checkpoint.values(of: weights), bias: try checkpoint.values(of: bias), inputs: inputs,
                outputs: outputs, layout: layout, type: type, offset: offset)
        }
        @Sendable func attention(_ index: Int) throws -> PackedAttention {
            var values = try checkpoint.values(of: .block(index, .attentionWeight))
            var bias = try checkpoint.values(of: .block(index, .attentionBias))
            // Scores are divided by √(head width) here, once: as a step after the product it costs a third of the
            // product's time. For a head width that is a power of 4 (64 in most models) the result is the same bits.
            if queryScale != 1 {
                for index in 0..<width * width { values[index] /= queryScale }
                for index in 0..<width { bias[index] /= queryScale }
            }
            guard splitsLast, index == count - 1 else {
                return .together(
                    try PackedMatrix(
                        weights: values, bias: bias, inputs: width, outputs: 3 * width, layout: layouts.attention,
                        type: kinds.weights))
            }
            return .apart(
                queries: try PackedMatrix(
                    weights: Array(values[..<(width * width)]), bias: Array(bias[..<width]), inputs: width,
                    outputs: width, layout: layouts.queries, type: kinds.weights),
                keysAndValues: try PackedMatrix(
                    weights: Array(values[(width * width)...]), bias: Array(bias[width...]), inputs: width,
                    outputs: 2 * width, layout: layouts.keysAndValues, type: kinds.weights))
        }
        @Sendable func norm(
            _ gain: ModelPart, _ bias: ModelPart, dividedBy divisor: Float = 1
        ) throws -> NormParameters {
            try NormParameters(
                gain: try checkpoint.values(of: gain).map { $0 / divisor },
                bias: try checkpoint.values(of: bias).map { $0 / divisor })
        }

        let patchInputs = 3 * model.patch * model.patch
        if kinds.patch == .bf16 {
            let narrow = NarrowPatchEmbedding(
                weights: try checkpoint.values(of: .patchWeight), bias: try checkpoint.values(of: .patchBias),
                patch: model.patch, mean: model.mean, std: model.std)
            patch = try PackedMatrix(
                weights: narrow.weights, bias: narrow.bias, inputs: patchInputs, outputs: width,
                layout: layouts.patch, type: .bf16)
        } else {
            patch = try matrix(.patchWeight, .patchBias, patchInputs, width, layouts.patch, type: kinds.patch)
        }
        @Sendable func block(_ index: Int) throws -> PackedBlock {
            func part(_ part: BlockPart) -> ModelPart { .block(index, part) }
            return PackedBlock(
                index: index,
                norm1: try norm(part(.norm1Weight), part(.norm1Bias)),
                headNorms: structure.queryKeyNorm
                    ? (
                        try norm(part(.queryNormWeight), part(.queryNormBias), dividedBy: scoreScale),
                        try norm(part(.keyNormWeight), part(.keyNormBias))
                    ) : nil,
                attention: try attention(index),
                projection: index < kinds.narrowProjections
                    ? try matrix(
                        part(.projectionWeight), part(.projectionBias), width, width, layouts.narrowProjection,
                        type: .bf16)
                    : try matrix(part(.projectionWeight), part(.projectionBias), width, width, layouts.projection),
                norm2: try norm(part(.norm2Weight), part(.norm2Bias)),
                hidden: try matrix(
                    part(.hiddenWeight), part(.hiddenBias), width, model.hiddenOutputs, layouts.hidden),
                output: try matrix(
                    part(.outputWeight), part(.outputBias), hiddenWidth, width, layouts.output,
                    offset: kinds.hiddenFactor == .u8 ? vtrack_gelu_offset : 0))
        }
        blocks = try Self.concurrently(count, block)
        preNorm = structure.preNorm ? try norm(.preNormWeight, .preNormBias) : nil
        finalNorm = structure.finalNorm ? try norm(.finalNormWeight, .finalNormBias) : nil
        (prefix, positions) = try ModelPositions.read(checkpoint, blocks: count)
    }

    /// The results of independent pieces of work in order; of several errors the first piece's.
    private static func concurrently<Value: Sendable>(
        _ count: Int, _ work: @Sendable (Int) throws -> Value
    ) throws -> [Value] {
        let results = Mutex([Result<Value, any Error>?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = Result { try work(index) }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { $0 }.compactMap { try $0?.get() }
    }
}

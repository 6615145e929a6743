import Foundation

@testable import Features

/// Small random models, and files of them, for tests.
enum TinyCheckpoint {
    /// A model whose sizes share no factor by chance: 3 heads of 20, MLP of 100, 3×3 patches of 5.
    static func description(
        width: Int = 60, depth: Int = 3, heads: Int = 3, hiddenWidth: Int = 100, patch: Int = 5, side: Int = 15,
        prefixTokens: Int = 1
    ) -> ModelDescription {
        ModelDescription(
            name: "tiny", dialect: .random, width: width, depth: depth, heads: heads, hiddenWidth: hiddenWidth,
            patch: patch, inputSide: side, prefixTokens: prefixTokens, layerNormEpsilon: 1e-6,
            mean: [0.5, 0.4, 0.3], std: [0.25, 0.3, 0.2], hasFinalNorm: true, preferredLayer: nil, preferredPool: nil)
    }

    /// Weights large enough that attention is far from uniform.
    static func random(_ description: ModelDescription = description(), seed: UInt64 = 1) -> Checkpoint {
        Checkpoint(Architecture(description: description, seed: seed, standardDeviation: 0.15))
    }

    /// All tensors by one family's names; separate tensors of a part share its rows.
    static func tensors(
        of checkpoint: Checkpoint, names: CheckpointNames, nesting: String = ""
    ) throws -> [String: (shape: [Int], values: [Float])] {
        let model = checkpoint.description
        let (width, hidden) = (model.width, model.hiddenWidth)
        var shapes: [ModelPart: [Int]] = [
            .classToken: [1, 1, width],
            .positions: [1, model.prefixTokens + model.gridSide * model.gridSide, width],
            .patchWeight: [width, 3, model.patch, model.patch], .patchBias: [width],
        ]
        if model.prefixTokens == 2 { shapes[.distillationToken] = [1, 1, width] }
        if model.hasFinalNorm {
            shapes[.finalNormWeight] = [width]
            shapes[.finalNormBias] = [width]
        }
        for block in 0..<model.depth {
            for (part, shape) in [
                (BlockPart.norm1Weight, [width]), (.norm1Bias, [width]), (.norm2Weight, [width]), (.norm2Bias, [width]),
                (.attentionWeight, [3 * width, width]), (.attentionBias, [3 * width]),
                (.projectionWeight, [width, width]), (.projectionBias, [width]), (.hiddenWeight, [hidden, width]),
                (.hiddenBias, [hidden]), (.outputWeight, [width, hidden]), (.outputBias, [width]),
            ] {
                shapes[.block(block, part)] = shape
            }
        }
        var result: [String: (shape: [Int], values: [Float])] = [:]
        for (part, shape) in shapes {
            let values = try checkpoint.values(of: part)
            let keys = names.keys(of: part)
            for (index, key) in keys.enumerated() {
                var piece = shape
                piece[0] /= keys.count
                let count = values.count / keys.count
                result[nesting + key] = (piece, Array(values[index * count..<(index + 1) * count]))
            }
        }
        return result
    }

    /// Writes tensors as a safetensors file.
    static func write(
        _ tensors: [String: (shape: [Int], values: [Float])], to path: String, metadata: [String: String] = [:]
    ) throws {
        let ordered = tensors.sorted { $0.key < $1.key }
        let writer = try SafetensorsWriter(
            path: path, columns: ordered.map { .floats($0.key, rowShape: Array($0.value.shape.dropFirst())) },
            metadata: metadata)
        for (name, tensor) in ordered { try writer.append(tensor.values, to: name) }
        try writer.finish()
    }
}

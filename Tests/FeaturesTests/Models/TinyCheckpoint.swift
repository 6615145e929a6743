import Foundation

@testable import Features

/// Small random models, and files of them, for tests.
enum TinyCheckpoint {
    /// A model whose sizes share no factor by chance: 3 heads of 20, MLP of 100, 3×3 patches of 5.
    static func description(
        width: Int = 60, depth: Int = 3, heads: Int = 3, hiddenWidth: Int = 100, patch: Int = 5, side: Int = 15,
        prefixTokens: Int = 1, structure: ModelStructure = ModelStructure()
    ) -> ModelDescription {
        var structure = structure
        if prefixTokens == 2 { structure.distillationToken = true }
        return ModelDescription(
            name: "tiny", dialect: .random, family: nil, structure: structure, width: width, depth: depth,
            heads: heads, hiddenWidth: hiddenWidth, patch: patch, inputSide: side, layerNormEpsilon: 1e-6,
            mean: [0.5, 0.4, 0.3], std: [0.25, 0.3, 0.2], preferredLayer: nil, preferredPool: nil)
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
        let parts =
            model.structure.modelParts
            + (0..<model.depth).flatMap { block in
                model.structure.blockParts.map { .block(block, $0) }
            }
        var result: [String: (shape: [Int], values: [Float])] = [:]
        for part in parts {
            let shape = model.shape(of: part)
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

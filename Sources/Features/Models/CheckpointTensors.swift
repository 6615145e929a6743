/// The tensors that make one part of a model.
struct PartTensors: Equatable, Sendable {
    /// Tensors whose rows are stacked, in this order; nil stands for as many rows of zeros as each of the others has.
    var names: [String?]
    /// A tensor with a factor for each row; nil is none.
    var rowFactors: String?
}

/// Which tensors of a file make the parts of the model in it.
struct CheckpointTensors: Sendable {
    /// Every part that the file has.
    private(set) var parts: [ModelPart: PartTensors] = [:]

    /// Looks every part of a dialect up in a file.
    ///
    /// What one block has is looked for in each of them: the tensors listed may be missing.
    init(file: any TensorSource, nesting: CheckpointNesting, names: CheckpointNames, blocks: CheckpointBlocks) {
        func isThere(_ name: String) -> Bool { file.entries[name] != nil || file.unreadable[name] != nil }
        for (part, alternatives) in names.model {
            if let name = alternatives.map({ nesting.prefix + $0 }).first(where: isThere) {
                parts[part] = PartTensors(names: [name])
            }
        }
        for (part, alternatives) in names.block {
            // An alternative that is there whole, else one that is there in part: the rest of it is then missing.
            let whole = alternatives.first { $0.allSatisfy { $0.isEmpty || blocks.names.contains($0) } }
            guard let found = whole ?? alternatives.first(where: { $0.contains(where: blocks.names.contains) }) else {
                continue
            }
            let factors = names.rowFactors[part]?.first(where: blocks.names.contains)
            // A key without a bias stands between a query and a value that have one; a weight must be there.
            let optional = part == .attentionBias
            for (index, prefix) in blocks.prefixes.enumerated() {
                parts[.block(index, part)] = PartTensors(
                    names: found.map { $0.isEmpty || optional && !blocks.names.contains($0) ? nil : prefix + $0 },
                    rowFactors: factors.map { prefix + $0 })
            }
        }
    }

    subscript(part: ModelPart) -> PartTensors? { parts[part] }

    /// The tensor of a part that is one tensor, or the first of several.
    func name(of part: ModelPart) -> String? { parts[part]?.names.compactMap(\.self).first }
}

extension CheckpointTensors {
    /// A part's numbers, row-major: stacked, and multiplied row by row.
    ///
    /// - Parameter shape: The part's shape in the model; zeros of this shape are returned where the file lacks it.
    /// - Throws: `WeightsError` where reading fails or a number is not finite.
    func values(of part: ModelPart, shape: [Int], in file: any TensorSource) throws(WeightsError) -> [Float] {
        let count = shape.reduce(1, *)
        guard let tensors = parts[part] else { return [Float](repeating: 0, count: count) }
        var values: [Float] = []
        for name in tensors.names {
            guard let name else {
                values.append(contentsOf: repeatElement(0, count: count / tensors.names.count))
                continue
            }
            let next = try Self.finite(name, in: file)
            if values.isEmpty { values = next } else { values.append(contentsOf: next) }
        }
        guard let name = tensors.rowFactors else { return values }
        let factors = try Self.finite(name, in: file)
        let row = values.count / factors.count
        for index in values.indices { values[index] *= factors[index / row] }
        return values
    }

    private static func finite(_ name: String, in file: any TensorSource) throws(WeightsError) -> [Float] {
        let values = try file.floats(name)
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(path: file.path, tensor: name, index: index)
        }
        return values
    }
}

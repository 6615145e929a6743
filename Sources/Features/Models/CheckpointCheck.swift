/// Checks every tensor of a file against the model that is in it.
struct CheckpointCheck {
    let file: any TensorSource
    let contents: CheckpointContents
    /// The structure and sizes of the model; its constants are not looked at.
    let sizes: ModelDescription

    /// - Throws: `WeightsError` naming the first tensor that is missing, has another shape or type, or is not known.
    func run() throws(WeightsError) {
        var unknown = Set(file.entries.keys)
        // Scale-MAE computes its positions although the file has a table of them.
        if let name = contents.tensors.name(of: .positions) { unknown.remove(name) }
        for part in parts {
            guard let tensors = contents.tensors[part] else {
                if isOptional(part) { continue }
                throw file.absence(of: usualName(of: part), expectedShape: sizes.shape(of: part))
            }
            let shape = sizes.shape(of: part)
            // Where a part is several tensors, they share its rows equally.
            var share = shape
            share[0] /= tensors.names.count
            for name in tensors.names.compactMap(\.self) {
                try check(name, expected: share)
                unknown.remove(name)
            }
            if let name = tensors.rowFactors {
                try check(name, expected: [shape[0]])
                unknown.remove(name)
            }
        }
        let names = contents.names
        let rest = unknown.filter { name in
            !contents.nesting.isBeside(name, ignored: names.ignored, outside: names.beside) && !isIgnoredInBlock(name)
        }.sorted()
        if let first = rest.first { throw .unknown(path: file.path, tensor: first, others: rest.count - 1) }
    }

    private var parts: [ModelPart] {
        sizes.structure.modelParts
            + (0..<sizes.depth).flatMap { block in sizes.structure.blockParts.map { .block(block, $0) } }
    }

    /// Biases that some families do without: those of queries, keys and values, and that of CLIP's patches.
    private func isOptional(_ part: ModelPart) -> Bool {
        switch part {
        case .patchBias: sizes.structure.preNorm
        case .block(_, .attentionBias): true
        default: false
        }
    }

    private func usualName(of part: ModelPart) -> String {
        let usual = contents.names.keys(of: part).first ?? "\(part)"
        guard case .block(let index, let part) = part else { return contents.nesting.prefix + usual }
        return contents.blocks.prefixes[index] + (contents.names.block[part]?.first?.first ?? "\(part)")
    }

    private func isIgnoredInBlock(_ name: String) -> Bool {
        contents.names.ignoredInBlocks.contains { ignored in
            name.hasSuffix("." + ignored) && contents.blocks.prefixes.contains { $0 + ignored == name }
        }
    }

    private func check(_ name: String, expected: [Int]) throws(WeightsError) {
        guard let entry = file.entries[name] else { throw file.absence(of: name, expectedShape: expected) }
        // Programs disagree about axes of one before the tokens' own.
        guard entry.shape.drop(while: { $0 == 1 }) == expected.drop(while: { $0 == 1 }) else {
            throw .shape(path: file.path, tensor: name, expected: expected, found: entry.shape)
        }
        guard [.float32, .float16, .bfloat16, .float64].contains(entry.type) else {
            throw .type(path: file.path, tensor: name, found: entry.type)
        }
    }
}

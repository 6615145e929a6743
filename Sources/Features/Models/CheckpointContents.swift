/// Where in a file a model is, under which names, and its outer sizes.
struct CheckpointContents {
    /// The names that fit.
    let names: CheckpointNames
    /// What stands before every name of the model.
    let nesting: CheckpointNesting
    let blocks: CheckpointBlocks
    let tensors: CheckpointTensors
    let width: Int
    let patch: Int

    var depth: Int { blocks.prefixes.count }

    /// Beyond the largest published models (width 6,144), so that a damaged file cannot ask for any amount of memory.
    private static let maximumWidth = 1 << 13
    private static let maximumPatch = 64

    /// Finds the names that fit.
    ///
    /// - Throws: `WeightsError` where none do, or there is no patch embedding of a known shape.
    init(file: any TensorSource) throws(WeightsError) {
        guard let (names, nesting) = Self.names(in: file) else {
            if file.entries.isEmpty, let (name, reason) = file.unreadable.min(by: { $0.key < $1.key }) {
                throw name.isEmpty
                    ? .model(path: file.path, problem: "no dictionary of tensors: \(reason)")
                    : .entry(path: file.path, tensor: name, problem: reason)
            }
            throw .notVisionTransformer(path: file.path, tensors: file.entries.count)
        }
        // The names were chosen by this tensor.
        let patchName = (names.model[.patchWeight] ?? []).map { nesting.prefix + $0 }
        let key = patchName.first { file.entries[$0] != nil || file.unreadable[$0] != nil } ?? ""
        guard let shape = file.entries[key]?.shape else { throw file.absence(of: key, expectedShape: [0, 3, 0, 0]) }
        guard shape.count == 4, shape[1] == 3, shape[2] == shape[3], (1...Self.maximumWidth).contains(shape[0]),
            (1...Self.maximumPatch).contains(shape[2])
        else {
            throw .model(
                path: file.path,
                problem:
                    "tensor \"\(key)\" has shape \(shape), expected [width, 3, patch, patch] with a width of at most "
                    + "\(Self.maximumWidth) and a patch of at most \(Self.maximumPatch)")
        }
        blocks = try CheckpointBlocks(file: file, prefix: nesting.prefix, names: names)
        tensors = CheckpointTensors(file: file, nesting: nesting, names: names, blocks: blocks)
        self.names = names
        self.nesting = nesting
        width = shape[0]
        patch = shape[2]
    }

    private static func names(in file: any TensorSource) -> (CheckpointNames, CheckpointNesting)? {
        func isThere(_ name: String) -> Bool { file.entries[name] != nil || file.unreadable[name] != nil }
        for names in CheckpointNames.all {
            for nesting in CheckpointNesting.all(of: names) {
                let fits = names.probes.allSatisfy { part in
                    (names.model[part] ?? []).contains { isThere(nesting.prefix + $0) }
                }
                if fits { return (names, nesting) }
            }
        }
        return nil
    }

    /// What the tensors tell about the family, with what the configuration says of it.
    func evidence(
        file: any TensorSource, configuration: CheckpointConfiguration, fileName: String
    ) -> ModelFamily.Evidence {
        let levels = nesting.levels
        return ModelFamily.Evidence(
            hasTensor: { start in
                file.entries.keys.contains { name in levels.contains { name.hasPrefix($0 + start) } }
            },
            hasBlockTensor: blocks.names.contains, modelType: configuration.modelType,
            architecture: configuration.architecture, fileName: fileName)
    }
}

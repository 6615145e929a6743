/// The sizes of a model as its tensors' shapes give them, every tensor accounted for.
struct CheckpointLayout {
    /// The family of names that fits.
    let names: CheckpointNames
    /// What stands before every name of the model.
    let nesting: CheckpointNesting
    let width: Int
    let depth: Int
    let hiddenWidth: Int
    let patch: Int
    let inputSide: Int
    let structure: ModelStructure

    /// Beyond the largest published models (width 6,144, MLP 24,576, 64 blocks), so that a damaged file cannot ask
    /// for any amount of memory.
    private static let maximumWidth = 1 << 13
    private static let maximumHiddenWidth = 1 << 16
    private static let maximumDepth = 256
    private static let maximumGridSide = 256
    private static let maximumPatch = 64

    /// Finds the names that fit and checks every tensor against them.
    ///
    /// - Throws: `WeightsError` naming the first tensor that is missing, has another shape, or is not known.
    init(file: any TensorSource) throws(WeightsError) {
        guard let (names, nesting) = Self.names(in: file) else {
            if file.entries.isEmpty, let (name, reason) = file.unreadable.min(by: { $0.key < $1.key }) {
                throw name.isEmpty
                    ? .model(path: file.path, problem: "no dictionary of tensors: \(reason)")
                    : .entry(path: file.path, tensor: name, problem: reason)
            }
            throw .notVisionTransformer(path: file.path, tensors: file.entries.count)
        }
        func key(_ part: ModelPart) -> String { nesting.prefix + (names.keys(of: part).first ?? "") }
        func shape(_ part: ModelPart) -> [Int]? { file.entries[key(part)]?.shape }

        guard let patchShape = shape(.patchWeight) else {
            throw file.absence(of: key(.patchWeight), expectedShape: [0, 3, 0, 0])
        }
        guard patchShape.count == 4, patchShape[1] == 3, patchShape[2] == patchShape[3],
            (1...Self.maximumWidth).contains(patchShape[0]), (1...Self.maximumPatch).contains(patchShape[2])
        else {
            throw .model(
                path: file.path,
                problem:
                    "tensor \"\(key(.patchWeight))\" has shape \(patchShape), expected [width, 3, patch, patch] with "
                    + "a width of at most \(Self.maximumWidth) and a patch of at most \(Self.maximumPatch)")
        }
        let width = patchShape[0]
        let patch = patchShape[2]

        let depth = try Self.depth(in: file, prefix: nesting.prefix + names.blockPrefix)
        guard let hiddenShape = shape(.block(0, .hiddenWeight)) else {
            throw file.absence(of: key(.block(0, .hiddenWeight)), expectedShape: [4 * width, width])
        }
        guard hiddenShape.count == 2, (1...Self.maximumHiddenWidth).contains(hiddenShape[0]) else {
            throw .shape(
                path: file.path, tensor: key(.block(0, .hiddenWeight)), expected: [4 * width, width], found: hiddenShape
            )
        }

        let prefixTokens = shape(.distillationToken) == nil ? 1 : 2
        guard let positions = shape(.positions) else {
            throw file.absence(of: key(.positions), expectedShape: [1, prefixTokens + 196, width])
        }
        guard positions.count == 3, positions[0] == 1, positions[2] == width,
            let side = (1...Self.maximumGridSide).first(where: { $0 * $0 + prefixTokens == positions[1] })
        else {
            throw .model(
                path: file.path,
                problem:
                    "tensor \"\(key(.positions))\" has shape \(positions), expected [1, \(prefixTokens) + g*g, \(width)]"
                    + " with g of at most \(Self.maximumGridSide)")
        }

        self.names = names
        self.nesting = nesting
        self.width = width
        self.depth = depth
        self.hiddenWidth = hiddenShape[0]
        self.patch = patch
        self.inputSide = side * patch
        var structure = ModelStructure()
        structure.distillationToken = prefixTokens == 2
        structure.finalNorm = shape(.finalNormWeight) != nil || shape(.finalNormBias) != nil
        self.structure = structure
        try checkAll(of: file)
    }

    private static func names(in file: any TensorSource) -> (CheckpointNames, CheckpointNesting)? {
        for names in CheckpointNames.all {
            let key = names.keys(of: .patchWeight)[0]
            for nesting in CheckpointNesting.all(of: names) {
                let name = nesting.prefix + key
                if file.entries[name] != nil || file.unreadable[name] != nil { return (names, nesting) }
            }
        }
        return nil
    }

    /// One more than the highest block number; a hole is found as a missing tensor.
    private static func depth(in file: any TensorSource, prefix: String) throws(WeightsError) -> Int {
        var depth = 0
        for name in file.entries.keys where name.hasPrefix(prefix) {
            let digits = name.dropFirst(prefix.count).prefix { $0 != "." }
            guard let index = Int(digits), (0..<maximumDepth).contains(index), String(index) == digits else {
                throw .model(
                    path: file.path,
                    problem: "tensor \"\(name)\" belongs to block \"\(digits)\", expected 0…\(maximumDepth - 1)")
            }
            depth = max(depth, index + 1)
        }
        guard depth > 0 else {
            throw .model(path: file.path, problem: "no tensor begins with \"\(prefix)\": no blocks")
        }
        return depth
    }

    private func checkAll(of file: any TensorSource) throws(WeightsError) {
        let parts =
            structure.modelParts
            + (0..<depth).flatMap { block in
                structure.blockParts.map { .block(block, $0) }
            }
        let sizes = ModelDescription(
            name: "", dialect: names.dialect, family: nil, structure: structure, width: width, depth: depth, heads: 1,
            hiddenWidth: hiddenWidth, patch: patch, inputSide: inputSide, layerNormEpsilon: 0, mean: [], std: [],
            preferredLayer: nil, preferredPool: nil)

        var unknown = Set(file.entries.keys)
        for part in parts {
            let keys = names.keys(of: part)
            for key in keys {
                let name = nesting.prefix + key
                // Where a part is several tensors, they share its rows equally.
                var expected = sizes.shape(of: part)
                expected[0] /= keys.count
                guard let entry = file.entries[name] else {
                    throw file.absence(of: name, expectedShape: expected)
                }
                guard entry.shape == expected else {
                    throw .shape(path: file.path, tensor: name, expected: expected, found: entry.shape)
                }
                guard [.float32, .float16, .bfloat16, .float64].contains(entry.type) else {
                    throw .type(path: file.path, tensor: name, found: entry.type)
                }
                unknown.remove(name)
            }
        }
        let rest = unknown.filter { !nesting.isBeside($0, ignored: names.ignored) }.sorted()
        if let first = rest.first { throw .unknown(path: file.path, tensor: first, others: rest.count - 1) }
    }
}

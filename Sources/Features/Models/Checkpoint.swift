/// What a user states about a model where its files are silent or wrong; nil leaves it to the files.
public struct CheckpointOverrides: Equatable, Sendable {
    /// The ε inside the square root of every LayerNorm.
    public var layerNormEpsilon: Double?
    /// Mean of red, green and blue on the scale 0…1.
    public var mean: [Double]?
    /// Standard deviation of red, green and blue on the scale 0…1.
    public var std: [Double]?
    /// Attention heads.
    public var heads: Int?

    /// Creates overrides; nil is "as the files say".
    public init(
        layerNormEpsilon: Double? = nil, mean: [Double]? = nil, std: [Double]? = nil, heads: Int? = nil
    ) {
        self.layerNormEpsilon = layerNormEpsilon
        self.mean = mean
        self.std = std
        self.heads = heads
    }
}

/// A Vision Transformer's weights: names and shapes checked, numbers read when an engine asks for them.
///
/// Reading late keeps the memory for weights at one copy, packed as the engine wants them, and leaves the blocks that
/// nobody asks for on the disk.
public struct Checkpoint: Sendable {
    /// The model's sizes and constants.
    public let description: ModelDescription
    /// The metadata of the safetensors header; empty for other files and for random weights.
    public let metadata: [String: String]
    /// Sentences for the user: what had to be assumed.
    public let warnings: [String]

    private let source: Source

    private enum Source: Sendable {
        case file(any TensorSource, CheckpointNames, nesting: String)
        case random(Architecture)
    }

    /// Where the weights come from, for messages.
    public var path: String {
        switch source {
        case .file(let file, _, _): file.path
        case .random(let architecture): architecture.description.name
        }
    }

    /// Every file the weights come from, in a fixed order; empty for random weights.
    public var files: [String] {
        switch source {
        case .file(let file, _, _): file.files
        case .random: []
        }
    }

    /// Opens a checkpoint, of safetensors (a file, a folder or an index), PyTorch or NumPy (Google's names), and checks that it is a plain Vision Transformer.
    ///
    /// The format is told by the file's first bytes. In a training checkpoint the model is looked for where
    /// `CheckpointNesting` knows it to be.
    ///
    /// Constants are taken from `overrides`, else the header's metadata, else `config.json` and
    /// `preprocessor_config.json` beside the file, else the defaults of docs/features.md, which one warning names.
    ///
    /// - Throws: `FeatureError.weights` naming the tensor that is missing, has another shape or is not known.
    public init(path: String, overrides: CheckpointOverrides = CheckpointOverrides()) throws(FeatureError) {
        do {
            var source = try WeightsFormat.open(path: path)
            if let arrays = source as? NpzFile, let model = try FlaxCheckpoint(arrays) { source = model }
            try self.init(file: source, overrides: overrides)
        } catch {
            throw .weights(error)
        }
    }

    /// The architectures that random weights can be made for, by timm's names.
    public static var architectures: [String] { Architecture.names }

    /// Random weights of a known architecture, the same for the same seed: for measuring speed.
    ///
    /// - Throws: `FeatureError.weights` where no architecture has this name.
    public init(architecture name: String, seed: UInt64 = 0) throws(FeatureError) {
        guard let architecture = Architecture(name: name, seed: seed) else {
            throw .weights(.architecture(name, known: Architecture.names))
        }
        self.init(architecture)
    }

    init(_ architecture: Architecture) {
        source = .random(architecture)
        description = architecture.description
        metadata = [:]
        warnings = []
    }

    init(file: any TensorSource, overrides: CheckpointOverrides) throws(WeightsError) {
        let layout = try CheckpointLayout(file: file)
        source = .file(file, layout.names, nesting: layout.nesting.prefix)
        metadata = file.metadata

        var warnings: [String] = []
        let stated = CheckpointConfiguration(
            heads: overrides.heads, layerNormEpsilon: overrides.layerNormEpsilon, mean: overrides.mean,
            std: overrides.std)
        let inHeader = try CheckpointConfiguration(metadata: file.metadata, path: file.path)
        var beside = try CheckpointConfiguration.beside(folder: Self.folder(of: file.path))
        if (beside.width ?? layout.width) != layout.width || (beside.depth ?? layout.depth) != layout.depth {
            warnings.append(
                "\(file.path): config.json beside it describes another model (width \(beside.width ?? 0), depth "
                    + "\(beside.depth ?? 0); the tensors have \(layout.width), \(layout.depth)) and is not used")
            beside = CheckpointConfiguration()
        }
        for configuration in [stated, inHeader, beside] {
            if let problem = configuration.problem(width: layout.width) {
                throw .configuration(path: file.path, problem: problem)
            }
        }
        let known = stated.filled(from: inHeader).filled(from: beside)

        var assumed: [String] = []
        let epsilon = known.layerNormEpsilon ?? layout.names.defaultEpsilon
        if known.layerNormEpsilon == nil { assumed.append("LayerNorm epsilon \(epsilon)") }
        let mean = known.mean ?? Self.imageNetMean
        if known.mean == nil { assumed.append("mean \(mean)") }
        let std = known.std ?? Self.imageNetStd
        if known.std == nil { assumed.append("standard deviation \(std)") }
        var heads = known.heads ?? max(1, layout.width / 64)
        if known.heads == nil, layout.width % 64 != 0 {
            // No family has heads of another width without saying so; one head at least always divides.
            while layout.width % heads != 0 { heads -= 1 }
            assumed.append("\(heads) heads")
        }
        if !assumed.isEmpty {
            warnings.append(
                "\(file.path) does not state its \(assumed.joined(separator: ", ")): these defaults are assumed")
        }
        if !layout.structure.finalNorm {
            warnings.append("\(file.path) has no final LayerNorm: tokens are the blocks' raw output")
        }
        self.warnings = warnings

        let layer: Int?
        if let text = file.metadata["vtrack.layer"] {
            guard let value = Int(text), (0...layout.depth).contains(value) else {
                throw .configuration(
                    path: file.path,
                    problem: "metadata vtrack.layer is \"\(text.prefix(80))\", expected 0…\(layout.depth)")
            }
            layer = value
        } else {
            layer = nil
        }
        description = ModelDescription(
            name: Self.name(of: file.path), dialect: layout.names.dialect, family: nil, structure: layout.structure,
            width: layout.width, depth: layout.depth, heads: heads, hiddenWidth: layout.hiddenWidth,
            patch: layout.patch, inputSide: layout.inputSide, layerNormEpsilon: epsilon, mean: mean, std: std,
            preferredLayer: layer, preferredPool: file.metadata["vtrack.pool"])
    }

    /// ImageNet's mean colour, which most models were trained with.
    static let imageNetMean = [0.485, 0.456, 0.406]
    /// ImageNet's standard deviation of colours.
    static let imageNetStd = [0.229, 0.224, 0.225]

    /// The path up to and including its last slash.
    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "./" }
        return String(path[...slash])
    }

    private static func name(of path: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        for suffix in [".safetensors.index.json", ".safetensors", ".pth", ".pt", ".bin", ".npz"]
        where last.hasSuffix(suffix) {
            return String(last.dropLast(suffix.count))
        }
        return last
    }
}

// MARK: - Numbers

extension Checkpoint {
    /// A part's numbers, row-major, the separate tensors of a part stacked.
    ///
    /// - Throws: `WeightsError` where reading fails or a number is not finite.
    func values(of part: ModelPart) throws(WeightsError) -> [Float] {
        switch source {
        case .random(let architecture):
            return architecture.values(of: part)
        case .file(let file, let names, let nesting):
            var values: [Float] = []
            for key in names.keys(of: part) {
                let next = try file.floats(nesting + key)
                if let index = next.firstIndex(where: { !$0.isFinite }) {
                    throw .notFinite(path: file.path, tensor: nesting + key, index: index)
                }
                if values.isEmpty { values = next } else { values.append(contentsOf: next) }
            }
            return values
        }
    }
}

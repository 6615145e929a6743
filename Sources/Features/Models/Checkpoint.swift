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
    /// The family of models, by a name of `Checkpoint.families`.
    public var family: String?

    /// Creates overrides; nil is "as the files say".
    public init(
        layerNormEpsilon: Double? = nil, mean: [Double]? = nil, std: [Double]? = nil, heads: Int? = nil,
        family: String? = nil
    ) {
        self.layerNormEpsilon = layerNormEpsilon
        self.mean = mean
        self.std = std
        self.heads = heads
        self.family = family
    }
}

/// A Vision Transformer's weights: names and shapes checked, numbers read when an engine asks for them.
///
/// Reading late keeps the memory for weights at one copy, packed as the engine wants them, and leaves the blocks that
/// nobody asks for on the disk.
public struct Checkpoint: Sendable {
    /// The model's sizes and constants.
    public private(set) var description: ModelDescription
    /// The metadata of the safetensors header; empty for other files and for random weights.
    public let metadata: [String: String]
    /// Sentences for the user: what had to be assumed.
    public let warnings: [String]

    private let source: Source

    private enum Source: Sendable {
        case file(any TensorSource, CheckpointTensors)
        case random(Architecture)
    }

    /// Where the weights come from, for messages.
    public var path: String {
        switch source {
        case .file(let file, _): file.path
        case .random(let architecture): architecture.description.name
        }
    }

    /// Every file the weights come from, in a fixed order; empty for random weights.
    public var files: [String] {
        switch source {
        case .file(let file, _): file.files
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

    /// The families of models that are known, by the names that flags and metadata use.
    public static var families: [String] { ModelFamily.all.map(\.name).sorted() }

    init(file: any TensorSource, overrides: CheckpointOverrides) throws(WeightsError) {
        let contents = try CheckpointContents(file: file)
        source = .file(file, contents.tensors)
        metadata = file.metadata
        var warnings: [String] = []
        let known = try Self.configuration(of: file, contents, overrides: overrides, warnings: &warnings)
        let evidence = contents.evidence(
            file: file, configuration: known, fileName: file.path.split(separator: "/").last.map(String.init) ?? "")
        let family = known.family.flatMap(ModelFamily.named) ?? ModelFamily.matching(evidence)
        let layout = try CheckpointLayout(file: file, contents: contents, configuration: known, family: family)

        if let shown = layout.heads, let stated = known.heads, shown != stated {
            throw .configuration(path: file.path, problem: "\(stated) heads are stated, its tensors have \(shown)")
        }
        // What a family's authors used is known, and so is timm's epsilon; the rest is assumed, and said to be.
        let isTimm = known.architecture != nil && contents.names.dialect == .timm
        var assumed: [String] = []
        let epsilon =
            known.layerNormEpsilon
            ?? (contents.names.dialect == .huggingFace ? family?.huggingFaceEpsilon : family?.epsilon)
            ?? contents.names.defaultEpsilon
        if known.layerNormEpsilon == nil, family == nil, !isTimm { assumed.append("LayerNorm epsilon \(epsilon)") }
        let mean = known.mean ?? family?.mean ?? Self.imageNetMean
        if known.mean == nil, family == nil { assumed.append("mean \(mean)") }
        let std = known.std ?? family?.std ?? Self.imageNetStd
        if known.std == nil, family == nil { assumed.append("standard deviation \(std)") }
        let headWidth = (family?.headWidths ?? [:])[contents.width] ?? 64
        var heads = layout.heads ?? known.heads ?? max(1, contents.width / headWidth)
        if layout.heads == nil, known.heads == nil, contents.width % headWidth != 0 {
            // No family has heads of another width without saying so; one head at least always divides.
            while contents.width % heads != 0 { heads -= 1 }
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

        description = ModelDescription(
            name: Self.name(of: file.path), dialect: contents.names.dialect, family: family?.name,
            structure: layout.structure, width: contents.width, depth: contents.depth, heads: heads,
            hiddenWidth: layout.hiddenWidth, patch: contents.patch, inputSide: layout.inputSide,
            layerNormEpsilon: epsilon, mean: mean, std: std, preferredLayer: file.metadata["vtrack.layer"],
            preferredPool: file.metadata["vtrack.pool"])
    }

    /// What flags, the header and the files beside it say, in this order of precedence.
    private static func configuration(
        of file: any TensorSource, _ contents: CheckpointContents, overrides: CheckpointOverrides,
        warnings: inout [String]
    ) throws(WeightsError) -> CheckpointConfiguration {
        let stated = CheckpointConfiguration(
            heads: overrides.heads, layerNormEpsilon: overrides.layerNormEpsilon, mean: overrides.mean,
            std: overrides.std, family: overrides.family)
        let inHeader = try CheckpointConfiguration(metadata: file.metadata, path: file.path)
        var beside = try CheckpointConfiguration.beside(folder: folder(of: file.path))
        if (beside.width ?? contents.width) != contents.width || (beside.depth ?? contents.depth) != contents.depth {
            warnings.append(
                "\(file.path): config.json beside it describes another model (width \(beside.width ?? 0), depth "
                    + "\(beside.depth ?? 0); the tensors have \(contents.width), \(contents.depth)) and is not used")
            beside = CheckpointConfiguration()
        }
        for configuration in [stated, inHeader, beside] {
            if let problem = configuration.problem(width: contents.width) {
                throw .configuration(path: file.path, problem: problem)
            }
        }
        return stated.filled(from: inHeader).filled(from: beside)
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
        case .file(let file, let tensors):
            return try tensors.values(of: part, shape: description.shape(of: part), in: file)
        }
    }
}

// MARK: - Contents

extension Checkpoint {
    /// The tensors' file; nil for random weights.
    private var file: (any TensorSource)? {
        switch source {
        case .file(let file, _): file
        case .random: nil
        }
    }

    /// The same model under another name than its file's.
    public func named(_ name: String) -> Checkpoint {
        var copy = self
        copy.description.name = name
        return copy
    }

    /// The format of the file, for people; random weights have none.
    public var format: String {
        switch file {
        case nil: "none: random weights"
        case is SafetensorsFile: "safetensors"
        case let file as ShardedSafetensors: "safetensors in \(max(1, file.files.count - 1)) files"
        case is TorchFile: "PyTorch"
        default: "NumPy (.npz)"
        }
    }

    /// Every tensor of the file that can be read, by name; random weights have none.
    public var tensors: [TensorEntry] { file.map { $0.entries.values.sorted { $0.name < $1.name } } ?? [] }

    /// Reads one of the tensors and looks at every number.
    ///
    /// - Returns: false where its numbers are of a type that no weights have, such as a counter: nothing was looked at.
    /// - Throws: `FeatureError.weights` naming the tensor, where it cannot be read or a number is infinite or none.
    public func verify(_ tensor: TensorEntry) throws(FeatureError) -> Bool {
        guard let file, [.float32, .float16, .bfloat16, .float64].contains(tensor.type) else { return false }
        do throws(WeightsError) {
            let values = try file.floats(tensor.name)
            if let index = values.firstIndex(where: { !$0.isFinite }) {
                throw .notFinite(path: file.path, tensor: tensor.name, index: index)
            }
        } catch {
            throw .weights(error)
        }
        return true
    }
}

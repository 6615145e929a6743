import Features
import Formats

/// What `vtrack model info` prints, as text or JSON; what is absent is `null`.
struct ModelFacts: Encodable {
    /// A tensor of the file.
    struct Tensor: Encodable {
        var name: String
        var type: String
        var shape: [Int]
    }

    var name: String
    var path: String
    var files: [String]
    var bytes: Int
    var sha256: String
    var format: String
    var dialect: String
    var family: String?
    var structure: StructureFacts
    var width: Int
    var depth: Int
    var heads: Int
    var hiddenWidth: Int
    var patch: Int
    var inputSide: Int
    var layerNormEpsilon: Double
    var mean: [Double]
    var std: [Double]
    var preferredLayer: Int?
    var preferredPool: String?
    /// Numbers in all tensors of the file.
    var parameters: Int
    var tensorCount: Int
    var metadata: [String: String]
    /// What had to be assumed, and what else a user should know.
    var notes: [String]
    var tensors: [Tensor]?

    enum CodingKeys: String, CodingKey {
        case name, path, files, bytes, sha256, format, dialect, family, structure, width, depth, heads, patch
        case mean, std, parameters, metadata, notes, tensors
        case hiddenWidth = "hidden_width"
        case inputSide = "input_side"
        case layerNormEpsilon = "layer_norm_eps"
        case preferredLayer = "preferred_layer"
        case preferredPool = "preferred_pool"
        case tensorCount = "tensor_count"
    }

    init(_ checkpoint: Checkpoint, path: String, listsTensors: Bool) throws {
        let model = checkpoint.description
        name = model.name
        self.path = path
        files = checkpoint.files
        bytes = checkpoint.files.reduce(0) { $0 + (FilePlace.size(of: $1) ?? 0) }
        sha256 = try FileDigest.sha256(of: checkpoint.files)
        format = checkpoint.format
        dialect = model.dialect.rawValue
        family = model.family
        structure = StructureFacts(model.structure)
        width = model.width
        depth = model.depth
        heads = model.heads
        hiddenWidth = model.hiddenWidth
        patch = model.patch
        inputSide = model.inputSide
        layerNormEpsilon = model.layerNormEpsilon
        mean = model.mean
        std = model.std
        preferredLayer = model.preferredLayer.flatMap { Int($0) }
        preferredPool = model.preferredPool
        let entries = checkpoint.tensors
        parameters = entries.reduce(0) { $0 + $1.count }
        tensorCount = entries.count
        metadata = checkpoint.metadata
        notes = checkpoint.warnings
        tensors =
            listsTensors ? entries.map { Tensor(name: $0.name, type: $0.type.rawValue, shape: $0.shape) } : nil
    }

    /// Aligned text for people.
    func text() -> String {
        var rows: [[String]] = [
            ["model", name], ["path", path], ["format", "\(format), names of \(dialect)"],
            ["family", family ?? "not shown by the file"],
            ["size", "\(bytes) bytes, \(parameters) numbers in \(tensorCount) tensors"], ["SHA-256", sha256],
        ]
        rows += [
            ["tokens", "\(width) channels, \(depth) blocks, \(heads) heads, MLP of \(hiddenWidth)"],
            ["input", "\(inputSide)×\(inputSide) px in patches of \(patch)×\(patch)"],
        ]
        rows += structure.rows
        rows += [
            ["LayerNorm eps", "\(layerNormEpsilon)"], ["mean", mean.map { "\($0)" }.joined(separator: " ")],
            ["std", std.map { "\($0)" }.joined(separator: " ")],
        ]
        if let preferredLayer { rows.append(["preferred layer", "\(preferredLayer)"]) }
        if let preferredPool { rows.append(["preferred pool", printable(preferredPool, limit: 200)]) }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            rows.append(["metadata", "\(printable(key, limit: 200)) = \(printable(value, limit: 200))"])
        }
        for note in notes { rows.append(["note", note]) }
        return TextTable.words(rows)
            + TextTable.words((tensors ?? []).map { [printable($0.name, limit: 200), $0.type, $0.shape.description] })
    }
}

/// A model's structure in words.
struct StructureFacts: Encodable {
    var classToken: Bool
    var distillationToken: Bool
    var registerTokens: Int
    var prefixHasPositions: Bool
    var registersHavePositions: Bool
    var positions: String
    var interpolation: String?
    var relativeBias: String
    var preNorm: Bool
    var queryKeyNorm: Bool
    var activation: String
    var finalNorm: Bool

    enum CodingKeys: String, CodingKey {
        case positions, interpolation, activation
        case classToken = "class_token"
        case distillationToken = "distillation_token"
        case registerTokens = "register_tokens"
        case prefixHasPositions = "prefix_has_positions"
        case registersHavePositions = "registers_have_positions"
        case relativeBias = "relative_bias"
        case preNorm = "pre_norm"
        case queryKeyNorm = "query_key_norm"
        case finalNorm = "final_norm"
    }

    init(_ structure: ModelStructure) {
        classToken = structure.classToken
        distillationToken = structure.distillationToken
        registerTokens = structure.registerTokens
        prefixHasPositions = structure.prefixHasPositions
        registersHavePositions = structure.registersHavePositions
        (positions, interpolation) =
            switch structure.positions {
            case .none: ("none", nil)
            case .learned(let interpolation): ("learned", interpolation.rawValue)
            case .sineCosine(let interpolation): ("sines and cosines", interpolation.rawValue)
            case .groundSampleDistance(let metres): ("sines and cosines of \(metres) m a pixel", nil)
            case .rotary(let rotary): ("rotary, theta \(rotary.theta)", nil)
            }
        relativeBias = structure.relativeBias.rawValue
        preNorm = structure.preNorm
        queryKeyNorm = structure.queryKeyNorm
        activation = structure.activation.rawValue
        finalNorm = structure.finalNorm
    }

    /// Rows for the table.
    var rows: [[String]] {
        var prefix: [String] = []
        if classToken { prefix.append("class token") }
        if distillationToken { prefix.append("distillation token") }
        if registerTokens > 0 { prefix.append("\(registerTokens) registers") }
        var places = positions
        if let interpolation { places += ", interpolation \(interpolation)" }
        if !prefix.isEmpty, !prefixHasPositions { places += ", none for the class token" }
        if relativeBias != "none" { places += ", relative bias \(relativeBias)" }
        var norms = finalNorm ? "LayerNorm after the last block" : "no LayerNorm after the last block: tokens are raw"
        if preNorm { norms += ", LayerNorm before the first" }
        if queryKeyNorm { norms += ", LayerNorm of queries and keys" }
        return [
            ["before patches", prefix.isEmpty ? "nothing" : prefix.joined(separator: ", ")], ["positions", places],
            ["activation", activation], ["norms", norms],
        ]
    }
}

internal import FoundationEssentials
internal import Glibc

/// The numbers of a model that its tensors do not show, as one place states them; nil where it is silent.
struct CheckpointConfiguration: Equatable, Sendable {
    var heads: Int?
    var layerNormEpsilon: Double?
    var mean: [Double]?
    var std: [Double]?
    /// To tell a configuration that lies beside the weights by accident.
    var width: Int?
    var depth: Int?

    /// This one's numbers where it has them, the other's elsewhere.
    func filled(from other: CheckpointConfiguration) -> CheckpointConfiguration {
        CheckpointConfiguration(
            heads: heads ?? other.heads, layerNormEpsilon: layerNormEpsilon ?? other.layerNormEpsilon,
            mean: mean ?? other.mean, std: std ?? other.std, width: width ?? other.width, depth: depth ?? other.depth)
    }

    /// Names the first number that no model can have.
    func problem(width: Int) -> String? {
        if let heads, heads < 1 || width % heads != 0 {
            return "\(heads) heads do not divide a width of \(width)"
        }
        if let epsilon = layerNormEpsilon, !(epsilon > 0 && epsilon < 1) {
            return "a LayerNorm epsilon of \(epsilon) is not between 0 and 1"
        }
        if let mean, mean.count != 3 || !mean.allSatisfy({ abs($0) <= 255 }) {
            return "the mean \(mean) is not three numbers on the scale 0…1"
        }
        if let std, std.count != 3 || !std.allSatisfy({ $0 > 1e-6 && $0 <= 255 }) {
            return "the standard deviation \(std) is not three positive numbers on the scale 0…1"
        }
        return nil
    }
}

// MARK: - Files beside the weights

extension CheckpointConfiguration {
    /// The largest configuration file that is read; real ones have a few kilobytes, those with a thousand class
    /// names 70.
    static let maximumFileSize = 1 << 20

    /// `config.json` of Hugging Face (`num_attention_heads`, `layer_norm_eps`) or of timm (`pretrained_cfg`).
    private struct Model: Decodable {
        struct Pretrained: Decodable {
            var mean: [Double]?
            var std: [Double]?
        }
        var heads: Int?
        var layerNormEpsilon: Double?
        var width: Int?
        var depth: Int?
        var pretrained: Pretrained?

        enum CodingKeys: String, CodingKey {
            case heads = "num_attention_heads"
            case layerNormEpsilon = "layer_norm_eps"
            case width = "hidden_size"
            case depth = "num_hidden_layers"
            case pretrained = "pretrained_cfg"
        }
    }

    /// `preprocessor_config.json` of Hugging Face.
    private struct Preprocessor: Decodable {
        var mean: [Double]?
        var std: [Double]?

        enum CodingKeys: String, CodingKey {
            case mean = "image_mean"
            case std = "image_std"
        }
    }

    /// Reads `config.json` and `preprocessor_config.json` from a folder (a path that ends in a slash).
    ///
    /// A file that does not exist is silent.
    static func beside(folder: String) throws(WeightsError) -> CheckpointConfiguration {
        var result = CheckpointConfiguration()
        if let model = try decode(Model.self, path: folder + "config.json") {
            result.heads = model.heads
            result.layerNormEpsilon = model.layerNormEpsilon
            result.width = model.width
            result.depth = model.depth
            result.mean = model.pretrained?.mean
            result.std = model.pretrained?.std
        }
        if let preprocessor = try decode(Preprocessor.self, path: folder + "preprocessor_config.json") {
            result.mean = preprocessor.mean ?? result.mean
            result.std = preprocessor.std ?? result.std
        }
        return result
    }

    private static func decode<Value: Decodable>(_: Value.Type, path: String) throws(WeightsError) -> Value? {
        let file: ReadOnlyFile
        do {
            file = try ReadOnlyFile(path: path)
        } catch .system(_, _, ENOENT) {
            return nil
        } catch {
            throw error
        }
        guard file.size <= maximumFileSize else {
            throw .configuration(
                path: path, problem: "\(file.size) bytes, a model's configuration has at most \(maximumFileSize)")
        }
        let bytes = try file.bytes(file.size, at: 0, tensor: "configuration")
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch let DecodingError.typeMismatch(_, context) {
            let key = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .configuration(path: path, problem: "\(key.isEmpty ? "the document" : key) has an unexpected type")
        } catch {
            throw .configuration(path: path, problem: "not a JSON object that a model's configuration could be")
        }
    }
}

// MARK: - Metadata

extension CheckpointConfiguration {
    /// Reads the safetensors header's metadata, whose values are all strings.
    ///
    /// Known keys: `layer_norm_eps`, `num_heads`, `mean`, `std`, each also with `vtrack.` before it. Lists may have
    /// brackets.
    ///
    /// - Throws: `WeightsError.configuration` naming the key whose text is not a number.
    init(metadata: [String: String], path: String) throws(WeightsError) {
        func text(_ key: String) -> String? { metadata["vtrack." + key] ?? metadata[key] }
        func wrong(_ key: String, _ found: String) -> WeightsError {
            .configuration(
                path: path, problem: "metadata \(key) is \"\(found.prefix(80))\", expected a number or a list of three")
        }
        func list(_ key: String) throws(WeightsError) -> [Double]? {
            guard let text = text(key) else { return nil }
            let parts = text.split { "[](), ".contains($0) }
            let values = parts.compactMap { Double($0) }
            guard !values.isEmpty, values.count == parts.count else { throw wrong(key, text) }
            return values
        }
        if let text = text("num_heads") {
            guard let value = Int(text) else { throw wrong("num_heads", text) }
            heads = value
        }
        if let text = text("layer_norm_eps") {
            guard let value = Double(text) else { throw wrong("layer_norm_eps", text) }
            layerNormEpsilon = value
        }
        mean = try list("mean")
        std = try list("std")
    }
}

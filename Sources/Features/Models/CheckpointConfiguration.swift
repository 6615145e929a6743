/// The numbers of a model that its tensors do not show, as one place states them; nil where it is silent.
struct CheckpointConfiguration: Equatable, Sendable {
    var heads: Int?
    var layerNormEpsilon: Double?
    var mean: [Double]?
    var std: [Double]?
    /// To tell a configuration that lies beside the weights by accident.
    var width: Int?
    var depth: Int?
    /// The family's name, where metadata or a flag states it.
    var family: String?
    /// `model_type` of Hugging Face.
    var modelType: String?
    /// timm's architecture and tag, as in `vit_base_patch16_224.dino`.
    var architecture: String?
    /// `hidden_act` of Hugging Face.
    var activation: String?
    /// The base of rotary positions.
    var ropeTheta: Double?
    /// The input side in pixels.
    var inputSide: Int?

    /// This one's numbers where it has them, the other's elsewhere.
    func filled(from other: CheckpointConfiguration) -> CheckpointConfiguration {
        CheckpointConfiguration(
            heads: heads ?? other.heads, layerNormEpsilon: layerNormEpsilon ?? other.layerNormEpsilon,
            mean: mean ?? other.mean, std: std ?? other.std, width: width ?? other.width, depth: depth ?? other.depth,
            family: family ?? other.family, modelType: modelType ?? other.modelType,
            architecture: architecture ?? other.architecture, activation: activation ?? other.activation,
            ropeTheta: ropeTheta ?? other.ropeTheta, inputSide: inputSide ?? other.inputSide)
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
        if let family, ModelFamily.named(family) == nil {
            let known = ModelFamily.all.map(\.name).sorted().joined(separator: ", ")
            return "no family of models is called \"\(family.prefix(80))\"; known are \(known)"
        }
        if let theta = ropeTheta, !(theta > 1 && theta <= 1e9) {
            return "a base of rotary positions of \(theta) is not between 1 and a billion"
        }
        return nil
    }
}

// MARK: - Metadata

extension CheckpointConfiguration {
    /// Reads the safetensors header's metadata, whose values are all strings.
    ///
    /// Known keys: `layer_norm_eps`, `num_heads`, `mean`, `std`, each also with `vtrack.` before it, and
    /// `vtrack.family`. Lists may have brackets.
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
        family = metadata["vtrack.family"]
    }
}

import Features
import Formats
import Geometry

/// The model of a run with everything that is chosen about it, resolved from defaults, metadata, presets and options.
struct Appearance {
    let path: String
    let checkpoint: Checkpoint
    let tiling: Tiling
    let longSide: Int
    let layer: LayerChoice
    let token: TokenKind
    let selection: LayerSelection
    let pooling: Pooling
    let dropVariance: Int
    let standardize: Bool
    let similarity: Similarity
    var precision: PrecisionAsked
    let artefacts: ArtefactChoice?
    let digest: String

    /// Loads the checkpoint, that of the model that ships where none is named, and settles the choices; nil for `none`.
    ///
    /// - Parameter random: A checkpoint that is no file, to be used instead of the one that `choices` names.
    /// - Throws: `AppError` for a name that is nowhere, `FeatureError` for a file that is no usable checkpoint.
    init?(choices: Preset.FeatureChoices, overrides: CheckpointOverrides, random: Checkpoint? = nil) throws {
        if let random {
            path = random.path
            checkpoint = random
        } else {
            guard let found = try ModelChoice(choices.model).find() else { return nil }
            path = found.path
            checkpoint = try found.checkpoint(overrides: overrides)
        }
        let model = checkpoint.description
        tiling = choices.tiling ?? .fit
        longSide = choices.longSide ?? 1024
        layer = try choices.layer ?? LayerChoice.preferred(by: model, path: path)
        let blocks = layer.blocks(depth: model.depth)
        if let tooDeep = blocks.first(where: { $0 > model.depth }) {
            throw AppError.usage(
                "layer \(tooDeep), of --layer or a configuration: \(model.name) has \(model.depth) blocks")
        }
        token = choices.token ?? .output
        selection = LayerSelection(layers: blocks, token: token, join: choices.join ?? .concat)
        pooling = try choices.pool ?? Self.preferredPooling(of: model, path: path)
        dropVariance = choices.dropVariance ?? 0
        let channels = model.width * (selection.join == .mean ? 1 : selection.taps.count)
        guard dropVariance < channels else {
            throw AppError.usage(
                "dropping \(dropVariance) channels: the tokens of \(model.name) have \(channels), and one at least must stay"
            )
        }
        standardize = choices.standardize ?? false
        similarity = choices.similarity ?? .cosine
        precision = choices.precision ?? .f32
        artefacts = ArtefactChoice(cutoff: choices.artefactCutoff, drops: choices.dropArtefacts)
        digest = random == nil ? try FileDigest.sha256(of: checkpoint.files) : ""
    }

    /// The pooling that a model's metadata recommends, else the mean.
    private static func preferredPooling(of model: ModelDescription, path: String) throws(AppError) -> Pooling {
        guard let text = model.preferredPool else { return .mean }
        guard let pooling = try? Pooling(name: text) else {
            throw .configuration(
                path: path, line: nil,
                message:
                    "metadata vtrack.pool is \"\(printable(text, limit: 80))\", expected mean, mean-patches or gridN; "
                    + "name one with --pool")
        }
        return pooling
    }

    /// Numbers per token.
    var channels: Int { checkpoint.description.width * (selection.join == .mean ? 1 : selection.taps.count) }

    /// What the report says of it.
    ///
    /// - Parameter dimension: Numbers per box, where the network serves others too.
    func report(_ network: Network, dimension: Int? = nil, boxesUnreached: Int) -> Report.Model {
        Report.Model(
            name: checkpoint.description.name, digest: digest,
            dim: dimension ?? pooling.dimension(channels: network.channels) - dropVariance * pooling.cells,
            tiling: tiling.rawValue,
            layer: layer.description, join: selection.taps.count > 1 ? selection.join.rawValue : nil,
            token: token.rawValue, pool: pooling.name,
            similarity: similarity.rawValue, dropVariance: dropVariance, standardize: standardize,
            precision: network.precision.rawValue, precisionAsked: precision.rawValue,
            precisionCosine: network.cosines.map { cosines in
                Dictionary(uniqueKeysWithValues: cosines.map { ($0.key.rawValue, $0.value) })
            }, boxesUnreached: boxesUnreached)
    }

    /// What the decoding thread must prepare for it.
    var input: PreparationPlan.Input {
        PreparationPlan.Input(
            tiling: tiling, inputSide: checkpoint.description.inputSide, patch: checkpoint.description.patch,
            longSide: longSide)
    }

    /// One line for the summary: what was used.
    func summary(_ network: Network) -> String {
        var parts = [
            "\(checkpoint.description.name)", "layer \(layer)", "pool \(pooling.name)", "tiling \(tiling.rawValue)",
            "\(similarity.rawValue) similarity", PrecisionAsked.summary(of: network, asked: precision),
        ]
        if token != .output { parts.append("token \(token.rawValue)") }
        if selection.taps.count > 1 { parts.append("\(selection.join.rawValue) of \(selection.taps.count) layers") }
        if dropVariance > 0 { parts.append("\(dropVariance) channels dropped") }
        if standardize { parts.append("standardised") }
        if artefacts?.drops == true { parts.append("high-norm tokens left out") }
        return parts.joined(separator: ", ")
    }
}

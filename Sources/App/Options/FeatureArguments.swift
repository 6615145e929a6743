public import ArgumentParser
public import Features
public import Geometry

/// The model and what is made of its tokens: one vector per box.
struct FeatureArguments: ParsableArguments {
    @OptionGroup var network: NetworkArguments

    @Option(
        help: ArgumentHelp(
            "Block whose output is used: a number from 1 (0 = embedded patches), several joined as in 3,6,9, "
                + "a share of the depth as in 1/4, or last. Default: the model's own, else last.", valueName: "layer"))
    var layer: LayerChoice?

    @Option(
        help: ArgumentHelp(
            "How several layers become one token, each normalised first: end to end (concat) or their mean (mean). "
                + "Default: concat.", valueName: "join"))
    var join: LayerJoin?

    @Option(help: ArgumentHelp("What is taken of the block: output, keys, queries or values.", valueName: "token"))
    var token: TokenKind?

    @Option(
        help: ArgumentHelp(
            "How tokens become one vector per box: mean (7×7 ROIAlign), mean-patches, or gridN (N×N bins kept). Default: "
                + "the model's own, else mean.",
            valueName: "pooling"))
    var pool: PoolingArgument?

    @Option(help: ArgumentHelp("Drop this many channels of the highest variance.", valueName: "count"))
    var dropVariance: Int?

    @Flag(inversion: .prefixedNo, help: "Standardise every channel before the vector is normalised.")
    var standardize: Bool?

    @Option(help: ArgumentHelp("Similarity of two vectors: cosine or l2. Default: cosine.", valueName: "similarity"))
    var similarity: Similarity?

    @Option(
        help: ArgumentHelp(
            "Count tokens longer than this before the final LayerNorm, as large models make of plain background: a "
                + "length, or auto, a rule over each frame.", valueName: "auto|length"))
    var artefactNorm: LengthCutoff?

    @Flag(inversion: .prefixedNo, help: "Leave those tokens out of every box's vector.")
    var dropArtefacts: Bool?

    func validate() throws {
        if let dropVariance, dropVariance < 0 { throw ValidationError("--drop-variance must not be negative") }
    }

    /// What the flags say, in the terms of a preset.
    var choices: Preset.FeatureChoices {
        var choices = network.choices
        choices.layer = layer
        choices.join = join
        choices.token = token
        choices.pool = pool?.pooling
        choices.dropVariance = dropVariance
        choices.standardize = standardize
        choices.similarity = similarity
        choices.artefactCutoff = artefactNorm
        choices.dropArtefacts = dropArtefacts
        return choices
    }

    /// What the flags say about the checkpoint.
    var overrides: CheckpointOverrides { network.overrides }
}

extension TokenKind: ExpressibleByArgument {
    /// Reads a kind by its name; `out` is short for `output`.
    public init?(argument: String) {
        self.init(rawValue: argument == "out" ? "output" : argument)
    }
}

extension LayerJoin: ExpressibleByArgument {}
extension Similarity: ExpressibleByArgument {}

extension LengthCutoff: ExpressibleByArgument {
    /// Reads `auto` or a positive length.
    public init?(argument: String) {
        guard let cutoff = ArtefactChoice.cutoff(argument) else { return nil }
        self = cutoff
    }
}

extension LayerChoice: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}

/// `--pool`.
struct PoolingArgument: ExpressibleByArgument {
    let pooling: Pooling

    init?(argument: String) {
        guard let pooling = try? Pooling(name: argument) else { return nil }
        self.pooling = pooling
    }
}

public import ArgumentParser
public import Features
public import Geometry

/// The model and what is made of its tokens.
struct FeatureArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Checkpoint: a file (safetensors, .pth, .npz) or a folder of safetensors, a name looked up in $VTRACK_MODELS and the user's cache, or none.",
            valueName: "file|name|none"), completion: .file())
    var model: String?

    @Option(help: ArgumentHelp("How a frame is cut: fit, pad or whole. Default: fit.", valueName: "tiling"))
    var tiling: Tiling?

    @Option(help: ArgumentHelp("Longest side for --tiling whole, in pixels. Default: 1024.", valueName: "pixels"))
    var longSide: Int?

    @Option(
        help: ArgumentHelp(
            "Block whose output is used: a number from 1 (0 = embedded patches), several joined as in 3,6,9, "
                + "a share of the depth as in 1/4, or last. Default: last.", valueName: "layer"))
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
            "How tokens become one vector per box: mean (7×7 ROIAlign), mean-patches, or gridN (N×N bins kept).",
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
            "Numbers the network multiplies: f32, bf16, int8, or auto, the fastest whose tokens stay close to f32 on "
                + "the first frame. Default: f32.", valueName: "precision"))
    var precision: PrecisionAsked?

    @Option(help: ArgumentHelp("LayerNorm epsilon, where the checkpoint does not say.", valueName: "number"))
    var layerNormEps: Double?

    @Option(help: ArgumentHelp("Pixel mean as r,g,b of 0 to 1, where the checkpoint does not say.", valueName: "r,g,b"))
    var pixelMean: TripleArgument?

    @Option(help: ArgumentHelp("Pixel standard deviation as r,g,b.", valueName: "r,g,b"))
    var pixelStd: TripleArgument?

    @Option(help: ArgumentHelp("Attention heads, where the checkpoint does not say.", valueName: "count"))
    var heads: Int?

    func validate() throws {
        if let longSide, !(64...8192).contains(longSide) {
            throw ValidationError("--long-side must be from 64 to 8192")
        }
        if let dropVariance, dropVariance < 0 { throw ValidationError("--drop-variance must not be negative") }
        if let layerNormEps, !(layerNormEps > 0 && layerNormEps < 1) {
            throw ValidationError("--layer-norm-eps must be between 0 and 1")
        }
        if let heads, !(1...1024).contains(heads) { throw ValidationError("--heads must be from 1 to 1024") }
        if let pixelStd, !pixelStd.values.allSatisfy({ $0 > 0 }) {
            throw ValidationError("--pixel-std must be positive")
        }
    }

    /// What the flags say, in the terms of a preset.
    var choices: Preset.FeatureChoices {
        Preset.FeatureChoices(
            model: model, tiling: tiling, longSide: longSide, layer: layer, join: join, token: token, pool: pool?.pooling,
            dropVariance: dropVariance, standardize: standardize, similarity: similarity,
            precision: precision)
    }

    /// What the flags say about the checkpoint.
    var overrides: CheckpointOverrides {
        CheckpointOverrides(
            layerNormEpsilon: layerNormEps, mean: pixelMean?.values, std: pixelStd?.values, heads: heads)
    }
}

extension Tiling: ExpressibleByArgument {}
extension TokenKind: ExpressibleByArgument {}
extension LayerJoin: ExpressibleByArgument {}
extension Similarity: ExpressibleByArgument {}
extension PrecisionAsked: ExpressibleByArgument {}

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

/// Three finite numbers as in `0.485,0.456,0.406`.
struct TripleArgument: ExpressibleByArgument {
    let values: [Double]

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard numbers.count == 3, numbers.allSatisfy({ $0?.isFinite == true }) else { return nil }
        values = numbers.compactMap { $0 }
    }
}

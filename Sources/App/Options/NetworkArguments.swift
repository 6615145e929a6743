public import ArgumentParser
public import Features

/// The model and how its pass is run, whatever is made of its tokens.
struct NetworkArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Checkpoint: a file (safetensors, .pth, .npz) or a folder of safetensors, a name looked up in $VTRACK_MODELS "
                + "and the user's cache, or, in run and eval, none: motion alone. Default: vtrack-tiny, which ships.",
            valueName: "file|name|none"), completion: .file())
    var model: String?

    @Option(help: ArgumentHelp("How a frame is cut: fit, pad or whole. Default: fit.", valueName: "tiling"))
    var tiling: Tiling?

    @Option(help: ArgumentHelp("Longest side for --tiling whole, in pixels. Default: 1024.", valueName: "pixels"))
    var longSide: Int?

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

    @Option(
        help: ArgumentHelp(
            "Family of models, where the checkpoint does not show it: \(Checkpoint.families.joined(separator: ", ")).",
            valueName: "name"))
    var modelFamily: String?

    func validate() throws {
        if let longSide, !(64...8192).contains(longSide) {
            throw ValidationError("--long-side must be from 64 to 8192")
        }
        if let layerNormEps, !(layerNormEps > 0 && layerNormEps < 1) {
            throw ValidationError("--layer-norm-eps must be between 0 and 1")
        }
        if let heads, !(1...1024).contains(heads) { throw ValidationError("--heads must be from 1 to 1024") }
        if let modelFamily, !Checkpoint.families.contains(modelFamily) {
            throw ValidationError(
                "--model-family must be one of \(Checkpoint.families.joined(separator: ", ")), not \"\(modelFamily)\"")
        }
        if let pixelStd, !pixelStd.values.allSatisfy({ $0 > 0 }) {
            throw ValidationError("--pixel-std must be positive")
        }
    }

    /// What the flags say, in the terms of a preset.
    var choices: Preset.FeatureChoices {
        Preset.FeatureChoices(model: model, tiling: tiling, longSide: longSide, precision: precision)
    }

    /// The options that say something about the checkpoint, by their names.
    var overridingOptions: [String] {
        let stated: [(String, Bool)] = [
            ("--layer-norm-eps", layerNormEps != nil), ("--pixel-mean", pixelMean != nil),
            ("--pixel-std", pixelStd != nil), ("--heads", heads != nil), ("--model-family", modelFamily != nil),
        ]
        return stated.filter(\.1).map(\.0)
    }

    /// What the flags say about the checkpoint.
    var overrides: CheckpointOverrides {
        CheckpointOverrides(
            layerNormEpsilon: layerNormEps, mean: pixelMean?.values, std: pixelStd?.values, heads: heads,
            family: modelFamily)
    }
}

extension Tiling: ExpressibleByArgument {}
extension PrecisionAsked: ExpressibleByArgument {}

/// Three finite numbers as in `0.485,0.456,0.406`.
struct TripleArgument: ExpressibleByArgument {
    let values: [Double]

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard numbers.count == 3, numbers.allSatisfy({ $0?.isFinite == true }) else { return nil }
        values = numbers.compactMap { $0 }
    }
}

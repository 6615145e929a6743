/// What a checkpoint says about its model: sizes read off the tensors, and the few numbers tensors do not show.
///
/// Legend: N tokens, D channels (`width`), H heads, P patch side, S input side, g = S/P.
public struct ModelDescription: Equatable, Sendable {
    /// The weights file's name without its extension, or the architecture's name.
    public internal(set) var name: String
    /// Whose tensor names the checkpoint uses.
    public let dialect: Dialect
    /// The family of models, for people to read; nil where the checkpoint does not show it.
    public let family: String?
    /// What the model is made of.
    public let structure: ModelStructure
    /// Channels D of a token.
    public let width: Int
    /// How many blocks the model has.
    public let depth: Int
    /// Attention heads H; D is a multiple of it.
    public let heads: Int
    /// Channels that the second layer of the MLP reads, usually 4·D.
    public let hiddenWidth: Int
    /// Patch side P in pixels.
    public let patch: Int
    /// Input side S in pixels the position embeddings were learned for; a multiple of P.
    public let inputSide: Int
    /// The ε inside the square root of every LayerNorm.
    public let layerNormEpsilon: Double
    /// Mean of red, green and blue on the scale 0…1, subtracted from the pixels.
    public let mean: [Double]
    /// Standard deviation of red, green and blue, which the pixels are divided by.
    public let std: [Double]
    /// What the checkpoint's author recommends as the layer (metadata `vtrack.layer`), as on the command line; unchecked.
    public let preferredLayer: String?
    /// What the checkpoint's author recommends as the pooling (metadata `vtrack.pool`), as on the command line; unchecked.
    public let preferredPool: String?

    /// Whose tensor names a checkpoint uses.
    public enum Dialect: String, Sendable {
        /// The names of PyTorch Image Models: `blocks.0.attn.qkv.weight`.
        case timm
        /// The names of Hugging Face Transformers: `encoder.layer.0.attention.attention.query.weight`.
        case huggingFace = "hugging-face"
        /// The names of OpenAI's CLIP: `visual.transformer.resblocks.0.attn.in_proj_weight`.
        case clip
        /// No file: random weights by an architecture's name.
        case random
    }

    /// Tokens before the patch tokens.
    public var prefixTokens: Int { structure.prefixTokens }
    /// Whether there is a LayerNorm over all tokens after the last block.
    public var hasFinalNorm: Bool { structure.finalNorm }
    /// Patches g along one side of the input.
    public var gridSide: Int { inputSide / patch }
    /// Multiplications and additions of one tile's pass, each counted as one, of matrix products alone.
    ///
    /// - Parameters:
    ///   - rows: Patches from top to bottom of the tile.
    ///   - columns: Patches from left to right.
    ///   - blocks: Blocks that are run.
    public func operations(rows: Int, columns: Int, blocks: Int) -> Double {
        let (n, d, f) = (Double(rows * columns + prefixTokens), Double(width), Double(hiddenWidth))
        let embedding = 2 * Double(rows * columns) * d * Double(3 * patch * patch)
        let mlp = Double(structure.activation.gates + 1) * f
        return embedding + Double(blocks) * (2 * n * d * (4 * d + mlp) + 4 * n * n * d)
    }

    /// Channels that the first layer of the MLP gives: twice what the second reads where half of them are gates.
    var hiddenOutputs: Int { structure.activation.gates * hiddenWidth }
    /// Channels of one head.
    public var headWidth: Int { width / heads }
}

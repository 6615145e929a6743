/// What a Vision Transformer of this project's graph is made of, as data.
///
/// Families differ in these and in sizes alone, so a new one is a new value and no new code. LayerScale (Touvron et al.
/// 2021) is missing because it needs nothing here: its factors are multiplied into the weights and biases before it.
public struct ModelStructure: Equatable, Sendable {
    /// Whether a learned class token stands before the patches.
    public var classToken = true
    /// Whether a distillation token (DeiT) stands after the class token.
    public var distillationToken = false
    /// Learned tokens after these and before the patches.
    ///
    /// Source: Darcet et al. 2024 (arXiv:2309.16588).
    public var registerTokens = 0
    /// Whether the table of positions begins with rows for the class and distillation tokens.
    ///
    /// False for DeiT III and others of timm's `no_embed_class`.
    public var prefixHasPositions = true
    /// Whether rows for the registers follow those.
    public var registersHavePositions = false
    /// How a patch learns where it is, besides `relativeBias`.
    public var positions = PositionKind.learned(.resized)
    /// What is added to attention's scores by how two patches lie to each other.
    public var relativeBias = RelativeBias.none
    /// Whether all tokens go through a LayerNorm after positions were added and before the first block (CLIP).
    public var preNorm = false
    /// Whether each head's queries and keys go through LayerNorms of their own.
    public var queryKeyNorm = false
    /// What is between the layers of the MLP.
    public var activation = Activation.gelu
    /// Whether all tokens go through a LayerNorm after the last block.
    ///
    /// False also where the only one is for the mean of all patches.
    public var finalNorm = true

    /// A plain Vision Transformer, as the defaults say.
    public init() {}

    /// Tokens before the patches.
    public var prefixTokens: Int { (classToken ? 1 : 0) + (distillationToken ? 1 : 0) + registerTokens }

    /// Rows of the table of positions before those of patches.
    public var prefixPositions: Int {
        (prefixHasPositions ? prefixTokens - registerTokens : 0) + (registersHavePositions ? registerTokens : 0)
    }
}

/// How a patch learns where it is.
public enum PositionKind: Equatable, Sendable {
    /// Not at all, or by `ModelStructure.relativeBias` alone.
    case none
    /// A learned table, stretched to pictures of another size.
    case learned(Interpolation)
    /// A fixed table of sines and cosines (MAE) that the file lacks, stretched as a learned one is.
    case sineCosine(Interpolation)
    /// Sines and cosines of places on the ground (Scale-MAE).
    ///
    /// One pixel is `metres` wide where the training pictures' pixels are 1. Computed for each size of picture.
    case groundSampleDistance(metres: Double)
    /// Queries and keys of patches are rotated in every block.
    case rotary(RotaryPositions)
}

/// How a table of positions is stretched to a picture of another size.
public enum Interpolation: String, CaseIterable, Sendable {
    /// PyTorch's bicubic interpolation (a = −0.75) to a size.
    ///
    /// Used by Hugging Face's models and MAE.
    case resized
    /// The same by a factor of (n + 0.1)/g, n patches of g.
    ///
    /// Used by the originals of DINO, iBOT and DINOv2 without registers.
    case offset
    /// Bicubic interpolation (a = −0.5) to a size, over a wider neighbourhood where the size shrinks.
    ///
    /// Used by timm, OpenCLIP and DINOv2 with registers.
    case antialiased
    /// Bilinear interpolation to a size, over a wider neighbourhood where the size shrinks.
    ///
    /// Used by LOCA.
    case bilinear
    /// Bilinear interpolation to a size that keeps the corners' values in the corners.
    ///
    /// Used by Google's original Vision Transformers.
    case bilinearCorners
}

/// Rotary position embeddings over both axes.
///
/// Sources: Su et al. 2021 (arXiv:2104.09864); Heo et al. 2024 (arXiv:2403.13298).
/// Half of a head's pairs of channels turn by the vertical coordinate, half by the horizontal one. Prefix tokens do not
/// turn.
public struct RotaryPositions: Equatable, Sendable {
    /// The base of the frequencies, which are thetaˆ(−4k/d), k = 0 … d/4, for heads of d channels.
    public var theta: Double
    /// What is multiplied by a frequency.
    public var coordinates: Coordinates
    /// Which channels of a head turn together.
    public var pairing: Pairing
    /// Whether the frequencies are those whose inverse the checkpoint has (DINOv3's originals, rounded to bfloat16).
    public var storesPeriods: Bool

    /// What is multiplied by a frequency to give an angle.
    public enum Coordinates: Equatable, Sendable {
        /// 2π times the centre of the patch, the picture being from −1 to 1 in both directions (DINOv3).
        case centred
        /// The patch's row and column, times `side` over the number of rows or columns (EVA-02).
        case steps(side: Int)
    }

    /// Which channels of a head turn together.
    public enum Pairing: String, Sendable {
        /// Channel i and i + d/2 (DINOv3): the first d/4 pairs vertically, the others horizontally.
        case halves
        /// Channels 2i and 2i + 1 (EVA-02).
        case neighbours
    }

    /// Creates rotary positions; the defaults are DINOv3's.
    public init(
        theta: Double = 100, coordinates: Coordinates = .centred, pairing: Pairing = .halves,
        storesPeriods: Bool = false
    ) {
        self.theta = theta
        self.coordinates = coordinates
        self.pairing = pairing
        self.storesPeriods = storesPeriods
    }
}

/// What is added to attention's scores by how two patches lie to each other (BEiT, SimMIM).
///
/// A table has a row for each offset from −(g−1) to g−1 in both directions, query minus key, vertical slowest, and a
/// column for each head. With a class token three rows follow: class to patch, patch to class, class to class.
public enum RelativeBias: String, Sendable {
    case none
    /// One table for all blocks.
    case shared
    /// One for each block.
    case perBlock
}

/// What is between the layers of the MLP.
public enum Activation: String, CaseIterable, Sendable {
    /// x·Φ(x), by the error function.
    case gelu
    /// Its approximation by the hyperbolic tangent: ½x(1 + tanh(√(2/π)(x + 0.044715x³))).
    case geluTanh
    /// x·sigmoid(1.702x) (OpenAI's CLIP).
    case quickGELU
    /// silu(a)·b, where the first layer gives a and b side by side, each as wide as the second layer's input
    /// (Shazeer 2020).
    case swiGLU

    /// Outputs of the MLP's first layer for each input of the second.
    var gates: Int { self == .swiGLU ? 2 : 1 }
}

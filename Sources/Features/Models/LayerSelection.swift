/// Which of a block's numbers stand for a token.
public enum TokenKind: String, CaseIterable, Sendable {
    /// What the block returns, after the model's final LayerNorm.
    case output
    /// The attention's keys after their bias, the heads side by side, neither normalised nor turned.
    case keys
    /// The attention's queries after their bias, the heads side by side, neither normalised nor turned.
    case queries
    /// The attention's values after their bias, the heads side by side, not normalised.
    case values
}

/// Which layers' tokens are wanted.
///
/// Blocks are counted from 1. Layer 0 is the embedded patches with their positions, not normalised, and has an output
/// only. Of several layers each token is L2-normalised, then they are joined in the order given (docs/features.md).
public struct LayerSelection: Equatable, Sendable {
    /// The layers in the order in which they are joined; at least one.
    public var layers: [Int]
    /// Which of a block's numbers are taken.
    public var token: TokenKind

    /// Creates a selection; that the layers exist is checked where it meets a model.
    public init(layers: [Int], token: TokenKind = .output) {
        self.layers = layers
        self.token = token
    }
}

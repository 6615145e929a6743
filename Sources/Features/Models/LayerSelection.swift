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

/// How several layers become one token.
public enum LayerJoin: String, CaseIterable, Sendable {
    /// One after the other: D numbers a layer.
    case concat
    /// Their mean: D numbers.
    case mean
}

/// One place of the network that tokens are taken from in passing.
public struct LayerTap: Hashable, Sendable {
    /// The block, counted from 1; 0 is the embedded patches with their positions, which have an output only.
    public var layer: Int
    /// Which of its numbers are taken.
    public var token: TokenKind
    /// Whether each token is divided by its length.
    public var isNormalized: Bool

    /// Creates a tap.
    public init(layer: Int, token: TokenKind = .output, isNormalized: Bool = false) {
        self.layer = layer
        self.token = token
        self.isNormalized = isNormalized
    }
}

/// Which layers' tokens are wanted, all from one pass, and how they become one.
///
/// Blocks are counted from 1. Layer 0 is the embedded patches with their positions, not normalised, and has an output
/// only. Of several layers each token is L2-normalised, then they are joined in the order given (docs/features.md).
public struct LayerSelection: Equatable, Sendable {
    /// What is taken, in the order in which it is joined; at least one.
    public var taps: [LayerTap]
    /// How the taps become one token.
    public var join: LayerJoin

    /// The taps' layers, in their order.
    public var layers: [Int] { taps.map(\.layer) }

    /// Creates a selection of taps, normalised or not as each of them says.
    public init(taps: [LayerTap], join: LayerJoin = .concat) {
        self.taps = taps
        self.join = join
    }

    /// Creates the selection that `--layer`, `--token` and `--join` name: several layers are L2-normalised, one is not.
    ///
    /// That the layers exist is checked where the selection meets a model.
    public init(layers: [Int], token: TokenKind = .output, join: LayerJoin = .concat) {
        self.init(
            taps: layers.map { LayerTap(layer: $0, token: token, isNormalized: layers.count > 1) }, join: join)
    }

    /// Numbers of a token, for a model whose tokens have `width`.
    func channels(width: Int) -> Int { join == .concat ? width * taps.count : width }
}

extension LayerTap {
    /// The stage of `TilePass` that it is taken in: keys of block b are computed at the end of stage b − 1.
    var stage: Int { token == .output ? layer : layer - 1 }

    /// The order in which taps are taken: by stage, and in a stage the outputs first.
    fileprivate var turn: Int { 2 * stage + (token == .output ? 0 : 1) }
}

extension LayerSelection {
    /// The last stage that is run.
    var lastStage: Int { taps.map(\.stage).max() ?? 0 }

    /// How many blocks' weights are read.
    var blocks: Int { layers.max() ?? 0 }

    /// Whether the last stage is run of wanted tokens only, which takes queries that are computed apart from keys and
    /// values: not where somebody wants the three of that block, or of the one after it.
    var splitsLast: Bool {
        lastStage > 0 && taps.allSatisfy { $0.token == .output || $0.layer < lastStage }
    }

    /// The tap that is taken first: what a mean starts with.
    var first: Int { taps.indices.min { taps[$0].turn < taps[$1].turn } ?? 0 }

    /// The tap that is taken last, whose tokens' lengths tell outliers (docs/features.md).
    var deepest: Int { taps.indices.max { taps[$0].turn < taps[$1].turn } ?? 0 }
}

/// How much of a picture the network had to compute.
public struct EmbeddedWork: Equatable, Sendable {
    /// Tiles of the picture.
    public var tiles = 0
    /// Tiles that went through the network.
    public var tilesEmbedded = 0
    /// Tiles whose tokens were taken over from an earlier picture.
    public var tilesReused = 0
    /// Tiles that nothing was wanted of.
    public var tilesSkipped: Int { tiles - tilesEmbedded - tilesReused }
    /// Tokens that were wanted of the deepest block.
    public var lastBlockTokens = 0
}

import Features
import Geometry

/// The network of a run: picture → tokens → one vector per box, with the time each step took.
///
/// The token map and the engine's buffers are kept from frame to frame.
final class Network {
    private let transformer: VisionTransformer
    private var pooler: BoxPooler
    /// Numbers per token.
    let channels: Int
    /// Numbers per pooled vector, before any transform.
    let dimension: Int
    /// The tokens of the frame embedded last.
    private(set) var map = TokenMap()
    /// Time spent in the network and in pooling, in seconds.
    private(set) var embedSeconds = 0.0
    private(set) var poolSeconds = 0.0
    /// Boxes that no sample reached.
    private(set) var boxesUnreached = 0

    /// Prepares the engine.
    init(_ appearance: Appearance, threads: Int) throws(FeatureError) {
        transformer = try VisionTransformer(
            checkpoint: appearance.checkpoint, selection: appearance.selection, threads: threads)
        pooler = BoxPooler(pooling: appearance.pooling)
        channels = transformer.channels
        dimension = appearance.pooling.dimension(channels: transformer.channels)
    }

    /// Embeds a picture into `map`.
    func embed(picture: RGBImage, grid: TileGrid) throws(FeatureError) {
        let started = ContinuousClock.now
        try transformer.embed(picture, grid: grid, into: &map)
        embedSeconds += (ContinuousClock.now - started).seconds
    }

    /// Pools one vector per box from `map`.
    func pool(grid: TileGrid, boxes: [Box]) -> FeatureVectors {
        let started = ContinuousClock.now
        let pooled = pooler.pool(map, grid: grid, boxes: boxes)
        poolSeconds += (ContinuousClock.now - started).seconds
        boxesUnreached += pooled.unreached
        return pooled.vectors
    }
}

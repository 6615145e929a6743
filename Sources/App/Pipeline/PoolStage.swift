import Features
import Geometry

/// Pooling: the tokens of a frame → one vector per box, with the time it took.
struct PoolStage {
    private var pooler: BoxPooler
    /// Numbers per vector, before any transform.
    let dimension: Int
    /// Time spent, in seconds.
    private(set) var seconds = 0.0
    /// Boxes that no sample reached.
    private(set) var boxesUnreached = 0

    /// Prepares for maps of `channels` numbers per token.
    init(pooling: Pooling, channels: Int) {
        pooler = BoxPooler(pooling: pooling)
        dimension = pooling.dimension(channels: channels)
    }

    /// One vector per box, zeros where the frame has no tokens.
    mutating func vectors(of boxes: [Box], map: TokenMap?, grid: TileGrid?) -> FeatureVectors {
        guard let map, let grid else { return FeatureVectors(zeros: boxes.count, dimension: dimension) }
        let started = ContinuousClock.now
        let pooled = pooler.pool(map, grid: grid, boxes: boxes)
        seconds += (ContinuousClock.now - started).seconds
        boxesUnreached += pooled.unreached
        return pooled.vectors
    }
}

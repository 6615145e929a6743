import Features
import Geometry

/// Pooling: the tokens of a frame → one vector per box, with the time it took.
struct PoolStage {
    private var pooler: BoxPooler
    private let artefacts: ArtefactChoice?
    private var highNorm = HighNormTokens()
    /// Numbers per vector, before any transform.
    let dimension: Int
    /// Time spent, in seconds.
    private(set) var seconds = 0.0
    /// Boxes that no sample reached.
    private(set) var boxesUnreached = 0

    /// What was counted of high-norm tokens; nil where nobody asked.
    private(set) var counted: Report.HighNormTokens?
    /// High-norm tokens of the frame that was last pooled; nil where it has no tokens or nobody asked.
    private(set) var highNormTokens: Int?

    /// Prepares for maps of `channels` numbers per token.
    init(pooling: Pooling, channels: Int, artefacts: ArtefactChoice? = nil) {
        pooler = BoxPooler(pooling: pooling)
        self.artefacts = artefacts
        counted = artefacts.map(Report.HighNormTokens.init)
        dimension = pooling.dimension(channels: channels)
    }

    /// One vector per box, zeros where the frame has no tokens.
    mutating func vectors(of boxes: [Box], map: TokenMap?, grid: TileGrid?) -> FeatureVectors {
        highNormTokens = nil
        guard let map, let grid else { return FeatureVectors(zeros: boxes.count, dimension: dimension) }
        let started = ContinuousClock.now
        if let artefacts {
            highNorm.find(in: map, cutoff: artefacts.cutoff)
            highNormTokens = highNorm.count
            counted?.add(highNorm.count, of: highNorm.flags.count)
        }
        let pooled = pooler.pool(
            map, grid: grid, boxes: boxes, excluding: artefacts?.drops == true ? highNorm.flags : [])
        seconds += (ContinuousClock.now - started).seconds
        boxesUnreached += pooled.unreached
        return pooled.vectors
    }
}

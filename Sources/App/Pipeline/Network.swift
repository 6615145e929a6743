import Features
import Geometry

/// The network of a run: picture → tokens, in the precision that was asked for, with what it took.
///
/// One thread uses it at a time; the engine has threads of its own.
final class Network {
    /// How a network is run, apart from what it computes.
    struct Settings {
        /// Threads of the engine; 0 is one per core.
        var threads = 0
        /// Tiles that changed by no more than this many levels are not embedded again; nil: all are.
        var reuse: Double?
        /// How much of a frame with boxes is computed.
        var compute = ComputedExtent.tokens
    }

    private let checkpoint: Checkpoint
    private let settings: Settings
    /// Lengths of all tokens are wanted.
    private let measuresLengths: Bool
    private var engine: VisionTransformer
    /// Tells which tokens the boxes of a frame read; pooling itself is a later stage's.
    private var poolers: [BoxPooler]
    private var demand = TokenDemand()
    /// Whether the precision is still to be chosen, on the first picture.
    private var chooses: Bool
    /// What is tried first then, its weights packed with the rest of what loading takes.
    private var firstCandidate: VisionTransformer?
    /// Numbers per token.
    let channels: Int
    /// What was asked for cannot run here: a sentence for the user.
    let warning: String?
    /// What the products are computed in.
    private(set) var precision: Precision
    /// Median cosine to f32 of what `auto` tried; nil where a precision was named.
    private(set) var cosines: [Precision: Double]?
    /// Tiles so far: computed, left out, taken over.
    private(set) var tiles = Report.Tiles()
    /// Time spent, in seconds.
    private(set) var seconds = 0.0

    /// Prepares the engine for one appearance.
    convenience init(_ appearance: Appearance, settings: Settings) throws(FeatureError) {
        try self.init(
            checkpoint: appearance.checkpoint, selection: appearance.selection, poolings: [appearance.pooling],
            tiling: appearance.tiling, precision: appearance.precision, measuresLengths: appearance.artefacts != nil,
            settings: settings)
    }

    /// Prepares the engine; `auto` starts with f32, which is what the others are compared with.
    ///
    /// - Parameters:
    ///   - poolings: What will be made of its tokens: those that none of them reads need not be right.
    ///   - measuresLengths: Whether lengths of all tokens are wanted.
    init(
        checkpoint: Checkpoint, selection: LayerSelection, poolings: [Pooling], tiling: Tiling,
        precision asked: PrecisionAsked, measuresLengths: Bool, settings: Settings
    ) throws(FeatureError) {
        self.checkpoint = checkpoint
        self.measuresLengths = measuresLengths
        self.settings = settings
        if let named = asked.named {
            (precision, warning) = PrecisionAsked.runnable(named)
            chooses = false
        } else {
            (precision, warning) = (.f32, nil)
            chooses = !PrecisionChoice.candidates.isEmpty
            cosines = [:]
        }
        engine = try VisionTransformer(
            checkpoint: checkpoint, selection: selection, precision: precision, threads: settings.threads)
        poolers = poolings.map(BoxPooler.init)
        channels = engine.channels
        engine.reuseThreshold = settings.reuse
        engine.measuresLengths = measuresLengths
        if chooses { firstCandidate = try PrecisionChoice.firstCandidate(for: engine, checkpoint: checkpoint) }
        // The size of a whole picture's only tile is not known yet. What is only compared with gets no demands.
        guard tiling != .whole else { return }
        try engine.prepareOwnTiles(forDemands: firstCandidate == nil && settings.compute != .all)
        try firstCandidate?.prepareOwnTiles(forDemands: settings.compute != .all)
    }

    /// Embeds a picture.
    ///
    /// - Parameters:
    ///   - boxes: The boxes that will be pooled: only the tokens they read need to be right; nil: all tokens.
    ///   - map: Receives the tokens.
    func embed(_ picture: RGBImage, grid: TileGrid, boxes: [Box]?, into map: inout TokenMap) throws(FeatureError) {
        let started = ContinuousClock.now
        var wanted: TokenDemand?
        if let boxes, settings.compute != .all, !measuresLengths {
            demand.reshape(rows: grid.mapRows, columns: grid.mapColumns)
            for index in poolers.indices { poolers[index].extend(&demand, grid: grid, boxes: boxes) }
            if settings.compute == .tiles { demand.completeTiles(of: grid) }
            wanted = demand
        }
        if chooses { try choose(picture, grid, wanted) }
        try engine.embed(picture, grid: grid, demand: wanted, into: &map)
        tiles.embedded += engine.lastWork.tilesEmbedded
        tiles.skipped += engine.lastWork.tilesSkipped
        tiles.reused += engine.lastWork.tilesReused
        seconds += (ContinuousClock.now - started).seconds
    }

    /// Settles on a precision, by what the first picture shows.
    private func choose(_ picture: RGBImage, _ grid: TileGrid, _ wanted: TokenDemand?) throws(FeatureError) {
        chooses = false
        let tiles = PrecisionChoice.tiles(of: grid, demand: wanted)
        let choice = try PrecisionChoice(
            reference: engine, first: firstCandidate, checkpoint: checkpoint, picture: picture, grid: grid,
            tiles: tiles)
        firstCandidate = nil
        engine = choice.engine
        precision = choice.precision
        cosines = choice.cosines
        engine.reuseThreshold = settings.reuse
        engine.measuresLengths = measuresLengths
    }
}

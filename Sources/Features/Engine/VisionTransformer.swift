public import Geometry
internal import Synchronization

/// A Vision Transformer of any `ModelStructure`, run on this machine's cores in a precision of choice.
///
/// Source: Dosovitskiy et al. 2021 (arXiv:2010.11929), pre-norm blocks as timm/models/vision_transformer.py has them.
///
/// The pass stops after the deepest layer that is asked for. Weights are packed once; activations live in memory that
/// is made for the first picture of a size and kept. The tokens are the same bits whatever the number of threads: work
/// is cut into items by the size of a tile alone, and each item is computed by one thread (see `TilePlan`).
public final class VisionTransformer {
    /// The model's sizes and constants.
    public let description: ModelDescription
    /// Which layers' tokens are computed.
    public let selection: LayerSelection
    /// The numbers the products are computed in.
    public let precision: Precision
    /// Threads that compute.
    public let threads: Int
    /// Numbers per token of a map: the model's width, times the number of taps where they are joined end to end.
    public var channels: Int { selection.channels(width: description.width) }

    /// What the last call of `embed` did.
    public private(set) var lastWork = EmbeddedWork()
    /// Tiles that changed by no more than this since they were embedded keep their tokens (`TileReuse`); nil: none do.
    ///
    /// Setting it forgets all kept tokens. With it wanted tiles are embedded whole, whatever is demanded of them.
    public var reuseThreshold: Double? {
        didSet { kept = reuseThreshold.map(KeptTokens.init(threshold:)) }
    }

    /// Whether maps get the lengths of tokens too: of the deepest tap's, of a block's output before the final LayerNorm.
    public var measuresLengths = false

    let packed: PackedModel
    let layouts: WeightLayouts
    private let kinds: ProductKinds
    private let kernels = Kernels.best
    private let pixels: PixelTable
    private let pool: WorkerPool
    /// Made for the first picture, and again for one of another tile size.
    private var arena: Arena?
    private var schedule = TileSchedule()
    private var kept: KeptTokens?

    /// Reads and packs the weights and prepares for tiles of the model's input side.
    ///
    /// - Parameters:
    ///   - checkpoint: The weights; only the blocks that `selection` needs are read.
    ///   - selection: The layers wanted.
    ///   - precision: The numbers the products are computed in.
    ///   - threads: How many threads compute, 1…64; 0 is one per core that this process may use.
    /// - Throws: `FeatureError.weights` where a tensor cannot be read or is not finite, `.engine` where a layer does not
    ///   exist, the processor lacks the precision, or there is no memory.
    public init(
        checkpoint: Checkpoint, selection: LayerSelection, precision: Precision = .f32, threads: Int = 0
    ) throws(FeatureError) {
        let model = checkpoint.description
        description = model
        self.selection = selection
        self.precision = precision
        do {
            guard precision.isSupported else { throw EngineError.precision(precision) }
            try Self.check(selection, depth: model.depth)
            pool = try WorkerPool(count: threads == 0 ? WorkerPool.availableCores : threads)
            self.threads = pool.count
            try Self.check(model)
            kinds = ProductKinds(precision, model.structure.activation)
            let free = try TilePlan(
                model, kinds: kinds, rows: model.gridSide, columns: model.gridSide, layouts: nil, positions: nil,
                parts: false)
            layouts = try free.weightLayouts()
            packed = try PackedModel(
                checkpoint, blocks: selection.blocks, splitsLast: selection.splitsLast, kinds: kinds, layouts: layouts)
            pixels = PixelTable(mean: model.mean, std: model.std)
        } catch {
            throw FeatureError(engineFailure: error)
        }
    }

    /// Sizes that formulas of a structure need.
    private static func check(_ model: ModelDescription) throws(EngineError) {
        switch model.structure.positions {
        case .rotary where model.headWidth % 4 != 0:
            throw .structure("rotary positions need heads of a multiple of 4 channels, these have \(model.headWidth)")
        case .sineCosine where model.width % 4 != 0, .groundSampleDistance where model.width % 4 != 0:
            throw .structure(
                "sines and cosines of positions need a multiple of 4 channels, this model has \(model.width)")
        case .groundSampleDistance(let metres) where !(metres > 0 && metres < 1e6):
            throw .structure("a pixel of \(metres) metres is none; expected a number above 0")
        case .rotary(let rotary) where !(rotary.theta > 0 && rotary.theta.isFinite):
            throw .structure("rotary positions of base \(rotary.theta) have no frequencies")
        default: break
        }
    }

    private static func check(_ selection: LayerSelection, depth: Int) throws(EngineError) {
        guard !selection.taps.isEmpty else { throw .noLayer }
        for tap in selection.taps {
            guard (0...depth).contains(tap.layer) else { throw .layer(tap.layer, depth: depth) }
            guard tap.layer > 0 || tap.token == .output else { throw .layerWithoutAttention(tap.token) }
        }
    }

    /// Makes the operations for tiles of the model's own size before the first picture is there.
    ///
    /// `embed` makes what is missing, so this only moves the time, some 0.1 s.
    ///
    /// - Parameter forDemands: Whether pictures will come with a demand.
    /// - Throws: `FeatureError.engine` where there is not enough memory.
    public func prepareOwnTiles(forDemands: Bool) throws(FeatureError) {
        do {
            _ = try prepare(rows: description.gridSide, columns: description.gridSide, parts: forDemands)
        } catch {
            throw .engine(error)
        }
    }

    /// Computes the tokens of a picture.
    ///
    /// - Parameters:
    ///   - picture: The frame resized to the grid's picture, all tiles side by side.
    ///   - grid: How the picture is cut; its patch is the model's.
    ///   - demand: The tokens wanted; nil is all. Tiles without one are left out, and of the deepest block only these
    ///     are computed. What is computed is the same bits either way.
    ///   - map: Receives the patch tokens, (rows, columns, channels). Its memory is used again where it suffices. Tokens
    ///     that `demand` does not name hold whatever was there.
    /// - Throws: `FeatureError.engine` where sizes do not fit or a new size of tile needs more memory than there is.
    public func embed(
        _ picture: RGBImage, grid: TileGrid, demand: TokenDemand? = nil, into map: inout TokenMap
    ) throws(FeatureError) {
        do {
            try check(picture, grid)
            map.reshape(
                rows: grid.mapRows, columns: grid.mapColumns, channels: channels, withLengths: measuresLengths)
            let plan = try prepare(
                rows: grid.tileHeight / grid.patch, columns: grid.tileWidth / grid.patch, parts: demand != nil)
            let tiles = grid.columns * grid.rows
            var reused = 0
            if kept != nil {
                reused = kept?.begin(picture, grid: grid, demand: demand, channels: channels) ?? 0
                schedule.scheduleAll(of: tiles) { kept?.changed[$0] ?? true }
            } else if let demand {
                schedule.schedule(
                    demand, grid: grid, chunks: plan.chunks, prefix: description.prefixTokens)
            } else {
                schedule.scheduleAll(of: tiles) { _ in true }
            }
            try unsafe map.withStorage { values, lengths in
                guard let start = values.baseAddress else { return }
                let output = unsafe TokenOutput(
                    start: start, channels: channels,
                    arrangement: .map(
                        columns: grid.mapColumns, tileRows: plan.rows, tileColumns: plan.columns,
                        prefix: description.prefixTokens),
                    appliesFinalNorm: true, lengths: lengths.isEmpty ? nil : lengths.baseAddress)
                try run(picture, tileColumns: grid.columns, output: output)
            }
            kept?.exchange(with: &map, picture)
            lastWork = EmbeddedWork(
                tiles: tiles, tilesEmbedded: schedule.tiles.count, tilesReused: reused,
                lastBlockTokens: schedule.wantedTokens(plan: plan))
        } catch {
            throw FeatureError(engineFailure: error)
        }
    }

    /// All tokens of a picture of one tile, prefix tokens first: (N, channels).
    ///
    /// - Parameter finalNorm: Whether blocks' outputs go through the final LayerNorm.
    func sequence(of picture: RGBImage, finalNorm: Bool) throws -> [Float] {
        let plan = try prepare(
            rows: picture.height / description.patch, columns: picture.width / description.patch, parts: false)
        schedule.scheduleAll(of: 1) { _ in true }
        var values = [Float](repeating: 0, count: plan.tokens * channels)
        try unsafe values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return }
            let output = unsafe TokenOutput(
                start: start, channels: channels, arrangement: .sequence, appliesFinalNorm: finalNorm, lengths: nil)
            try run(picture, tileColumns: 1, output: output)
        }
        return values
    }

    /// Every operation that a pass over a tile of the model's own size runs, for some tokens or all.
    var primitives: [Primitive] {
        get throws(EngineError) {
            try prepare(rows: description.gridSide, columns: description.gridSide, parts: true).primitives
        }
    }

    private func check(_ picture: RGBImage, _ grid: TileGrid) throws(EngineError) {
        let patch = description.patch
        guard grid.patch == patch, grid.tileWidth > 0, grid.tileHeight > 0, grid.tileWidth % patch == 0,
            grid.tileHeight % patch == 0
        else { throw .grid(tile: [grid.tileWidth, grid.tileHeight], patch: grid.patch, expectedPatch: patch) }
        guard picture.width == grid.pictureWidth, picture.height == grid.pictureHeight else {
            throw .pictureSize(
                found: [picture.width, picture.height], expected: [grid.pictureWidth, grid.pictureHeight])
        }
    }

    /// Makes operations and memory for a size of tile, unless they are there.
    private func prepare(rows: Int, columns: Int, parts: Bool) throws(EngineError) -> TilePlan {
        if let plan = arena?.plan, plan.rows == rows, plan.columns == columns,
            !parts || !plan.partPrograms.isEmpty || plan.tallest <= TilePlan.partRows
        {
            return plan
        }
        // What there is goes first: both together would be the peak of a run's memory.
        arena = nil
        let made = try Arena(
            description, kinds,
            plan: TilePlan(
                description, kinds: kinds, rows: rows, columns: columns, layouts: layouts,
                positions: packed.positions, parts: parts),
            threads: pool.count)
        arena = made
        return made.plan
    }

    /// Runs the tiles of the schedule: whole tiles side by side while there is one for every thread, then the rest
    /// together.
    private func run(_ picture: RGBImage, tileColumns: Int, output: TokenOutput) throws(EngineError) {
        let stages = selection.lastStage + 1
        let tiles = schedule.tiles
        let alone = tiles.count / pool.count * pool.count
        let together = tiles.count - alone
        try arena?.reserve(description, alone: min(alone, pool.count), together: together)
        guard let arena else { return }
        let (chunks, tall) = (arena.plan.chunks, arena.plan.tallChunks)
        let next = Atomic<Int>(0)
        let clock = StageClock(stages: stages, itemsPerStage: max(1, together * chunks.count))
        let failure = Mutex<EngineError?>(nil)
        unsafe picture.pixels.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            let pass = unsafe TilePass(
                model: description, packed: packed, plan: arena.plan, kinds: kinds, kernels: kernels, pixels: pixels,
                selection: selection, picture: start, pictureWidth: picture.width, output: output)
            schedule.withRows(plan: arena.plan) { wanted in
                pool.run { number in
                    let worker = arena.workers[number]
                    func item(
                        _ stage: Int, _ chunk: TilePlan.Chunk, position: Int, _ activations: TileActivations
                    ) {
                        let (row, column) = tiles[position].quotientAndRemainder(dividingBy: tileColumns)
                        do throws(EngineError) {
                            try pass.run(
                                stage: stage, chunk: chunk, wanted: wanted(position, chunk),
                                tile: (column, row), activations: activations, worker: worker)
                        } catch {
                            failure.withLock { $0 = error }
                        }
                    }
                    while true {
                        let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
                        guard position < alone else { break }
                        for stage in 0..<stages {
                            for chunk in tall { item(stage, chunk, position: position, arena.alone[number]) }
                        }
                    }
                    guard together > 0 else { return }
                    clock.run { stage, index in
                        let tile = index / chunks.count
                        item(stage, chunks[index % chunks.count], position: alone + tile, arena.together[tile])
                    }
                }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}

extension FeatureError {
    /// Sorts what the engine's parts throw into this module's cases.
    init(engineFailure error: any Error) {
        switch error {
        case let error as FeatureError: self = error
        case let error as WeightsError: self = .weights(error)
        case let error as EngineError: self = .engine(error)
        default: self = .engine(.library(operation: "\(error)", status: -1))
        }
    }
}

import Decode
import Features
import Geometry

/// One forward pass a frame that serves several features of one model: layers, poolings and transforms.
///
/// Frames are held back while channel statistics are collected, as in a run (`StatisticsHold`), and a feature's vectors
/// are the bits that a run of its own would give.
final class SharedPass {
    /// A frame whose vectors can be had.
    struct Ready: Sendable {
        let frame: BoxedFrame
        /// By pooling, of all taps joined.
        fileprivate let pooled: [FeatureVectors]
        fileprivate let recipe: Recipe

        /// The vectors of a lane, one a box; any thread may ask.
        func vectors(_ lane: Int) -> FeatureVectors {
            let chosen = recipe.lanes[lane]
            return recipe.transforms[lane].apply(
                chosen.cut.slice(
                    pooled[chosen.pooling], taps: recipe.taps, cells: recipe.poolings[chosen.pooling].cells))
        }
    }

    /// What all frames of a sequence share.
    fileprivate final class Recipe: Sendable {
        let lanes: [Lane]
        let transforms: [FeatureTransform]
        let taps: Int
        let poolings: [Pooling]

        init(lanes: [Lane], transforms: [FeatureTransform], taps: Int, poolings: [Pooling]) {
            self.lanes = lanes
            self.transforms = transforms
            self.taps = taps
            self.poolings = poolings
        }
    }

    /// What frames are cut and resized to.
    let input: PreparationPlan.Input
    let network: Network
    let lanes: [Lane]
    let poolings: [Pooling]
    /// Boxes that no sample reached, by pooling.
    private(set) var boxesUnreached: [Int]

    private let taps: Int
    private let width: Int
    private let artefacts: ArtefactChoice?
    private var poolers: [BoxPooler]
    private var highNorm = HighNormTokens()
    private var map = TokenMap()
    private var recipe: Recipe?
    private var statistics: ChannelStatistics?
    private var collected = 0
    private var held: [(frame: BoxedFrame, pooled: [FeatureVectors])] = []
    /// Frames without boxes since the first one that is held.
    private var heldEmpty = 0

    /// Loads the network.
    ///
    /// - Parameters:
    ///   - selection: What the map holds; with a mean it counts as one tap.
    ///   - poolings: What lanes pool with.
    init(
        checkpoint: Checkpoint, input: PreparationPlan.Input, selection: LayerSelection, precision: PrecisionAsked,
        poolings: [Pooling], lanes: [Lane], artefacts: ArtefactChoice? = nil, threads: Int
    ) throws(FeatureError) {
        self.input = input
        self.lanes = lanes
        self.poolings = poolings
        self.artefacts = artefacts
        taps = selection.join == .concat ? selection.taps.count : 1
        width = checkpoint.description.width
        poolers = poolings.map(BoxPooler.init)
        boxesUnreached = poolings.map { _ in 0 }
        network = try Network(
            checkpoint: checkpoint, selection: selection, poolings: poolings, tiling: input.tiling,
            precision: precision,
            measuresLengths: artefacts != nil, settings: Network.Settings(threads: threads))
    }

    /// Numbers of a lane's vector.
    func dimension(_ lane: Int) -> Int {
        let chosen = lanes[lane]
        return (chosen.cut.positions.count * width - chosen.dropVariance) * poolings[chosen.pooling].cells
    }

    /// Forgets the statistics of the sequence before; what it held must have been flushed.
    func beginSequence() throws(FeatureError) {
        statistics = nil
        collected = 0
        held = []
        heldEmpty = 0
        recipe = lanes.contains(where: \.needsStatistics) ? nil : try makeRecipe()
    }

    /// Embeds a frame with boxes; returns the frames that are ready, in order.
    func add(_ frame: BoxedFrame, picture: RGBImage, grid: TileGrid) throws(FeatureError) -> [Ready] {
        let collects = recipe == nil
        try network.embed(picture, grid: grid, boxes: collects ? nil : frame.boxes, into: &map)
        if artefacts != nil { highNorm.find(in: map, cutoff: artefacts?.cutoff ?? .automatic) }
        let excluded = artefacts?.drops == true ? highNorm.flags : []
        var pooled: [FeatureVectors] = []
        for index in poolers.indices {
            let result = poolers[index].pool(map, grid: grid, boxes: frame.boxes, excluding: excluded)
            boxesUnreached[index] += result.unreached
            pooled.append(result.vectors)
        }
        if let recipe { return [Ready(frame: frame, pooled: pooled, recipe: recipe)] }
        if statistics == nil { statistics = ChannelStatistics(channels: map.channels) }
        try statistics?.add(map)
        collected += 1
        held.append((frame, pooled))
        return collected >= StatisticsHold.framesWithBoxes || held.count + heldEmpty >= StatisticsHold.framesHeld
            ? try flush() : []
    }

    /// Counts a frame without boxes, which may end the wait for statistics.
    func addEmpty() throws(FeatureError) -> [Ready] {
        guard recipe == nil, collected > 0 else { return [] }
        heldEmpty += 1
        return held.count + heldEmpty >= StatisticsHold.framesHeld ? try flush() : []
    }

    /// Releases what is held, with the statistics there are.
    func flush() throws(FeatureError) -> [Ready] {
        guard !held.isEmpty else { return [] }
        let made = try makeRecipe()
        recipe = made
        defer { held = [] }
        return held.map { Ready(frame: $0.frame, pooled: $0.pooled, recipe: made) }
    }

    private func makeRecipe() throws(FeatureError) -> Recipe {
        var transforms: [FeatureTransform] = []
        for lane in lanes {
            let channels = lane.cut.channels(width: width)
            transforms.append(
                try FeatureTransform(
                    dropVariance: lane.dropVariance, standardize: lane.standardize,
                    statistics: lane.needsStatistics ? statistics?.selecting(channels) : nil,
                    channels: channels.count, pooling: poolings[lane.pooling]))
        }
        return Recipe(lanes: lanes, transforms: transforms, taps: taps, poolings: poolings)
    }
}

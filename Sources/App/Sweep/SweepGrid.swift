import Evaluation
import Features
import Geometry

/// One configuration of a sweep.
struct SweepConfiguration: Equatable {
    /// The blocks, joined end to end where there are several.
    let layers: [Int]
    let token: TokenKind
    let pooling: Pooling
    let dropVariance: Int
    let standardize: Bool
    let similarity: Similarity
    /// Which of the pass's lanes makes its vectors.
    let lane: Int

    /// The layers as they are written: `3`, `3+6+9`.
    var layerText: String { layers.map(String.init).joined(separator: "+") }

    /// The transform as it is written in `--transforms`.
    var transformText: String {
        standardize ? "standardize" : dropVariance > 0 ? "drop=\(dropVariance)" : "none"
    }

    /// One line, as in `block 3, grid3`.
    var text: String {
        var parts = [
            layers == [0] ? "patch embedding" : layers.count == 1 ? "block \(layerText)" : "blocks \(layerText)"
        ]
        if token != .output { parts[0] = "\(token.rawValue) of \(parts[0])" }
        parts.append(pooling.name)
        if transformText != "none" { parts.append(transformText) }
        if similarity != .cosine { parts.append(similarity.rawValue) }
        return parts.joined(separator: ", ")
    }

    /// Blocks that run from end to end: of keys, queries and values the block itself does not.
    var blocksRun: Int { (layers.max() ?? 0) - (token == .output ? 0 : 1) }
}

/// Everything that a sweep crosses, laid out as the taps and lanes of one pass.
struct SweepGrid {
    let taps: [LayerTap]
    let poolings: [Pooling]
    let lanes: [Lane]
    let configurations: [SweepConfiguration]

    /// The most configurations of one sweep.
    static let limit = 20_000

    /// Crosses what was asked for, for a model.
    ///
    /// - Throws: `AppError.usage` where a layer does not exist, or more channels are dropped than there are.
    init(_ asked: SweepArguments, model: ModelDescription) throws(AppError) {
        let depth = model.depth
        let single = asked.layers?.items ?? Array(0...depth)
        let tokens = asked.tokens?.items ?? [.output]
        let quarters = (1...4).map { max(1, ($0 * depth + 2) / 4) }
        let defaultJoins = asked.layers == nil && Set(quarters).count == 4 ? [quarters] : []
        let joins = (asked.joins?.items ?? defaultJoins).filter { !$0.isEmpty }
        if let tooDeep = (single + joins.flatMap { $0 }).first(where: { $0 > depth }) {
            throw .usage("layer \(tooDeep): \(model.name) has \(depth) blocks")
        }
        let poolings = asked.pools?.items ?? [.mean] + (2...7).map(Pooling.grid)
        let transforms = asked.transforms?.items ?? [SweptTransform.none, .drop(nil), .standardize]
        let similarities = asked.similarities?.items ?? [.cosine, .l2]

        var taps: [LayerTap] = []
        var lanes: [Lane] = []
        var configurations: [SweepConfiguration] = []
        func place(_ tap: LayerTap) -> Int {
            if let found = taps.firstIndex(of: tap) { return found }
            taps.append(tap)
            return taps.count - 1
        }
        for layers in single.map({ [$0] }) + joins {
            for token in tokens where token == .output || !layers.contains(0) {
                let cut = TapCut(
                    positions: layers.map {
                        place(LayerTap(layer: $0, token: token, isNormalized: layers.count > 1))
                    })
                for (pooling, transform) in poolings.indices.flatMap({ pool in transforms.map { (pool, $0) } }) {
                    var drop = 0
                    if case .drop(let count) = transform { drop = count ?? layers.count * model.width * 200 / 768 }
                    guard drop < layers.count * model.width else {
                        throw .usage(
                            "drop=\(drop): a token of \(model.name) has \(layers.count * model.width) channels")
                    }
                    for similarity in similarities {
                        configurations.append(
                            SweepConfiguration(
                                layers: layers, token: token, pooling: poolings[pooling], dropVariance: drop,
                                standardize: transform == .standardize, similarity: similarity, lane: lanes.count))
                    }
                    lanes.append(
                        Lane(
                            cut: cut, pooling: pooling, dropVariance: drop, standardize: transform == .standardize))
                    guard configurations.count <= Self.limit else {
                        throw .usage("this makes more than \(Self.limit) configurations: name fewer layers or poolings")
                    }
                }
            }
        }
        guard !configurations.isEmpty else {
            throw .usage("nothing to sweep: layer 0 has an output only, no keys, queries or values")
        }
        self.taps = taps
        self.poolings = poolings
        self.lanes = lanes
        self.configurations = configurations
    }
}

extension ModelDescription {
    /// Operations of one tile for a configuration that needs no more than these layers.
    ///
    /// Of keys, queries and values the block before is the last that runs; the block's own product of the three comes
    /// on top.
    func operations(rows: Int, columns: Int, _ configuration: SweepConfiguration) -> Double {
        let run = operations(rows: rows, columns: columns, blocks: configuration.blocksRun)
        guard configuration.token != .output else { return run }
        let (tokens, width) = (Double(rows * columns + prefixTokens), Double(self.width))
        return run + 2 * tokens * width * 3 * width
    }
}

/// What a checkpoint has about positions.
struct ModelPositions: Sendable {
    /// The table of the patches' embeddings, (g, g, D); empty where there is none.
    var table: [Float] = []
    /// The periods of rotary positions where the checkpoint has them.
    var periods: [Float]?
    /// Tables of relative biases: none, one for all blocks, or one for each block that is run.
    var relative: [[Float]] = []
}

extension ModelPositions {
    /// The prefix tokens with their positions, and what is known of the patches' positions.
    ///
    /// - Parameter blocks: How many blocks are run.
    /// - Throws: `WeightsError` where reading fails, `EngineError` where a period is not above 0.
    static func read(
        _ checkpoint: Checkpoint, blocks count: Int
    ) throws -> (prefix: [Float], positions: ModelPositions) {
        let model = checkpoint.description
        let (structure, width) = (model.structure, model.width)
        var tokens: [Float] = []
        if structure.classToken { tokens += try checkpoint.values(of: .classToken) }
        if structure.distillationToken { tokens += try checkpoint.values(of: .distillationToken) }
        let registers = tokens.count
        if structure.registerTokens > 0 { tokens += try checkpoint.values(of: .registerTokens) }

        var positions = ModelPositions()
        switch structure.positions {
        case .learned:
            let learned = try checkpoint.values(of: .positions)
            positions.table = Array(learned[(structure.prefixPositions * width)...])
            // Without rows for the tokens before them those for registers come first.
            let start = structure.prefixHasPositions ? 0 : registers
            for index in 0..<structure.prefixPositions * width { tokens[start + index] += learned[index] }
        case .sineCosine:
            positions.table = PositionEmbedding.sineCosine(
                rows: model.gridSide, columns: model.gridSide, channels: width)
        case .rotary(let rotary) where rotary.storesPeriods:
            let periods = try checkpoint.values(of: .rotaryPeriods)
            if let period = periods.first(where: { !($0 > 0) }) {
                throw EngineError.structure("a rotary position's period is \(period), expected a number above 0")
            }
            positions.periods = periods
        case .none, .groundSampleDistance, .rotary: break
        }
        switch structure.relativeBias {
        case .none: break
        case .shared: positions.relative = [try checkpoint.values(of: .relativePositionTable)]
        case .perBlock:
            for block in 0..<count {
                positions.relative.append(try checkpoint.values(of: .block(block, .relativePositionTable)))
            }
        }
        return (tokens, positions)
    }
}

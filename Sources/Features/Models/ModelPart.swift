/// The tensors of a Vision Transformer, in the model's own terms.
enum ModelPart: Hashable, Sendable {
    case classToken
    case distillationToken
    case registerTokens
    case positions
    case patchWeight
    case patchBias
    /// The LayerNorm before the first block.
    case preNormWeight
    case preNormBias
    case finalNormWeight
    case finalNormBias
    /// The table that all blocks share (`RelativeBias.shared`).
    case relativePositionTable
    /// What rotary positions' coordinates are divided by (`RotaryPositions.storesPeriods`).
    case rotaryPeriods
    case block(Int, BlockPart)
}

/// The tensors of one block.
enum BlockPart: Hashable, CaseIterable, Sendable {
    case norm1Weight, norm1Bias
    /// Queries, keys and values, in that order.
    case attentionWeight, attentionBias
    /// The LayerNorms of one head's queries and keys.
    case queryNormWeight, queryNormBias, keyNormWeight, keyNormBias
    /// The block's own table (`RelativeBias.perBlock`).
    case relativePositionTable
    case projectionWeight, projectionBias
    case norm2Weight, norm2Bias
    /// With SwiGLU the gate's rows come first.
    case hiddenWeight, hiddenBias
    case outputWeight, outputBias
}

extension ModelStructure {
    /// The tensors outside the blocks that a model of this structure has.
    var modelParts: [ModelPart] {
        var parts: [ModelPart] = classToken ? [.classToken] : []
        if distillationToken { parts.append(.distillationToken) }
        if registerTokens > 0 { parts.append(.registerTokens) }
        if case .learned = positions { parts.append(.positions) }
        parts += [.patchWeight, .patchBias]
        if case .rotary(let rotary) = positions, rotary.storesPeriods { parts.append(.rotaryPeriods) }
        if relativeBias == .shared { parts.append(.relativePositionTable) }
        if preNorm { parts += [.preNormWeight, .preNormBias] }
        if finalNorm { parts += [.finalNormWeight, .finalNormBias] }
        return parts
    }

    /// The tensors of each block.
    var blockParts: [BlockPart] {
        BlockPart.allCases.filter { part in
            switch part {
            case .queryNormWeight, .queryNormBias, .keyNormWeight, .keyNormBias: queryKeyNorm
            case .relativePositionTable: relativeBias == .perBlock
            default: true
            }
        }
    }
}

extension ModelDescription {
    /// The shape of a part, separate tensors of it stacked.
    func shape(of part: ModelPart) -> [Int] {
        switch part {
        case .classToken, .distillationToken: [1, 1, width]
        case .registerTokens: [1, structure.registerTokens, width]
        case .positions: [1, structure.prefixPositions + gridSide * gridSide, width]
        case .patchWeight: [width, 3, patch, patch]
        case .patchBias, .preNormWeight, .preNormBias, .finalNormWeight, .finalNormBias: [width]
        case .relativePositionTable: relativeTableShape
        case .rotaryPeriods: [headWidth / 4]
        case .block(_, let part):
            switch part {
            case .norm1Weight, .norm1Bias, .norm2Weight, .norm2Bias, .projectionBias, .outputBias: [width]
            case .attentionWeight: [3 * width, width]
            case .attentionBias: [3 * width]
            case .queryNormWeight, .queryNormBias, .keyNormWeight, .keyNormBias: [headWidth]
            case .relativePositionTable: relativeTableShape
            case .projectionWeight: [width, width]
            case .hiddenWeight: [hiddenOutputs, width]
            case .hiddenBias: [hiddenOutputs]
            case .outputWeight: [width, hiddenWidth]
            }
        }
    }

    private var relativeTableShape: [Int] {
        [(2 * gridSide - 1) * (2 * gridSide - 1) + (structure.classToken ? 3 : 0), heads]
    }
}

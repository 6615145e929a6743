internal import CKernels

/// What a model knows of positions, worked out for tiles of one size.
struct TilePositions: Sendable {
    /// What embedded patches are added to, (rows, columns, D); empty where that is nothing.
    private(set) var added: [Float] = []
    /// By how much queries and keys are turned.
    private(set) var turns: Turns?
    /// What is added to scores: nothing, the same for all blocks, or one for each.
    private var biases: [ScoreBias] = []

    struct Turns: Sendable {
        /// (patches, 2·d) as CKernels' `rotate` reads them.
        let values: AlignedBuffer
        let neighbours: Bool
    }

    init() {}

    init(_ model: ModelDescription, _ positions: ModelPositions, rows: Int, columns: Int) throws(EngineError) {
        switch model.structure.positions {
        case .none: break
        case .learned(let rule), .sineCosine(let rule):
            added = PositionEmbedding.interpolate(
                positions.table, side: model.gridSide, channels: model.width, rows: rows, columns: columns, rule: rule)
        case .groundSampleDistance(let metres):
            added = PositionEmbedding.sineCosine(rows: rows, columns: columns, channels: model.width, step: metres)
        case .rotary(let rotary):
            let values = RotaryTurns.make(
                rotary, periods: positions.periods, head: model.headWidth, rows: rows, columns: columns)
            turns = Turns(values: try AlignedBuffer(copying: values), neighbours: rotary.pairing == .neighbours)
        }
        for table in positions.relative {
            biases.append(try ScoreBias(model, table: table, rows: rows, columns: columns))
        }
    }

    /// What is added to the scores of a block, counted from 0.
    func bias(ofBlock block: Int) -> ScoreBias? { biases.isEmpty ? nil : biases[min(block, biases.count - 1)] }
}

/// What is added to the scores of one block or of all.
@safe
final class ScoreBias: Sendable {
    private let table: AlignedBuffer
    private let prefix: AlignedBuffer
    private let rows: Int
    private let columns: Int
    private let prefixTokens: Int

    /// - Parameter table: As a checkpoint has it (`RelativeBias`).
    init(_ model: ModelDescription, table: [Float], rows: Int, columns: Int) throws(EngineError) {
        let (side, heads) = (model.gridSide, model.heads)
        self.table = try AlignedBuffer(
            copying: RelativePositions.resize(table, side: side, heads: heads, rows: rows, columns: columns))
        let first = (2 * side - 1) * (2 * side - 1) * heads
        let others = (0..<3 * heads).map { index in
            table.count > first ? table[first + index % 3 * heads + index / 3] : 0
        }
        prefix = try AlignedBuffer(copying: others)
        (self.rows, self.columns, prefixTokens) = (rows, columns, model.prefixTokens)
    }

    /// What kernels read; it is valid while this object lives.
    ///
    /// - Parameter tokens: Which token each query is.
    func view(tokens: UnsafePointer<Int32>?) -> vtrack_score_bias {
        unsafe vtrack_score_bias(
            table: table.start, prefix: prefix.start, rows: Int32(rows), columns: Int32(columns),
            prefix_tokens: Int32(prefixTokens), tokens: tokens)
    }
}

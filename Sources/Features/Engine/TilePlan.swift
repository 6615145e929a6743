/// The operations of one tile's pass, made for one tile size.
///
/// Legend: N tokens of a tile, D channels, F channels inside the MLP, H heads, d = D/H, P patch side.
///
/// A tile's rows are cut into chunks whose heights depend on N alone. A chunk goes through everything but attention's
/// keys and values by itself, so chunks are what threads share a single tile by; and because a chunk's height never
/// depends on the number of threads, neither does any result.
final class TilePlan: Sendable {
    /// A run of rows of the token matrix.
    struct Chunk: Sendable {
        let start: Int
        let rows: Int

        /// The first of its tokens that is a patch; where there is none, the token after its last.
        func firstPatch(_ model: ModelDescription) -> Int {
            min(max(start, model.prefixTokens), start + rows)
        }
    }

    /// Rows a chunk should have at most: from about 100 rows on, products run at their full rate.
    private static let chunkRows = 112
    /// Bytes of attention scores one thread makes at a time: they stay in its second-level cache, and 64 threads
    /// together stay within 64 MB.
    private static let scoreBytes = 1 << 20
    /// More tokens than any tiling makes; one row of scores per head is then 1 MB.
    static let maximumTokens = 1 << 18

    let rows: Int
    let columns: Int
    let tokens: Int
    let chunks: [Chunk]
    /// Heads whose scores are made in one call.
    let headsAtOnce: Int
    /// Rows of scores made in one call.
    let attentionRows: Int
    /// The operations of a chunk, by its number of rows.
    let programs: [Int: ChunkProgram]
    /// Positions of this size, (rows, columns, D).
    let positions: [Float]

    /// Makes the operations for tiles of `rows` by `columns` patches.
    ///
    /// - Parameter layouts: The orders the weights are packed in; nil lets every product choose.
    init(
        _ model: ModelDescription, rows: Int, columns: Int, layouts: WeightLayouts?, positions: [Float]
    ) throws(EngineError) {
        let (patches, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard !overflow, patches > 0, patches + model.prefixTokens <= Self.maximumTokens else {
            throw .tokens(overflow ? Int.max : patches + model.prefixTokens, maximum: Self.maximumTokens)
        }
        self.rows = rows
        self.columns = columns
        let tokens = patches + model.prefixTokens
        self.tokens = tokens
        self.positions = PositionEmbedding.interpolate(
            positions, side: model.gridSide, channels: model.width, rows: rows, columns: columns)

        // An even number of chunks as alike as can be, so that two cores finish together.
        let count = min(tokens, 2 * ((tokens + 2 * Self.chunkRows - 1) / (2 * Self.chunkRows)))
        chunks = (0..<count).map { index in
            let start = index * tokens / count
            return Chunk(start: start, rows: (index + 1) * tokens / count - start)
        }

        let tallest = chunks.map(\.rows).max() ?? 1
        let rowBytes = tokens * 4
        attentionRows = max(1, min(tallest, Self.scoreBytes / rowBytes))
        let fitting = max(1, Self.scoreBytes / (attentionRows * rowBytes))
        headsAtOnce = (1...model.heads).last { model.heads % $0 == 0 && $0 <= fitting } ?? 1

        var programs: [Int: ChunkProgram] = [:]
        for chunk in chunks where programs[chunk.rows] == nil {
            let patches = chunks.filter { $0.rows == chunk.rows }.map { $0.start + $0.rows - $0.firstPatch(model) }
            programs[chunk.rows] = try ChunkProgram(
                model, rows: chunk.rows, patches: Set(patches), tokens: tokens, attentionRows: attentionRows,
                headsAtOnce: headsAtOnce, layouts: layouts)
        }
        self.programs = programs
    }

    /// The orders the products chose for their weights.
    func weightLayouts() throws(EngineError) -> WeightLayouts {
        for program in programs.values {
            guard let patch = program.patchRows.values.first?.weights, let attention = program.attention.weights,
                let projection = program.projection.weights, let hidden = program.hidden.weights,
                let output = program.output.weights
            else { continue }
            return WeightLayouts(
                patch: patch, attention: attention, projection: projection, hidden: hidden, output: output)
        }
        throw .library(operation: "name the order of weights", status: -1)
    }

    /// Every operation, for checks and for the size of the scratch memory.
    var primitives: [Primitive] { programs.values.flatMap(\.primitives) }
}

/// The operations on a chunk of a certain number of rows.
final class ChunkProgram: Sendable {
    let rows: Int
    /// The embedding of patches, by their number: the first chunk's are fewer by the prefix tokens.
    let patchRows: [Int: Primitive]
    let norm: Primitive
    let attention: Primitive
    let projection: Primitive
    let hidden: Primitive
    let output: Primitive
    /// Scores, softmax and weighted sum, for each run of rows of the chunk.
    let attentionParts: [(start: Int, program: AttentionProgram)]

    init(
        _ model: ModelDescription, rows: Int, patches: Set<Int>, tokens: Int, attentionRows: Int, headsAtOnce: Int,
        layouts: WeightLayouts?
    ) throws(EngineError) {
        self.rows = rows
        let (width, hiddenWidth, patchWidth) = (model.width, model.hiddenWidth, 3 * model.patch * model.patch)

        func product(
            _ name: String, rows: Int, _ inputs: Int, _ outputs: Int, _ layout: TensorLayout?,
            _ after: Primitive.AfterProduct = []
        ) throws(EngineError) -> Primitive {
            let weights: TensorLayout
            if let layout { weights = layout } else { weights = try TensorLayout(any: [inputs, outputs]) }
            return try Primitive.product(
                name, source: try TensorLayout(dense: [rows, inputs]),
                weights: weights,
                bias: try TensorLayout(dense: [1, outputs]), destination: try TensorLayout(dense: [rows, outputs]),
                after: after)
        }

        var patchRows: [Int: Primitive] = [:]
        for count in patches where count > 0 {
            patchRows[count] = try product(
                "patch embedding", rows: count, patchWidth, width, layouts?.patch, .addToDestination)
        }
        self.patchRows = patchRows
        norm = try Primitive.layerNorm(
            "LayerNorm", try TensorLayout(dense: [rows, width]), epsilon: Float(model.layerNormEpsilon))
        attention = try product("queries, keys and values", rows: rows, width, 3 * width, layouts?.attention)
        projection = try product(
            "attention's projection", rows: rows, width, width, layouts?.projection, .addToDestination)
        hidden = try product("MLP's first layer", rows: rows, width, hiddenWidth, layouts?.hidden, .gelu)
        output = try product(
            "MLP's second layer", rows: rows, hiddenWidth, width, layouts?.output, .addToDestination)

        var parts: [(start: Int, program: AttentionProgram)] = []
        var made: [Int: AttentionProgram] = [:]
        var start = 0
        while start < rows {
            let count = min(attentionRows, rows - start)
            let program =
                if let found = made[count] { found } else {
                    try AttentionProgram(model, rows: count, tokens: tokens, heads: headsAtOnce)
                }
            made[count] = program
            parts.append((start, program))
            start += count
        }
        attentionParts = parts
    }

    var primitives: [Primitive] {
        Array(patchRows.values) + [norm, attention, projection, hidden, output]
            + attentionParts.flatMap { [$0.program.scores, $0.program.softmax, $0.program.context] }
    }
}

/// Attention of some rows to all tokens, some heads at a time.
///
/// Queries, keys and values are read where their product wrote them, (N, 3·D) with a head's numbers side by side, and
/// the result is written as the projection reads it, (rows, D): nothing is copied or transposed.
final class AttentionProgram: Sendable {
    let rows: Int
    let scores: Primitive
    let softmax: Primitive
    let context: Primitive
    let queryLayout: TensorLayout
    let keyLayout: TensorLayout
    let scoreLayout: TensorLayout
    let softmaxLayout: TensorLayout
    let valueLayout: TensorLayout
    let contextLayout: TensorLayout

    init(_ model: ModelDescription, rows: Int, tokens: Int, heads: Int) throws(EngineError) {
        self.rows = rows
        let (width, head) = (model.width, model.headWidth)
        queryLayout = try TensorLayout(sizes: [heads, rows, head], strides: [head, 3 * width, 1])
        keyLayout = try TensorLayout(sizes: [heads, head, tokens], strides: [head, 1, 3 * width])
        scoreLayout = try TensorLayout(dense: [heads, rows, tokens])
        softmaxLayout = try TensorLayout(dense: [heads * rows, tokens])
        valueLayout = try TensorLayout(sizes: [heads, tokens, head], strides: [head, 3 * width, 1])
        contextLayout = try TensorLayout(sizes: [heads, rows, head], strides: [head, width, 1])
        scores = try Primitive.product(
            "attention scores", source: queryLayout, weights: keyLayout, destination: scoreLayout)
        softmax = try Primitive.softmax("softmax", softmaxLayout)
        context = try Primitive.product(
            "attention's weighted sum", source: scoreLayout, weights: valueLayout, destination: contextLayout)
    }
}

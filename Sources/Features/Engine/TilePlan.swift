internal import COneDNN

/// The operations of one tile's pass, made for one tile size.
///
/// Legend: N tokens of a tile, D channels, F channels inside the MLP, H heads, d = D/H, P patch side.
///
/// A tile's rows are cut into chunks whose heights depend on N alone. A chunk goes through everything but attention's
/// keys and values by itself, so chunks are what threads share a single tile by. A thread that has a tile to itself
/// takes two chunks as one: products of twice as many rows are 2 to 3 % faster. With oneDNN's `brg` kernels, which it has
/// for AVX-512, a row of a product is the same bits whatever rows are beside it, so no result depends on which way was
/// taken, nor on the number of threads. Its `gemm` kernels for lesser processors do not keep that: there every chunk is
/// computed as it is cut, whole, or not at all.
final class TilePlan: Sendable {
    /// A run of rows of the token matrix.
    struct Chunk: Sendable {
        let start: Int
        let rows: Int
        /// Which of the plan's chunks it is made of.
        let parts: Range<Int>

        /// The first of its tokens that is a patch; where there is none, the token after its last.
        func firstPatch(_ model: ModelDescription) -> Int {
            min(max(start, model.prefixTokens), start + rows)
        }
    }

    /// Rows a chunk should have at most: from about 100 rows on, products run at their full rate.
    private static let chunkRows = 112
    /// The heights that some rows of a chunk are rounded up to: products are compiled for a height.
    static let partRows = 16
    /// More tokens than any tiling makes; six rows of scores and probabilities are then 9 MB a thread.
    static let maximumTokens = 1 << 18

    let rows: Int
    let columns: Int
    let tokens: Int
    let chunks: [Chunk]
    /// The same rows in chunks of twice the height.
    let tallChunks: [Chunk]
    /// The operations of a chunk, by its number of rows.
    let programs: [Int: ChunkProgram]
    /// The operations on some rows of a chunk, by their number; empty unless asked for.
    let partPrograms: [Int: ChunkProgram]
    /// Whether a row of a product is the same bits whatever rows are beside it.
    let rowsAreIndependent: Bool
    /// What the model knows of positions, for this size.
    let positions: TilePositions

    /// Makes the operations for tiles of `rows` by `columns` patches.
    ///
    /// - Parameters:
    ///   - layouts: The orders the weights are packed in; nil lets every product choose.
    ///   - positions: What the checkpoint has about positions; nil where only the operations are looked at.
    ///   - parts: Whether some rows of a chunk may be wanted without the others.
    init(
        _ model: ModelDescription, kinds: ProductKinds, rows: Int, columns: Int, layouts: WeightLayouts?,
        positions: ModelPositions?, parts: Bool
    ) throws(EngineError) {
        let (patches, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard !overflow, patches > 0, patches + model.prefixTokens <= Self.maximumTokens else {
            throw .tokens(overflow ? Int.max : patches + model.prefixTokens, maximum: Self.maximumTokens)
        }
        self.rows = rows
        self.columns = columns
        let tokens = patches + model.prefixTokens
        self.tokens = tokens
        self.positions =
            if let positions {
                try TilePositions(model, positions, rows: rows, columns: columns)
            } else {
                TilePositions()
            }

        // An even number of chunks as alike as can be, so that two cores finish together. Each starts at an even
        // token: two tokens' values share words in bfloat16.
        let count = min(max(tokens / 2, 1), 2 * ((tokens + 2 * Self.chunkRows - 1) / (2 * Self.chunkRows)))
        func start(_ index: Int) -> Int { index == count ? tokens : index * tokens / count / 2 * 2 }
        let chunks = (0..<count).map { Chunk(start: start($0), rows: start($0 + 1) - start($0), parts: $0..<$0 + 1) }
        self.chunks = chunks
        rowsAreIndependent = Precision.has(dnnl_cpu_isa_avx512_core)
        let height = rowsAreIndependent ? 2 : 1
        tallChunks = stride(from: 0, to: count, by: height).map { index in
            let end = min(index + height, count)
            return Chunk(start: start(index), rows: start(end) - start(index), parts: index..<end)
        }

        let all = chunks + tallChunks
        var programs: [Int: ChunkProgram] = [:]
        for chunk in all where programs[chunk.rows] == nil {
            let patches = all.filter { $0.rows == chunk.rows }.map { $0.start + $0.rows - $0.firstPatch(model) }
            programs[chunk.rows] = try ChunkProgram(
                model, kinds: kinds, rows: chunk.rows, patches: Set(patches), layouts: layouts)
        }
        self.programs = programs

        var partPrograms: [Int: ChunkProgram] = [:]
        let tallest = tallChunks.map(\.rows).max() ?? 1
        if parts {
            for rows in stride(from: Self.partRows, to: tallest, by: Self.partRows) {
                if let program = programs[rows] {
                    partPrograms[rows] = program
                } else {
                    partPrograms[rows] = try ChunkProgram(
                        model, kinds: kinds, rows: rows, patches: [], layouts: layouts)
                }
            }
        }
        self.partPrograms = partPrograms
    }

    /// Rows of the tallest chunk.
    var tallest: Int { tallChunks.map(\.rows).max() ?? 1 }

    /// The height of the operations for `count` rows of a chunk of `rows`.
    func height(for count: Int, of rows: Int) -> Int {
        min((count + Self.partRows - 1) / Self.partRows * Self.partRows, rows)
    }

    /// The orders the products chose for their weights.
    func weightLayouts() throws(EngineError) -> WeightLayouts {
        // The tallest first, so that the choice does not depend on a dictionary's order.
        for (_, program) in programs.sorted(by: { $0.key > $1.key }) {
            guard let patch = program.patchRows.values.first?.weights, let attention = program.attention.weights,
                let queries = program.queries.weights, let keysAndValues = program.keysAndValues.weights,
                let projection = program.projection.weights,
                let narrowProjection = program.narrowProjection.weights, let hidden = program.hidden.weights,
                let output = program.output.weights
            else { continue }
            return WeightLayouts(
                patch: patch, attention: attention, queries: queries, keysAndValues: keysAndValues,
                projection: projection, narrowProjection: narrowProjection, hidden: hidden, output: output)
        }
        throw .library(operation: "name the order of weights", status: -1)
    }

    /// Every operation, for checks and for the size of the scratch memory.
    var primitives: [Primitive] {
        programs.values.flatMap(\.primitives) + partPrograms.values.flatMap(\.primitives)
    }
}

/// The products on a number of rows.
final class ChunkProgram: Sendable {
    let rows: Int
    /// The embedding of patches, by their number: the first chunk's are fewer by the prefix tokens.
    let patchRows: [Int: Primitive]
    /// Queries, keys and values in one.
    let attention: Primitive
    let queries: Primitive
    let keysAndValues: Primitive
    let projection: Primitive
    /// The projection in bfloat16; the same as `projection` where no block needs another one.
    let narrowProjection: Primitive
    let hidden: Primitive
    let output: Primitive

    init(
        _ model: ModelDescription, kinds: ProductKinds, rows: Int, patches: Set<Int>, layouts: WeightLayouts?
    ) throws(EngineError) {
        self.rows = rows
        let (width, hiddenWidth, patchWidth) = (model.width, model.hiddenWidth, 3 * model.patch * model.patch)

        func product(
            _ name: String, rows: Int, _ inputs: Int, _ outputs: Int, _ layout: TensorLayout?, from: NumberType,
            weights: NumberType, to: NumberType, _ after: Primitive.AfterProduct = []
        ) throws(EngineError) -> Primitive {
            let order: TensorLayout
            if let layout { order = layout } else { order = try TensorLayout(any: [inputs, outputs], type: weights) }
            let primitive = try Primitive.product(
                name, source: try TensorLayout(dense: [rows, inputs], type: from), weights: order,
                bias: weights == .s8 ? nil : try TensorLayout(dense: [1, outputs]),
                destination: try TensorLayout(dense: [rows, outputs], type: to), after: after)
            // A plain loop, a thousand times slower: as good as not there.
            guard !primitive.implementation.hasPrefix("ref") else { throw kinds.unavailable(name) }
            return primitive
        }
        /// A product whose result is added to the residual stream, by itself or by the kernel after it.
        func adding(
            _ name: String, _ inputs: Int, from: NumberType, _ layout: TensorLayout?
        ) throws(EngineError) -> Primitive {
            try product(
                name, rows: rows, inputs, width, layout, from: from, weights: kinds.weights,
                to: kinds.fused ? .f32 : kinds.result, kinds.fused ? .addToDestination : [])
        }
        func giving(
            _ name: String, _ outputs: Int, _ layout: TensorLayout?, _ after: Primitive.AfterProduct = []
        ) throws(EngineError) -> Primitive {
            try product(
                name, rows: rows, width, outputs, layout, from: kinds.factor, weights: kinds.weights,
                to: kinds.result, after)
        }

        var patchRows: [Int: Primitive] = [:]
        for count in patches where count > 0 {
            patchRows[count] = try product(
                "patch embedding", rows: count, patchWidth, width, layouts?.patch, from: kinds.patch,
                weights: kinds.patch, to: .f32, .addToDestination)
        }
        self.patchRows = patchRows
        attention = try giving("queries, keys and values", 3 * width, layouts?.attention)
        queries = try giving("queries", width, layouts?.queries)
        keysAndValues = try giving("keys and values", 2 * width, layouts?.keysAndValues)
        projection = try adding("attention's projection", width, from: kinds.factor, layouts?.projection)
        narrowProjection =
            kinds.narrowProjections == 0
            ? projection
            : try product(
                "attention's projection", rows: rows, width, width, layouts?.narrowProjection, from: .bf16,
                weights: .bf16, to: .f32, .addToDestination)
        let activation: Primitive.AfterProduct =
            switch model.structure.activation {
            case .gelu: .gelu
            case .geluTanh: .geluTanh
            case .quickGELU: .quickGELU
            case .swiGLU: []
            }
        hidden = try giving(
            "MLP's first layer", model.hiddenOutputs, layouts?.hidden, kinds.fused ? activation : [])
        output = try adding("MLP's second layer", hiddenWidth, from: kinds.hiddenFactor, layouts?.output)
    }

    var primitives: [Primitive] {
        Array(patchRows.values) + [attention, queries, keysAndValues, projection, narrowProjection, hidden, output]
    }
}

internal import CKernels

/// What one thread needs to run a plan's operations: scratch memory, and views that it may move.
///
/// Numbers in the buffers are of the type that the precision says (`ProductKinds`); all are large enough for any.
@safe
final class Worker: @unchecked Sendable {
    let stream: Stream
    /// oneDNN's own scratch memory.
    let scratch: AlignedBuffer
    /// (rows, D): the residual stream of some rows of a chunk.
    let gathered: AlignedBuffer
    /// (rows, D): what LayerNorm returns.
    let normed: AlignedBuffer
    /// (rows, D): what attention returns before its projection.
    let context: AlignedBuffer
    /// (rows, F), twice that with SwiGLU, (rows, 3·D), or (rows, 3·P·P) while patches are embedded.
    let wide: AlignedBuffer
    /// (rows, D) or (rows, F) bytes: what products of 8-bit integers read.
    let bytes: AlignedBuffer
    /// A scale for each row of `normed` or `bytes`, twice.
    let scales: [AlignedBuffer]
    /// One row of single-precision numbers.
    let row: AlignedBuffer
    /// Queries of a chunk, as attention reads them.
    let queries: AlignedBuffer
    /// Scores and probabilities of the queries in work.
    let scores: AlignedBuffer
    /// The tokens of a chunk's rows, as 32-bit integers.
    private let tokens: AlignedBuffer
    private(set) var calls: [Int: ChunkCalls] = [:]

    init(_ plan: TilePlan, _ model: ModelDescription, _ kinds: ProductKinds) throws(EngineError) {
        let rows = plan.tallest
        let widest = max(model.hiddenOutputs, 3 * model.width, 3 * model.patch * model.patch)
        stream = try Stream()
        scratch = try AlignedBuffer(bytes: plan.primitives.map { $0.scratchpad?.byteCount ?? 0 }.max() ?? 0)
        gathered = try AlignedBuffer(count: rows * model.width)
        normed = try AlignedBuffer(count: rows * model.width)
        context = try AlignedBuffer(count: rows * model.width)
        wide = try AlignedBuffer(count: rows * widest)
        bytes = try AlignedBuffer(bytes: rows * max(model.hiddenWidth, model.width))
        scales = [try AlignedBuffer(count: rows), try AlignedBuffer(count: rows)]
        row = try AlignedBuffer(count: max(model.hiddenWidth, model.width))
        queries = try AlignedBuffer(
            count: vtrack_attention_query_count(Int32(model.heads), Int32(model.headWidth), Int32(rows)))
        queries.clear()
        scores = try AlignedBuffer(bytes: vtrack_attention_scratch_bytes(Int32(plan.tokens)))
        tokens = try AlignedBuffer(count: rows)
        for programs in [plan.partPrograms, plan.programs] {
            for (rows, program) in programs { calls[rows] = try ChunkCalls(program, model, kinds) }
        }
    }

    /// Writes down which token each of `count` rows is; rows beyond the last token repeat it.
    func list(_ rows: TokenRows, upTo count: Int) -> UnsafePointer<Int32> {
        let list = unsafe tokens.bytes.assumingMemoryBound(to: Int32.self)
        for row in 0..<count { unsafe list[row] = Int32(rows[min(row, rows.count - 1)]) }
        return unsafe UnsafePointer(list)
    }
}

/// A thread's calls for a number of rows.
final class ChunkCalls {
    let patch: [Int: ProductCall]
    let attention: ProductCall
    let queries: ProductCall
    let keysAndValues: ProductCall
    let projection: ProductCall
    let narrowProjection: ProductCall
    let hidden: ProductCall
    let output: ProductCall

    init(_ program: ChunkProgram, _ model: ModelDescription, _ kinds: ProductKinds) throws(EngineError) {
        func call(
            _ primitive: Primitive, rows: Int? = nil, _ inputs: Int, _ from: NumberType, _ outputs: Int,
            _ to: NumberType
        ) throws(EngineError) -> ProductCall {
            try ProductCall(
                primitive, source: TensorLayout(dense: [rows ?? program.rows, inputs], type: from),
                destination: TensorLayout(dense: [rows ?? program.rows, outputs], type: to))
        }
        let (width, hiddenWidth) = (model.width, model.hiddenWidth)
        var patch: [Int: ProductCall] = [:]
        for (count, primitive) in program.patchRows {
            patch[count] = try call(
                primitive, rows: count, 3 * model.patch * model.patch, kinds.patch, width, .f32)
        }
        self.patch = patch
        let sum: NumberType = kinds.fused ? .f32 : kinds.result
        attention = try call(program.attention, width, kinds.factor, 3 * width, kinds.result)
        queries = try call(program.queries, width, kinds.factor, width, kinds.result)
        keysAndValues = try call(program.keysAndValues, width, kinds.factor, 2 * width, kinds.result)
        projection = try call(program.projection, width, kinds.factor, width, sum)
        narrowProjection =
            kinds.narrowProjections == 0
            ? projection : try call(program.narrowProjection, width, .bf16, width, .f32)
        hidden = try call(program.hidden, width, kinds.factor, model.hiddenOutputs, kinds.result)
        output = try call(program.output, hiddenWidth, kinds.hiddenFactor, width, sum)
    }
}

/// The activations of one tile.
@safe
final class TileActivations: Sendable {
    /// (N, D): the residual stream.
    let tokens: AlignedBuffer
    /// Twice: what attention reads in the block that is in work, and what is written for the one after it.
    let attention: [AttentionBuffers]

    init(_ plan: TilePlan, _ model: ModelDescription) throws(EngineError) {
        tokens = try AlignedBuffer(count: plan.tokens * model.width)
        attention = [try AttentionBuffers(plan, model), try AttentionBuffers(plan, model)]
    }
}

/// Queries, keys and values of one tile in the layouts of CKernels.h.
@safe
final class AttentionBuffers: Sendable {
    let queries: AlignedBuffer
    let keys: AlignedBuffer
    let values: AlignedBuffer

    init(_ plan: TilePlan, _ model: ModelDescription) throws(EngineError) {
        let (heads, head, tokens) = (Int32(model.heads), Int32(model.headWidth), Int32(plan.tokens))
        queries = try AlignedBuffer(count: vtrack_attention_query_count(heads, head, tokens))
        keys = try AlignedBuffer(count: vtrack_attention_key_count(heads, head, tokens))
        values = try AlignedBuffer(count: vtrack_attention_key_count(heads, head, tokens))
        // What lies beyond the tokens and beyond a head's width stays zero.
        queries.clear()
        keys.clear()
        values.clear()
    }
}

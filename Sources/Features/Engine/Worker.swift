/// What one thread needs to run a plan's operations: scratch memory, and views that it may move.
@safe
final class Worker: @unchecked Sendable {
    let stream: Stream
    /// oneDNN's own scratch memory.
    let scratch: AlignedBuffer
    /// (rows, D): what LayerNorm returns.
    let normed: AlignedBuffer
    /// (rows, D): what attention returns before its projection.
    let context: AlignedBuffer
    /// (rows, F), or (rows, 3·P·P) while patches are embedded.
    let wide: AlignedBuffer
    /// (heads at once, attention rows, N).
    let scores: AlignedBuffer
    private(set) var calls: [Int: ChunkCalls] = [:]

    init(_ plan: TilePlan, _ model: ModelDescription) throws(EngineError) {
        let rows = plan.chunks.map(\.rows).max() ?? 1
        stream = try Stream()
        scratch = try AlignedBuffer(bytes: plan.primitives.map { $0.scratchpad?.byteCount ?? 0 }.max() ?? 0)
        normed = try AlignedBuffer(count: rows * model.width)
        context = try AlignedBuffer(count: rows * model.width)
        wide = try AlignedBuffer(count: rows * max(model.hiddenWidth, 3 * model.patch * model.patch))
        scores = try AlignedBuffer(count: plan.headsAtOnce * plan.attentionRows * plan.tokens)
        for (rows, program) in plan.programs { calls[rows] = try ChunkCalls(program, model) }
    }
}

/// A thread's calls for chunks of a certain number of rows.
final class ChunkCalls {
    let patch: [Int: MovingCall]
    let norm: MovingCall
    let attention: MovingCall
    let projection: MovingCall
    let hidden: MovingCall
    let output: MovingCall
    let attentionParts: [(start: Int, rows: Int, scores: MovingCall, softmax: MovingCall, context: MovingCall)]

    init(_ program: ChunkProgram, _ model: ModelDescription) throws(EngineError) {
        func dense(_ rows: Int, _ columns: Int) throws(EngineError) -> TensorLayout {
            try TensorLayout(dense: [rows, columns])
        }
        let rows = program.rows
        var patch: [Int: MovingCall] = [:]
        for (count, primitive) in program.patchRows {
            patch[count] = try MovingCall(
                primitive, source: dense(count, 3 * model.patch * model.patch), destination: dense(count, model.width))
        }
        self.patch = patch
        let narrow = try dense(rows, model.width)
        norm = try MovingCall(program.norm, source: narrow, destination: narrow)
        attention = try MovingCall(program.attention, source: narrow, destination: dense(rows, 3 * model.width))
        projection = try MovingCall(program.projection, source: narrow, destination: narrow)
        let wide = try dense(rows, model.hiddenWidth)
        hidden = try MovingCall(program.hidden, source: narrow, destination: wide)
        output = try MovingCall(program.output, source: wide, destination: narrow)
        var parts: [(start: Int, rows: Int, scores: MovingCall, softmax: MovingCall, context: MovingCall)] = []
        for (start, part) in program.attentionParts {
            parts.append(
                (
                    start, part.rows,
                    try MovingCall(
                        part.scores, source: part.queryLayout, destination: part.scoreLayout,
                        movingWeights: part.keyLayout),
                    try MovingCall(part.softmax, source: part.softmaxLayout, destination: part.softmaxLayout),
                    try MovingCall(
                        part.context, source: part.scoreLayout, destination: part.contextLayout,
                        movingWeights: part.valueLayout)
                ))
        }
        attentionParts = parts
    }
}

/// The activations of one tile.
@safe
final class TileActivations: Sendable {
    /// (N, D): the residual stream.
    let tokens: AlignedBuffer
    /// (N, 3·D) twice: the queries, keys and values of the block that is read, and of the one after it.
    let attention: [AlignedBuffer]

    init(_ plan: TilePlan, _ model: ModelDescription) throws(EngineError) {
        tokens = try AlignedBuffer(count: plan.tokens * model.width)
        attention = [
            try AlignedBuffer(count: plan.tokens * 3 * model.width),
            try AlignedBuffer(count: plan.tokens * 3 * model.width),
        ]
    }
}

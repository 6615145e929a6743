internal import CKernels

/// The steps of one block on some rows of a tile's residual stream, in the numbers of a precision.
///
/// Block: x += proj(attention(norm1(x))), x += fc2(activation(fc1(norm2(x)))), as timm's `Block.forward`.
///
/// In single precision and bfloat16 bias, activation (but for SwiGLU) and residual sum belong to oneDNN's products. Products of 8-bit
/// integers give bare sums in bfloat16; scales, bias and the rest are applied by the kernel after them, since oneDNN
/// multiplies by a scale per row only in its plain loops.
@safe
struct BlockPass {
    let model: ModelDescription
    let kinds: ProductKinds
    let kernels: Kernels
    let worker: Worker
    /// The products on as many rows as are in work.
    let calls: ChunkCalls
    /// How many rows.
    let rows: Int
    let positions: TilePositions

    private var width: Int { model.width }
    private var functions: vtrack_kernels { kernels.functions }

    /// LayerNorm of the residual stream into `worker.normed`, as the next product reads it.
    private func norm(_ x: UnsafePointer<Float>, _ norm: NormParameters) {
        let (count, width, epsilon) = (Int32(rows), Int32(width), Float(model.layerNormEpsilon))
        let (gain, bias) = unsafe (norm.gain.start, norm.bias.start)
        let target = unsafe worker.normed.bytes
        switch kinds.factor {
        case .f32:
            unsafe functions.norm_f32(
                x, count, width, gain, bias, epsilon, target.assumingMemoryBound(to: Float.self))
        case .bf16:
            unsafe functions.norm_bf16(
                x, count, width, gain, bias, epsilon, target.assumingMemoryBound(to: UInt16.self))
        case .s8, .u8:
            unsafe functions.norm_s8(
                x, count, width, gain, bias, epsilon, target.assumingMemoryBound(to: Int8.self),
                worker.scales[0].start, worker.row.start)
        }
    }

    /// A product of what `norm` left into `worker.wide`: its result proper, bias included.
    private func project(_ call: ProductCall, _ matrix: PackedMatrix, outputs: Int) throws(EngineError) {
        try unsafe call.run(worker, from: worker.normed.bytes, to: worker.wide.bytes, by: matrix)
        guard !kinds.fused else { return }
        let values = unsafe worker.wide.bytes.assumingMemoryBound(to: UInt16.self)
        unsafe functions.dequantize(
            values, Int32(rows), Int32(outputs), worker.scales[0].start, matrix.scales.start,
            matrix.biasValues.start, values)
    }

    /// What one of the block's products makes of the residual stream's norm, in `worker.wide`: queries, keys and values
    /// (rows, 3·D), queries (rows, D), or keys and values (rows, 2·D).
    func attentionInput(
        _ x: UnsafePointer<Float>, _ norm1: NormParameters, _ call: ProductCall, _ matrix: PackedMatrix, parts: Int
    ) throws(EngineError) {
        unsafe norm(x, norm1)
        try project(call, matrix, outputs: parts * width)
    }

    /// What attention reads, pointing at a tile's buffers, or at others for the queries.
    func input(_ buffers: AttentionBuffers, tokens: Int, queries: (AlignedBuffer, Int)? = nil) -> vtrack_attention_input
    {
        unsafe vtrack_attention_input(
            queries: (queries?.0 ?? buffers.queries).bytes, keys: buffers.keys.bytes, values: buffers.values.bytes,
            heads: Int32(model.heads), head_width: Int32(model.headWidth), tokens: Int32(tokens),
            query_tokens: Int32(queries?.1 ?? tokens))
    }

    /// LayerNorm of each head and rotation of what `attentionInput` left, where the model has them.
    private func prepareHeads(_ block: PackedBlock, parts: Int, tokens: TokenRows) {
        let stride = parts * width
        if let norms = block.headNorms {
            // Keys follow queries, and are first where there are none.
            if parts != 2 { normHeads(at: 0, stride: stride, norms.queries) }
            if parts != 1 { normHeads(at: parts == 2 ? 0 : width, stride: stride, norms.keys) }
        }
        guard let turns = positions.turns else { return }
        let (head, neighbours): (Int32, Int32) = (Int32(model.headWidth), turns.neighbours ? 1 : 0)
        // Queries and keys lie side by side and turn alike.
        let heads = Int32(parts == 3 ? 2 * model.heads : model.heads)
        for row in 0..<min(tokens.count, rows) where tokens[row] >= model.prefixTokens {
            let turn = unsafe turns.values.start + (tokens[row] - model.prefixTokens) * 2 * model.headWidth
            if kinds.attention == .f32 {
                unsafe functions.rotate_f32(worker.wide.start + row * stride, heads, head, turn, neighbours)
            } else {
                unsafe functions.rotate_bf16(
                    worker.wide.bytes.assumingMemoryBound(to: UInt16.self) + row * stride, heads, head, turn,
                    neighbours)
            }
        }
    }

    /// LayerNorm of each head of the queries or keys that begin at a place of each row of `worker.wide`.
    private func normHeads(at place: Int, stride: Int, _ norm: NormParameters) {
        let (count, heads, head) = (Int32(rows), Int32(model.heads), Int32(model.headWidth))
        let (gain, bias, epsilon) = unsafe (norm.gain.start, norm.bias.start, Float(model.layerNormEpsilon))
        if kinds.attention == .f32 {
            unsafe functions.norm_heads_f32(
                worker.wide.start + place, count, Int32(stride), heads, head, gain, bias, epsilon, worker.row.start)
        } else {
            unsafe functions.norm_heads_bf16(
                worker.wide.bytes.assumingMemoryBound(to: UInt16.self) + place, count, Int32(stride), heads, head,
                gain, bias, epsilon, worker.row.start)
        }
    }

    /// Brings what `attentionInput` left of 3 or 2 parts into the layout that attention reads.
    func pack(_ block: PackedBlock, parts: Int, of chunk: TilePlan.Chunk, into input: vtrack_attention_input) {
        let first = chunk.start
        prepareHeads(block, parts: parts, tokens: TokenRows(chunk))
        let source = unsafe worker.wide.bytes
        switch kinds.attention {
        case .f32:
            unsafe functions.pack_f32(
                source.assumingMemoryBound(to: Float.self), Int32(rows), Int32(first), Int32(parts), input)
        default:
            unsafe functions.pack_bf16(
                source.assumingMemoryBound(to: UInt16.self), Int32(rows), Int32(first), Int32(parts), input)
        }
    }

    /// The same for queries alone.
    func packQueries(_ block: PackedBlock, of tokens: TokenRows, into input: vtrack_attention_input) {
        prepareHeads(block, parts: 1, tokens: tokens)
        let source = unsafe worker.wide.bytes
        switch kinds.attention {
        case .f32:
            unsafe functions.pack_queries_f32(source.assumingMemoryBound(to: Float.self), Int32(rows), input)
        default:
            unsafe functions.pack_queries_bf16(source.assumingMemoryBound(to: UInt16.self), Int32(rows), input)
        }
    }

    /// x += proj(attention), of the queries from `first` on.
    ///
    /// - Parameter tokens: Which tokens the queries are; nil where each is the token of its place.
    func attend(
        _ x: UnsafeMutablePointer<Float>, _ input: vtrack_attention_input, first: Int, _ block: PackedBlock,
        tokens: TokenRows? = nil
    ) throws(EngineError) {
        let context = unsafe worker.context.bytes
        if let bias = positions.bias(ofBlock: block.index) {
            let list = unsafe tokens.map { unsafe worker.list($0, upTo: rows) }
            var view = unsafe bias.view(tokens: list)
            unsafe attend(input, first: first, &view)
        } else {
            unsafe attend(input, first: first, nil)
        }
        guard block.projection.bias == nil else {
            return try unsafe calls.narrowProjection.run(
                worker, from: context, to: UnsafeMutableRawPointer(x), by: block.projection)
        }
        unsafe functions.quantize(
            context.assumingMemoryBound(to: UInt16.self), Int32(rows), Int32(width),
            worker.bytes.bytes.assumingMemoryBound(to: Int8.self), worker.scales[0].start)
        try unsafe calls.projection.run(
            worker, from: worker.bytes.bytes, to: worker.wide.bytes, by: block.projection)
        unsafe add(x, block.projection, scales: worker.scales[0])
    }

    /// Attention of the queries from `first` on, into `worker.context`.
    private func attend(_ input: vtrack_attention_input, first: Int, _ bias: UnsafePointer<vtrack_score_bias>?) {
        let context = unsafe worker.context.bytes
        let scratch = unsafe worker.scores.bytes
        switch kinds.attention {
        case .f32:
            unsafe functions.attention_f32(
                input, Int32(first), Int32(rows), bias, context.assumingMemoryBound(to: Float.self), scratch)
        default:
            unsafe functions.attention_bf16(
                input, Int32(first), Int32(rows), bias, context.assumingMemoryBound(to: UInt16.self), scratch)
        }
    }

    /// x += fc2(activation(fc1(norm2(x)))).
    func mix(_ x: UnsafeMutablePointer<Float>, _ block: PackedBlock) throws(EngineError) {
        unsafe norm(x, block.norm2)
        let wide = unsafe worker.wide.bytes
        try unsafe calls.hidden.run(worker, from: worker.normed.bytes, to: wide, by: block.hidden)
        let hidden = Int32(model.hiddenWidth)
        guard !kinds.fused else {
            if model.structure.activation == .swiGLU {
                if kinds.result == .f32 {
                    unsafe functions.swiglu_f32(worker.wide.start, Int32(rows), hidden)
                } else {
                    unsafe functions.swiglu_bf16(wide.assumingMemoryBound(to: UInt16.self), Int32(rows), hidden)
                }
            }
            return try unsafe calls.output.run(worker, from: wide, to: UnsafeMutableRawPointer(x), by: block.output)
        }
        unsafe quantizeActivation(wide.assumingMemoryBound(to: UInt16.self), block.hidden)
        try unsafe calls.output.run(worker, from: worker.bytes.bytes, to: wide, by: block.output)
        unsafe add(x, block.output, scales: worker.scales[1])
    }

    /// The activation of what sums stand for, as bytes in `worker.bytes`.
    private func quantizeActivation(_ sums: UnsafePointer<UInt16>, _ matrix: PackedMatrix) {
        let (count, hidden) = (Int32(rows), Int32(model.hiddenWidth))
        let (scales, weightScales, bias) = unsafe (
            worker.scales[0].start, matrix.scales.start, matrix.biasValues.start
        )
        let target = unsafe worker.bytes.bytes
        let (scalesOut, scratch) = unsafe (worker.scales[1].start, worker.row.start)
        switch model.structure.activation {
        case .gelu:
            unsafe functions.gelu_quantize(
                sums, count, hidden, scales, weightScales, bias, target.assumingMemoryBound(to: UInt8.self),
                scalesOut, scratch)
        case .geluTanh:
            unsafe functions.gelu_tanh_quantize(
                sums, count, hidden, scales, weightScales, bias, target.assumingMemoryBound(to: UInt8.self),
                scalesOut, scratch)
        case .quickGELU:
            unsafe functions.quick_gelu_quantize(
                sums, count, hidden, scales, weightScales, bias, target.assumingMemoryBound(to: UInt8.self),
                scalesOut, scratch)
        case .swiGLU:
            unsafe functions.swiglu_quantize(
                sums, count, hidden, scales, weightScales, bias, target.assumingMemoryBound(to: Int8.self),
                scalesOut, scratch)
        }
    }

    /// x += what the sums in `worker.wide` stand for.
    private func add(_ x: UnsafeMutablePointer<Float>, _ matrix: PackedMatrix, scales: AlignedBuffer) {
        unsafe functions.add_dequantized(
            x, worker.wide.bytes.assumingMemoryBound(to: UInt16.self), Int32(rows), Int32(width), scales.start,
            matrix.scales.start, matrix.biasValues.start)
    }

    /// LayerNorm in single precision, whatever the precision of the products.
    func finalNorm(
        _ x: UnsafePointer<Float>, rows: Int, _ norm: NormParameters, to y: UnsafeMutablePointer<Float>
    ) {
        unsafe functions.norm_f32(
            x, Int32(rows), Int32(width), norm.gain.start, norm.bias.start, Float(model.layerNormEpsilon), y)
    }

    /// The same in place, for the norm before the first block.
    func preNorm(_ x: UnsafeMutablePointer<Float>, _ norm: NormParameters) {
        unsafe finalNorm(x, rows: rows, norm, to: x)
    }
}

/// One tile's way through the network, stage by stage.
///
/// Stage 0 embeds the patches; stage b runs block b from its attention on. Every stage ends by computing the queries,
/// keys and values of the block after it, since all a chunk needs for that is its own rows; so a stage has one
/// meeting point only, where all chunks' keys and values must be there.
///
/// Block: x += proj(attention(norm1(x))), x += fc2(gelu(fc1(norm2(x)))), as timm's `Block.forward`.
@safe
struct TilePass {
    let model: ModelDescription
    let packed: PackedModel
    let plan: TilePlan
    let pixels: PixelTable
    let selection: LayerSelection
    let picture: UnsafePointer<UInt8>
    let pictureWidth: Int
    let output: TokenOutput

    /// How many stages it takes to reach the deepest layer wanted: keys of block b need stage b − 1 only.
    static func stages(for selection: LayerSelection) -> Int {
        let deepest = selection.layers.max() ?? 0
        return selection.token == .output ? deepest + 1 : deepest
    }

    /// Runs one stage on one chunk.
    ///
    /// - Parameters:
    ///   - tile: The tile's column and row.
    ///   - activations: The tile's own; other chunks of it may be in work at the same time.
    func run(
        stage: Int, chunk: TilePlan.Chunk, tile: (column: Int, row: Int), activations: TileActivations, worker: Worker
    ) throws(EngineError) {
        guard let calls = worker.calls[chunk.rows] else {
            throw .library(operation: "find the operations for \(chunk.rows) rows", status: -1)
        }
        let width = model.width
        let rows = unsafe activations.tokens.start + chunk.start * width
        if stage == 0 {
            try unsafe embedPatches(chunk, tile: tile, rows: rows, calls: calls, worker: worker)
        } else {
            let block = packed.blocks[stage - 1]
            let read = activations.attention[(stage - 1) % 2]
            try attend(chunk, qkv: read, calls: calls, worker: worker)
            try unsafe calls.projection.run(worker, from: worker.context.start, to: rows, by: block.projection)
            try unsafe calls.norm.run(worker, from: rows, to: worker.normed.start, norm: block.norm2)
            try unsafe calls.hidden.run(worker, from: worker.normed.start, to: worker.wide.start, by: block.hidden)
            try unsafe calls.output.run(worker, from: worker.wide.start, to: rows, by: block.output)
        }
        if selection.token == .output {
            for (position, layer) in selection.layers.enumerated() where layer == stage {
                var source = unsafe rows
                if output.appliesFinalNorm, layer > 0, let norm = packed.finalNorm {
                    try unsafe calls.norm.run(worker, from: rows, to: worker.normed.start, norm: norm)
                    unsafe source = worker.normed.start
                }
                unsafe output.write(
                    source, stride: width, width: width, scale: 1, chunk: chunk, tile: tile, position: position)
            }
        }
        guard stage < packed.blocks.count else { return }
        let next = packed.blocks[stage]
        let written = unsafe activations.attention[stage % 2].start + chunk.start * 3 * width
        try unsafe calls.norm.run(worker, from: rows, to: worker.normed.start, norm: next.norm1)
        try unsafe calls.attention.run(worker, from: worker.normed.start, to: written, by: next.attention)
        let part: (offset: Int, scale: Float)
        switch selection.token {
        case .output: return
        case .queries: part = (0, packed.queryScale)
        case .keys: part = (width, 1)
        case .values: part = (2 * width, 1)
        }
        for (position, layer) in selection.layers.enumerated() where layer == stage + 1 {
            unsafe output.write(
                written + part.offset, stride: 3 * width, width: width, scale: part.scale, chunk: chunk, tile: tile,
                position: position)
        }
    }

    private func embedPatches(
        _ chunk: TilePlan.Chunk, tile: (column: Int, row: Int), rows: UnsafeMutablePointer<Float>, calls: ChunkCalls,
        worker: Worker
    ) throws(EngineError) {
        let (width, patch, prefix) = (model.width, model.patch, model.prefixTokens)
        let first = chunk.firstPatch(model)
        let end = chunk.start + chunk.rows
        for token in chunk.start..<first {
            for channel in 0..<width {
                unsafe rows[(token - chunk.start) * width + channel] = packed.prefix[token * width + channel]
            }
        }
        guard end > first else { return }
        // The product adds to its destination, which therefore starts as the positions.
        let target = unsafe rows + (first - chunk.start) * width
        unsafe plan.positions.withUnsafeBufferPointer { positions in
            guard let start = positions.baseAddress else { return }
            unsafe target.update(from: start + (first - prefix) * width, count: (end - first) * width)
        }
        let rowWidth = 3 * patch * patch
        for token in first..<end {
            let index = token - prefix
            unsafe pixels.unfold(
                picture, pictureWidth: pictureWidth, x: (tile.column * plan.columns + index % plan.columns) * patch,
                y: (tile.row * plan.rows + index / plan.columns) * patch, patch: patch,
                into: worker.wide.start + (token - first) * rowWidth)
        }
        guard let call = calls.patch[end - first] else {
            throw .library(operation: "find the operations for \(end - first) patches", status: -1)
        }
        try unsafe call.run(worker, from: worker.wide.start, to: target, by: packed.patch)
    }

    private func attend(
        _ chunk: TilePlan.Chunk, qkv: AlignedBuffer, calls: ChunkCalls, worker: Worker
    ) throws(EngineError) {
        let (width, head) = (model.width, model.headWidth)
        for part in calls.attentionParts {
            for first in stride(from: 0, to: model.heads, by: plan.headsAtOnce) {
                let queries = unsafe qkv.start + (chunk.start + part.start) * 3 * width + first * head
                let keys = unsafe qkv.start + width + first * head
                let values = unsafe qkv.start + 2 * width + first * head
                let scores = unsafe worker.scores.start
                try unsafe part.scores.run(worker, from: queries, to: scores, times: keys)
                try unsafe part.softmax.run(worker, from: scores, to: scores)
                try unsafe part.context.run(
                    worker, from: scores, to: worker.context.start + part.start * width + first * head, times: values)
            }
        }
    }
}

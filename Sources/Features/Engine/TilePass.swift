internal import CKernels

/// One tile's way through the network, stage by stage.
///
/// Stage 0 embeds the patches; stage b runs block b from its attention on. Every stage ends by computing the queries,
/// keys and values of the block after it, since all a chunk needs for that is its own rows; so a stage has one
/// meeting point only, where all chunks' keys and values must be there.
///
/// Of the deepest block only the tokens that are wanted go through: its keys and values are computed of all tokens,
/// its queries, attention and MLP of those. Where that would change bits (`TilePlan.rowsAreIndependent`), a chunk is
/// computed whole if any of its tokens is wanted.
@safe
struct TilePass {
    let model: ModelDescription
    let packed: PackedModel
    let plan: TilePlan
    let kinds: ProductKinds
    let kernels: Kernels
    let pixels: PixelTable
    let selection: LayerSelection
    let picture: UnsafePointer<UInt8>
    let pictureWidth: Int
    let output: TokenOutput

    private var lastStage: Int { selection.lastStage }

    /// Runs one stage on one chunk.
    ///
    /// - Parameters:
    ///   - wanted: The chunk's tokens that are wanted of the deepest layer.
    ///   - tile: The tile's column and row.
    ///   - activations: The tile's own; other chunks of it may be in work at the same time.
    func run(
        stage: Int, chunk: TilePlan.Chunk, wanted: TokenRows, tile: (column: Int, row: Int),
        activations: TileActivations, worker: Worker
    ) throws(EngineError) {
        let wanted = plan.rowsAreIndependent || wanted.count == 0 ? wanted : TokenRows(chunk)
        let whole = try pass(chunk.rows, worker)
        let rows = unsafe activations.tokens.start + chunk.start * model.width
        if stage == 0 {
            try unsafe embedPatches(chunk, tile: tile, rows: rows, pass: whole)
            if let norm = packed.preNorm { unsafe whole.preNorm(rows, norm) }
        } else if stage == lastStage, selection.splitsLast {
            return try finish(chunk, wanted: wanted, tile: tile, activations: activations, worker: worker)
        } else {
            let input = unsafe whole.input(activations.attention[(stage - 1) % 2], tokens: plan.tokens)
            let block = packed.blocks[stage - 1]
            try unsafe whole.attend(rows, input, first: chunk.start, block)
            try unsafe whole.mix(rows, block)
        }
        unsafe write(rows, TokenRows(chunk), layer: stage, tile: tile, pass: whole)
        guard stage < packed.blocks.count else { return }
        let next = packed.blocks[stage]
        let target = activations.attention[stage % 2]
        switch next.attention {
        case .apart(_, let keysAndValues):
            try unsafe whole.attentionInput(rows, next.norm1, whole.calls.keysAndValues, keysAndValues, parts: 2)
            unsafe whole.pack(next, parts: 2, of: chunk, into: whole.input(target, tokens: plan.tokens))
        case .together(let matrix):
            let isLast = stage == lastStage
            let some = isLast ? wanted : TokenRows(chunk)
            guard some.count > 0 else { return }
            let part = try isLast ? pass(plan.height(for: some.count, of: chunk.rows), worker) : whole
            let source = unsafe isLast ? gather(some, chunk, activations, worker, height: part.rows) : rows
            try unsafe part.attentionInput(source, next.norm1, part.calls.attention, matrix, parts: 3)
            writeParts(some, layer: stage + 1, tile: tile, worker: worker)
            if !isLast { unsafe part.pack(next, parts: 3, of: chunk, into: part.input(target, tokens: plan.tokens)) }
        }
    }

    private func pass(_ rows: Int, _ worker: Worker) throws(EngineError) -> BlockPass {
        guard let calls = worker.calls[rows] else {
            throw .library(operation: "find the operations for \(rows) rows", status: -1)
        }
        return BlockPass(
            model: model, kinds: kinds, kernels: kernels, worker: worker, calls: calls, rows: rows,
            positions: plan.positions)
    }

    /// The deepest block, of the wanted tokens.
    private func finish(
        _ chunk: TilePlan.Chunk, wanted: TokenRows, tile: (column: Int, row: Int), activations: TileActivations,
        worker: Worker
    ) throws(EngineError) {
        guard wanted.count > 0 else { return }
        let block = packed.blocks[lastStage - 1]
        guard case .apart(let queries, _) = block.attention else {
            throw .library(operation: "find the queries of the last block", status: -1)
        }
        let pass = try pass(plan.height(for: wanted.count, of: chunk.rows), worker)
        let rows = unsafe gather(wanted, chunk, activations, worker, height: pass.rows)
        try unsafe pass.attentionInput(rows, block.norm1, pass.calls.queries, queries, parts: 1)
        let input = unsafe pass.input(
            activations.attention[(lastStage - 1) % 2], tokens: plan.tokens, queries: (worker.queries, pass.rows))
        unsafe pass.packQueries(block, of: wanted, into: input)
        try unsafe pass.attend(rows, input, first: 0, block, tokens: wanted)
        try unsafe pass.mix(rows, block)
        unsafe write(rows, wanted, layer: lastStage, tile: tile, pass: pass)
    }

    /// The residual stream of some tokens: where it is, if they are a whole chunk, or copied together.
    ///
    /// Rows up to `height` repeat the last one, so that what is computed of them is at least made of numbers.
    private func gather(
        _ wanted: TokenRows, _ chunk: TilePlan.Chunk, _ activations: TileActivations, _ worker: Worker, height: Int
    ) -> UnsafeMutablePointer<Float> {
        let (tokens, width) = unsafe (activations.tokens.start, model.width)
        guard wanted.count < chunk.rows else { return unsafe tokens + chunk.start * width }
        let target = unsafe worker.gathered.start
        for row in 0..<height {
            let token = wanted[min(row, wanted.count - 1)]
            unsafe (target + row * width).update(from: tokens + token * width, count: width)
        }
        return unsafe target
    }

    /// Where a tap's tokens go.
    private func slice(_ position: Int) -> TokenOutput.Slice {
        let isNormalized = selection.taps[position].isNormalized
        switch selection.join {
        case .concat: return TokenOutput.Slice(offset: position * model.width, isNormalized: isNormalized)
        case .mean:
            return TokenOutput.Slice(
                isNormalized: isNormalized, adds: position != selection.first,
                weight: 1 / Float(selection.taps.count))
        }
    }

    /// Writes a layer's outputs where it is one of those wanted.
    private func write(
        _ rows: UnsafeMutablePointer<Float>, _ tokens: TokenRows, layer: Int, tile: (column: Int, row: Int),
        pass: BlockPass
    ) {
        var normed: UnsafePointer<Float>?
        for (position, tap) in selection.taps.enumerated() where tap.layer == layer && tap.token == .output {
            if position == selection.deepest {
                unsafe output.measure(
                    rows, stride: model.width, width: model.width, scale: 1, tokens: tokens, tile: tile)
            }
            if unsafe normed == nil, output.appliesFinalNorm, layer > 0, let norm = packed.finalNorm {
                unsafe pass.finalNorm(rows, rows: tokens.count, norm, to: pass.worker.normed.start)
                unsafe normed = UnsafePointer(pass.worker.normed.start)
            }
            unsafe output.write(
                normed ?? UnsafePointer(rows), stride: model.width, width: model.width, scale: 1, tokens: tokens,
                tile: tile, slice: slice(position))
        }
    }

    /// Writes the queries, keys or values of a block where they are wanted; they lie in `worker.wide`.
    private func writeParts(_ tokens: TokenRows, layer: Int, tile: (column: Int, row: Int), worker: Worker) {
        for (position, tap) in selection.taps.enumerated() where tap.layer == layer {
            if kinds.result == .f32 {
                unsafe writePart(worker.wide.start, position, tokens, tile: tile)
            } else {
                unsafe writePart(
                    worker.wide.bytes.assumingMemoryBound(to: UInt16.self), position, tokens, tile: tile)
            }
        }
    }

    private func writePart<Number: ActivationNumber>(
        _ source: UnsafePointer<Number>, _ position: Int, _ tokens: TokenRows, tile: (column: Int, row: Int)
    ) {
        let width = model.width
        let (offset, scale): (Int, Float)
        switch selection.taps[position].token {
        case .output: return
        case .queries: (offset, scale) = (0, packed.queryScale)
        case .keys: (offset, scale) = (width, 1)
        case .values: (offset, scale) = (2 * width, 1)
        }
        if position == selection.deepest {
            unsafe output.measure(
                source + offset, stride: 3 * width, width: width, scale: scale, tokens: tokens, tile: tile)
        }
        unsafe output.write(
            source + offset, stride: 3 * width, width: width, scale: scale, tokens: tokens, tile: tile,
            slice: slice(position))
    }

    private func embedPatches(
        _ chunk: TilePlan.Chunk, tile: (column: Int, row: Int), rows: UnsafeMutablePointer<Float>, pass: BlockPass
    ) throws(EngineError) {
        let (width, patch, prefix) = (model.width, model.patch, model.prefixTokens)
        let worker = pass.worker
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
        if plan.positions.added.isEmpty {
            unsafe target.update(repeating: 0, count: (end - first) * width)
        } else {
            unsafe plan.positions.added.withUnsafeBufferPointer { positions in
                guard let start = positions.baseAddress else { return }
                unsafe target.update(from: start + (first - prefix) * width, count: (end - first) * width)
            }
        }
        let rowWidth = 3 * patch * patch
        for token in first..<end {
            let index = token - prefix
            let (x, y) = (
                (tile.column * plan.columns + index % plan.columns) * patch,
                (tile.row * plan.rows + index / plan.columns) * patch
            )
            let start = (token - first) * rowWidth
            if kinds.patch == .f32 {
                unsafe pixels.unfold(
                    picture, pictureWidth: pictureWidth, x: x, y: y, patch: patch, into: worker.wide.start + start)
            } else {
                unsafe pixels.unfold(
                    picture, pictureWidth: pictureWidth, x: x, y: y, patch: patch,
                    into: worker.wide.bytes.assumingMemoryBound(to: UInt16.self) + start)
            }
        }
        guard let call = pass.calls.patch[end - first] else {
            throw .library(operation: "find the operations for \(end - first) patches", status: -1)
        }
        try unsafe call.run(worker, from: worker.wide.bytes, to: UnsafeMutableRawPointer(target), by: packed.patch)
    }
}

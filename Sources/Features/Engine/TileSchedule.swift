/// Which tiles of a picture are embedded, and which of their tokens are wanted of the deepest layer.
///
/// The storage is kept from frame to frame.
struct TileSchedule {
    /// Tiles to embed, by their number row by row, rising.
    private(set) var tiles: [Int] = []
    /// The wanted tokens of chunk after chunk of tile after tile; empty where all are wanted.
    private var tokens: [Int32] = []
    /// Where each chunk's tokens end in `tokens`.
    private var ends: [Int] = []
    private var patches: [Int] = []
    private(set) var wantsAll = true

    /// Chooses all tokens of the tiles that `includes` says.
    mutating func scheduleAll(of count: Int, where includes: (Int) -> Bool) {
        tiles.removeAll(keepingCapacity: true)
        for tile in 0..<count where includes(tile) { tiles.append(tile) }
        wantsAll = true
    }

    /// Chooses what a demand names.
    mutating func schedule(_ demand: TokenDemand, grid: TileGrid, chunks: [TilePlan.Chunk], prefix: Int) {
        tiles.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        wantsAll = false
        for tile in 0..<grid.rows * grid.columns {
            let (row, column) = tile.quotientAndRemainder(dividingBy: grid.columns)
            demand.patches(tileRow: row, tileColumn: column, grid: grid, into: &patches)
            guard !patches.isEmpty else { continue }
            tiles.append(tile)
            var next = 0
            for chunk in chunks {
                while next < patches.count, patches[next] + prefix < chunk.start + chunk.rows {
                    tokens.append(Int32(patches[next] + prefix))
                    next += 1
                }
                ends.append(tokens.count)
            }
        }
    }

    /// How many tokens of the deepest layer are computed.
    func wantedTokens(plan: TilePlan) -> Int { wantsAll ? tiles.count * plan.tokens : tokens.count }

    /// Calls `body` with a function that names the wanted tokens of a chunk of the tile at a position of `tiles`.
    func withRows<Value>(
        plan: TilePlan, _ body: ((_ position: Int, _ chunk: TilePlan.Chunk) -> TokenRows) throws -> Value
    ) rethrows -> Value {
        let perTile = plan.chunks.count
        return try unsafe tokens.withUnsafeBufferPointer { tokens in
            try body { position, chunk in
                guard !wantsAll, let start = tokens.baseAddress else { return TokenRows(chunk) }
                let index = position * perTile + chunk.parts.lowerBound
                let first = index == 0 ? 0 : ends[index - 1]
                let end = ends[position * perTile + chunk.parts.upperBound - 1]
                return unsafe TokenRows(list: start + first, count: end - first)
            }
        }
    }
}

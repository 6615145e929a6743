internal import Geometry

/// Tokens of tiles as they were last embedded, for tiles that have hardly changed since.
struct KeptTokens {
    private var reuse: TileReuse
    private var grid: TileGrid?
    private var tokens = TokenMap()
    /// For each tile of the picture in work, whether it is to be embedded.
    private(set) var changed: [Bool] = []
    /// For each, whether its tokens are the kept ones.
    private var taken: [Bool] = []

    init(threshold: Double) {
        reuse = TileReuse(threshold: threshold)
    }

    /// Decides which of a picture's tiles are embedded; returns how many of the wanted ones are not.
    ///
    /// - Parameter demand: The tokens wanted; nil is all.
    mutating func begin(_ picture: RGBImage, grid: TileGrid, demand: TokenDemand?, channels: Int) -> Int {
        reuse.begin(grid)
        self.grid = grid
        tokens.reshape(rows: grid.mapRows, columns: grid.mapColumns, channels: channels)
        let tiles = grid.rows * grid.columns
        changed.removeAll(keepingCapacity: true)
        taken.removeAll(keepingCapacity: true)
        var count = 0
        for tile in 0..<tiles {
            let (row, column) = tile.quotientAndRemainder(dividingBy: grid.columns)
            let isWanted = demand?.hasToken(tileRow: row, tileColumn: column, grid: grid) ?? true
            let isReusable = isWanted && reuse.isReusable(tile, of: picture)
            changed.append(isWanted && !isReusable)
            taken.append(isReusable)
            if isReusable { count += 1 }
            // Should embedding fail, nothing stale is taken over.
            if isWanted, !isReusable { reuse.forget(tile) }
        }
        return count
    }

    /// Gives the kept tokens to a map, and keeps those that were embedded into it.
    mutating func exchange(with map: inout TokenMap, _ picture: RGBImage) {
        guard let grid else { return }
        let (rows, columns) = (grid.tileHeight / grid.patch, grid.tileWidth / grid.patch)
        let length = columns * map.channels
        for tile in changed.indices where changed[tile] || taken[tile] {
            let (row, column) = tile.quotientAndRemainder(dividingBy: grid.columns)
            for line in row * rows..<(row + 1) * rows {
                let start = (line * grid.mapColumns + column * columns) * map.channels
                if changed[tile] {
                    Self.copy(map.values, to: &tokens.values, start..<start + length)
                } else {
                    Self.copy(tokens.values, to: &map.values, start..<start + length)
                }
            }
            if changed[tile] { reuse.remember(tile, of: picture) }
        }
    }

    private static func copy(_ source: [Float], to target: inout [Float], _ range: Range<Int>) {
        for index in range { target[index] = source[index] }
    }
}

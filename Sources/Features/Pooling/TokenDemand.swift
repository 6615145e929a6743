/// Which tokens of a stitched map are read: the others need not be computed.
///
/// `BoxPooler.demand` fills it from the boxes of a frame; the engine then leaves out tiles without a token, and in the
/// last block the rows of patches that are not listed.
///
/// The storage is one flag a token in the map's order, and is used again: a frame of the size of the one before, or
/// smaller, allocates nothing.
public struct TokenDemand: Equatable, Sendable {
    /// Patches from top to bottom, as in the map.
    public private(set) var rows: Int
    /// Patches from left to right, as in the map.
    public private(set) var columns: Int
    /// How many tokens are demanded.
    public private(set) var count = 0

    private var flags: [Bool]

    /// Creates an empty demand on a map of this size.
    ///
    /// - Precondition: neither side is negative.
    public init(rows: Int = 0, columns: Int = 0) {
        precondition(rows >= 0 && columns >= 0, "a map cannot have a negative side")
        self.rows = rows
        self.columns = columns
        flags = [Bool](repeating: false, count: rows * columns)
    }

    /// Changes the size, forgets all tokens and keeps the storage where it is large enough.
    ///
    /// - Precondition: neither side is negative.
    public mutating func reshape(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a map cannot have a negative side")
        self.rows = rows
        self.columns = columns
        count = 0
        flags.removeAll(keepingCapacity: true)
        flags.append(contentsOf: repeatElement(false, count: rows * columns))
    }

    /// Whether a token is demanded.
    ///
    /// - Precondition: the token lies in the map.
    public func contains(row: Int, column: Int) -> Bool {
        precondition(row >= 0 && row < rows && column >= 0 && column < columns, "a token lies outside of the map")
        return flags[row * columns + column]
    }

    /// Demands a token; once is as good as twice.
    ///
    /// - Precondition: the token lies in the map.
    public mutating func insert(row: Int, column: Int) {
        precondition(row >= 0 && row < rows && column >= 0 && column < columns, "a token lies outside of the map")
        insert(token: row * columns + column)
    }

    /// Demands a token by its place in the map, row by row.
    mutating func insert(token: Int) {
        guard !flags[token] else { return }
        flags[token] = true
        count += 1
    }
}

extension TokenDemand {
    /// Whether any token of a tile is demanded; a tile without one need not be embedded.
    ///
    /// - Precondition: the demand has the size of the grid's map, and the tile lies in the grid.
    /// - Complexity: O(tokens of the tile), less where one is found.
    public func hasToken(tileRow: Int, tileColumn: Int, grid: TileGrid) -> Bool {
        let tile = Tile(row: tileRow, column: tileColumn, grid: grid, demand: self)
        for row in 0..<tile.rows {
            let start = tile.start + row * columns
            if flags[start..<start + tile.columns].contains(true) { return true }
        }
        return false
    }

    /// Demands all tokens of every tile of which any is demanded.
    ///
    /// - Precondition: the demand has the size of the grid's map.
    /// - Complexity: O(tokens of the map).
    public mutating func completeTiles(of grid: TileGrid) {
        for tileRow in 0..<grid.rows {
            for tileColumn in 0..<grid.columns where hasToken(tileRow: tileRow, tileColumn: tileColumn, grid: grid) {
                let tile = Tile(row: tileRow, column: tileColumn, grid: grid, demand: self)
                for row in 0..<tile.rows {
                    for column in 0..<tile.columns { insert(token: tile.start + row * columns + column) }
                }
            }
        }
    }

    /// Lists the demanded patches of a tile, rising.
    ///
    /// - Parameters:
    ///   - tileRow: The tile's row in the grid.
    ///   - tileColumn: The tile's column in the grid.
    ///   - grid: How the frame was cut.
    ///   - patches: Receives row · (patches across a tile) + column of each patch, counted inside of the tile; what it
    ///     held is removed, its storage kept.
    /// - Precondition: the demand has the size of the grid's map, and the tile lies in the grid.
    /// - Complexity: O(tokens of the tile).
    public func patches(tileRow: Int, tileColumn: Int, grid: TileGrid, into patches: inout [Int]) {
        let tile = Tile(row: tileRow, column: tileColumn, grid: grid, demand: self)
        patches.removeAll(keepingCapacity: true)
        for row in 0..<tile.rows {
            let start = tile.start + row * columns
            for column in 0..<tile.columns where flags[start + column] {
                patches.append(row * tile.columns + column)
            }
        }
    }

    /// Where the tokens of a tile lie among the flags.
    private struct Tile {
        /// The first token.
        let start: Int
        /// Tokens from top to bottom.
        let rows: Int
        /// Tokens from left to right.
        let columns: Int

        init(row: Int, column: Int, grid: TileGrid, demand: TokenDemand) {
            precondition(
                demand.rows == grid.mapRows && demand.columns == grid.mapColumns,
                "the demand is not on the map of this grid")
            precondition(
                row >= 0 && row < grid.rows && column >= 0 && column < grid.columns, "a tile lies outside of the grid")
            rows = grid.tileHeight / grid.patch
            columns = grid.tileWidth / grid.patch
            start = row * rows * demand.columns + column * columns
        }
    }
}

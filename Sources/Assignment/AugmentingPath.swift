/// One shortest augmenting path per row over a dense matrix whose rows are its shorter side.
///
/// The distance of a column is the least reduced cost of reaching it from the row that is being assigned. A column
/// that has been visited is closed in the working copies alone: its distance there is +∞ and its dual −∞, so that the
/// inner loop needs no mask, runs over all columns in memory order and vectorises.
///
/// Columns are worked on in blocks; a block without open columns is left out, and the least distance of each block says
/// where the nearest column is.
///
/// The order of `open` breaks ties as the published algorithm's array of remaining columns does; it is looked at only
/// where several columns share the least distance.
struct AugmentingPathBuffers: Sendable {
    /// Column of each row, −1 where there is none: the result.
    var columnOfRow: [Int] = []
    /// Row of each column, −1 for a free column.
    private var rowOfColumn: [Int] = []
    /// The row from which each column was last reached.
    private var previousRow: [Int] = []
    /// Columns that are not visited, in the order that breaks ties, and where each one stands in that order.
    private var open: [Int] = []
    private var place: [Int] = []
    /// Duals, and distances of the columns that are not visited (+∞ for the others).
    private var rowDual: [Double] = []
    private var columnDual: [Double] = []
    private var distance: [Double] = []
    /// Blocks that still have open columns, in memory order; how many each has, and the least distance in it.
    private var activeBlocks: [Int] = []
    private var openInBlock: [Int] = []
    private var leastInBlock: [Double] = []
    /// What was visited on the way, in order: columns, their duals and distances, and their places in `open`.
    private var visited: [VisitedColumn] = []

    /// Columns of a block.
    private static let blockWidth = 64

    private struct VisitedColumn: Sendable {
        var column: Int
        var dual: Double
        var distance: Double
        var place: Int
    }

    /// Assigns every row; false if some row cannot be assigned without a forbidden pair, or if the costs are so large
    /// that their sums overflow.
    ///
    /// `cost` holds `rows · columns` numbers with `0 < rows ≤ columns`, none of them NaN or −∞.
    mutating func solve(_ cost: [Double], rows: Int, columns: Int) -> Bool {
        columnOfRow.refill(-1, count: rows)
        rowOfColumn.refill(-1, count: columns)
        previousRow.refill(-1, count: columns)
        rowDual.refill(0, count: rows)
        columnDual.refill(0, count: columns)
        distance.refill(.infinity, count: columns)
        open.removeAll(keepingCapacity: true)
        place.removeAll(keepingCapacity: true)
        for column in 0..<columns {
            open.append(columns - 1 - column)
            place.append(columns - 1 - column)
        }
        let blocks = (columns + Self.blockWidth - 1) / Self.blockWidth
        leastInBlock.refill(.infinity, count: blocks)
        openInBlock.refill(Self.blockWidth, count: blocks)
        openInBlock[blocks - 1] = columns - (blocks - 1) * Self.blockWidth
        activeBlocks.removeAll(keepingCapacity: true)
        activeBlocks.append(contentsOf: 0..<blocks)
        for row in 0..<rows {
            guard let (sink, length) = findPath(from: row, cost: cost, columns: columns) else { return false }
            updateDuals(row: row, length: length, columns: columns)
            augment(from: row, to: sink)
        }
        return true
    }

    /// Walks from `start` to the nearest free column; nil if none can be reached.
    private mutating func findPath(from start: Int, cost: [Double], columns: Int) -> (sink: Int, length: Double)? {
        visited.removeAll(keepingCapacity: true)
        var row = start
        var length = 0.0
        while true {
            let least = relax(row: row, isFirst: row == start, length: length, cost: cost, columns: columns)
            guard least < .infinity else { return nil }
            length = least
            let column = nearestColumn(at: least, columns: columns)
            let owner = rowOfColumn[column]
            guard owner >= 0 else { return (column, length) }
            close(column, distance: least, columns: columns)
            row = owner
        }
    }

    /// Shortens the distances of all open columns by going through `row`, and returns the least of them.
    private mutating func relax(
        row: Int, isFirst: Bool, length: Double, cost: [Double], columns: Int
    ) -> Double {
        let dual = rowDual[row]
        var least = Double.infinity
        unsafe cost.withUnsafeBufferPointer { cost in
            unsafe columnDual.withUnsafeBufferPointer { columnDual in
                unsafe distance.withUnsafeMutableBufferPointer { distance in
                    unsafe previousRow.withUnsafeMutableBufferPointer { previousRow in
                        if isFirst { unsafe previousRow.update(repeating: row) }
                        let kernel = unsafe RelaxationKernel(
                            cost: UnsafeRawPointer(cost.baseAddress! + row * columns),
                            columnDual: UnsafeRawPointer(columnDual.baseAddress!),
                            distance: UnsafeMutableRawPointer(distance.baseAddress!),
                            previousRow: UnsafeMutableRawPointer(previousRow.baseAddress!)
                        )
                        for block in activeBlocks {
                            let first = block * Self.blockWidth
                            let lowest = unsafe kernel.run(
                                row: row, rowDual: dual, length: length, isFirst: isFirst,
                                columns: first..<min(first + Self.blockWidth, columns))
                            leastInBlock[block] = lowest
                            if lowest < least { least = lowest }
                        }
                    }
                }
            }
        }
        return least
    }

    /// The column to visit next among those at distance `least`: the last free one in the order of `open`, else the
    /// first one.
    private func nearestColumn(at least: Double, columns: Int) -> Int {
        var chosen = -1
        var chosenIsFree = false
        for block in activeBlocks where leastInBlock[block] == least {
            let first = block * Self.blockWidth
            for column in first..<min(first + Self.blockWidth, columns) where distance[column] == least {
                let isFree = rowOfColumn[column] < 0
                let isBetter =
                    chosen < 0 || (isFree == chosenIsFree ? (place[column] > place[chosen]) == isFree : isFree)
                if isBetter {
                    chosen = column
                    chosenIsFree = isFree
                }
            }
        }
        return chosen
    }

    /// Takes a visited column out of `open` and out of the inner loop's sight.
    private mutating func close(_ column: Int, distance least: Double, columns: Int) {
        let hole = place[column]
        visited.append(VisitedColumn(column: column, dual: columnDual[column], distance: least, place: hole))
        let last = columns - visited.count
        let moved = open[last]
        open[hole] = moved
        place[moved] = hole
        columnDual[column] = -.infinity
        distance[column] = .infinity
        let block = column / Self.blockWidth
        openInBlock[block] -= 1
        if openInBlock[block] == 0, let index = activeBlocks.firstIndex(of: block) { activeBlocks.remove(at: index) }
    }

    /// Moves the duals along the path that was found and makes every column open again.
    private mutating func updateDuals(row: Int, length: Double, columns: Int) {
        rowDual[row] += length
        for entry in visited {
            rowDual[rowOfColumn[entry.column]] += length - entry.distance
            columnDual[entry.column] = entry.dual - (length - entry.distance)
            openInBlock[entry.column / Self.blockWidth] += 1
        }
        if activeBlocks.count < openInBlock.count {
            activeBlocks.removeAll(keepingCapacity: true)
            activeBlocks.append(contentsOf: 0..<openInBlock.count)
        }
        // Only the holes and the tail of `open` differ from the order it starts with.
        for (index, entry) in visited.enumerated() {
            let (hole, tail) = (entry.place, columns - 1 - index)
            open[hole] = columns - 1 - hole
            place[columns - 1 - hole] = hole
            open[tail] = columns - 1 - tail
            place[columns - 1 - tail] = tail
        }
    }

    /// Gives each row on the path its new column, from the free column back to the row that started.
    private mutating func augment(from start: Int, to sink: Int) {
        var column = sink
        while true {
            let row = previousRow[column]
            rowOfColumn[column] = row
            swap(&columnOfRow[row], &column)
            if row == start { return }
        }
    }
}

extension Array where Element: Sendable {
    /// Makes the array hold `count` copies of `value`, keeping its storage.
    mutating func refill(_ value: Element, count: Int) {
        removeAll(keepingCapacity: true)
        append(contentsOf: repeatElement(value, count: count))
    }
}

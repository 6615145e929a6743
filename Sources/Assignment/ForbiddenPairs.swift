/// The assignment where no complete one exists: most permitted pairs first, then the least cost.
///
/// Every forbidden pair gets the cost (1, 0) and every permitted pair (0, cost), compared first by the left number and
/// then by the right one. Pairs of numbers ordered like this can be added, subtracted and compared as shortest paths
/// need it, so the least total is exactly what is asked for, and no "large" stand-in cost can swallow the digits of the
/// real ones. The left numbers are integers, the right ones float64.
///
/// Costs above 2⁹⁶⁰ in magnitude are scaled by a power of two, so that no sum of them overflows.
struct LevelBuffers: Sendable {
    private var rowOfColumn: [Int] = []
    private var previousRow: [Int] = []
    private var open: [Int] = []
    private var rowDual: [Level] = []
    private var columnDual: [Level] = []
    private var distance: [Level] = []
    private var visited: [Int] = []

    /// How many forbidden pairs, and what the permitted ones cost.
    private struct Level: Sendable {
        var forbidden: Int
        var cost: Double

        static let zero = Level(forbidden: 0, cost: 0)
        static let unreached = Level(forbidden: .max, cost: .infinity)

        static func < (left: Level, right: Level) -> Bool {
            left.forbidden != right.forbidden ? left.forbidden < right.forbidden : left.cost < right.cost
        }
        static func == (left: Level, right: Level) -> Bool {
            left.forbidden == right.forbidden && left.cost == right.cost
        }
        static func + (left: Level, right: Level) -> Level {
            Level(forbidden: left.forbidden + right.forbidden, cost: left.cost + right.cost)
        }
        static func - (left: Level, right: Level) -> Level {
            Level(forbidden: left.forbidden - right.forbidden, cost: left.cost - right.cost)
        }
    }

    /// Writes the column of each row, −1 where the row gets no permitted pair.
    ///
    /// `cost` holds `rows · columns` numbers with `0 < rows ≤ columns`, none of them NaN or −∞.
    mutating func solve(_ cost: [Double], rows: Int, columns: Int, into columnOfRow: inout [Int]) {
        var largest = 0.0
        for value in cost where value < .infinity { largest = max(largest, abs(value)) }
        let scale = largest > 0x1p960 ? 0x1p-64 : 1

        columnOfRow.refill(-1, count: rows)
        rowOfColumn.refill(-1, count: columns)
        previousRow.refill(-1, count: columns)
        rowDual.refill(.zero, count: rows)
        columnDual.refill(.zero, count: columns)
        for start in 0..<rows {
            distance.refill(.unreached, count: columns)
            open.removeAll(keepingCapacity: true)
            for column in 0..<columns { open.append(columns - 1 - column) }
            visited.removeAll(keepingCapacity: true)
            var length = Level.zero
            var row = start
            var sink = -1
            while sink < 0 {
                var least = Level.unreached
                var nearest = 0
                let base = length - rowDual[row]
                for (index, column) in open.enumerated() {
                    let entry = cost[row * columns + column]
                    let step =
                        entry < .infinity
                        ? Level(forbidden: 0, cost: entry * scale) : Level(forbidden: 1, cost: 0)
                    let reached = (base + step) - columnDual[column]
                    if reached < distance[column] {
                        distance[column] = reached
                        previousRow[column] = row
                    }
                    let candidate = distance[column]
                    if candidate < least || (candidate == least && rowOfColumn[column] < 0) {
                        least = candidate
                        nearest = index
                    }
                }
                length = least
                let column = open[nearest]
                open[nearest] = open[open.count - 1]
                open.removeLast()
                if rowOfColumn[column] < 0 {
                    sink = column
                } else {
                    visited.append(column)
                    row = rowOfColumn[column]
                }
            }

            rowDual[start] = rowDual[start] + length
            for column in visited {
                let shift = length - distance[column]
                rowDual[rowOfColumn[column]] = rowDual[rowOfColumn[column]] + shift
                columnDual[column] = columnDual[column] - shift
            }
            var column = sink
            while true {
                let owner = previousRow[column]
                rowOfColumn[column] = owner
                swap(&columnOfRow[owner], &column)
                if owner == start { break }
            }
        }
        for row in 0..<rows where cost[row * columns + columnOfRow[row]] == .infinity { columnOfRow[row] = -1 }
    }
}

/// Pairs rows with columns one to one: as many pairs as the permitted entries allow, and among those the least total
/// cost.
///
/// Source: D. F. Crouse, "On implementing 2D rectangular assignment algorithms", IEEE Transactions on Aerospace and
/// Electronic Systems 52(4), 2016: one shortest augmenting path per row, with dual variables. Rows are taken in order
/// and ties are broken as SciPy's `linear_sum_assignment` breaks them (a matrix with more rows than columns is
/// transposed first; among columns of equal distance a free one is preferred, then the order of an array from which
/// visited columns are removed by moving its last element into the hole), so that where SciPy succeeds the pairs are
/// the same ones.
///
/// Where SciPy gives up because every complete assignment would use a forbidden pair, `ForbiddenPairs.swift` finds the
/// answer.
///
/// A matcher keeps its buffers between calls; after the first call on the largest shape it no longer allocates.
///
/// - Complexity: O(min(rows, columns)² · max(rows, columns)) time, O(rows · columns) memory.
public struct HungarianMatcher: Sendable {
    /// Costs with the shorter side as rows, if the given ones had to be transposed or cleaned.
    var prepared: [Double] = []
    var path = AugmentingPathBuffers()
    var levels = LevelBuffers()

    /// Creates a matcher without buffers; they grow with the first call.
    public init() {}

    /// The column of each row, −1 for a row that gets none.
    ///
    /// Edge cases: no rows gives an empty array, no columns gives −1 everywhere. Costs of any finite size are safe.
    public mutating func match(_ cost: CostMatrix) -> [Int] {
        var columnOfRow: [Int] = []
        match(cost, into: &columnOfRow)
        return columnOfRow
    }

    /// Writes the column of each row, −1 for a row that gets none, into `columnOfRow`, whose storage is reused.
    public mutating func match(_ cost: CostMatrix, into columnOfRow: inout [Int]) {
        columnOfRow.removeAll(keepingCapacity: true)
        columnOfRow.append(contentsOf: repeatElement(-1, count: cost.rows))
        guard cost.rows > 0, cost.columns > 0 else { return }

        let transposed = cost.columns < cost.rows
        let (short, long) = transposed ? (cost.columns, cost.rows) : (cost.rows, cost.columns)
        if transposed || !cost.values.allSatisfy({ $0 > -.infinity }) {
            prepare(cost, transposed: transposed)
            if !path.solve(prepared, rows: short, columns: long) {
                levels.solve(prepared, rows: short, columns: long, into: &path.columnOfRow)
            }
        } else if !path.solve(cost.values, rows: short, columns: long) {
            levels.solve(cost.values, rows: short, columns: long, into: &path.columnOfRow)
        }

        for row in 0..<short {
            let column = path.columnOfRow[row]
            guard column >= 0 else { continue }
            if transposed { columnOfRow[column] = row } else { columnOfRow[row] = column }
        }
    }

    /// Copies the costs with the shorter side as rows, and +∞ for every entry that is not a cost.
    private mutating func prepare(_ cost: CostMatrix, transposed: Bool) {
        prepared.removeAll(keepingCapacity: true)
        prepared.reserveCapacity(cost.values.count)
        if transposed {
            for column in 0..<cost.columns {
                for row in 0..<cost.rows {
                    let value = cost.values[row * cost.columns + column]
                    prepared.append(value > -.infinity ? value : .infinity)
                }
            }
        } else {
            for value in cost.values { prepared.append(value > -.infinity ? value : .infinity) }
        }
    }
}

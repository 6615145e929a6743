internal import Assignment

/// Which boxes of a tracker stand for which true boxes, before it is decided what counts: the assignment of the largest
/// sum of overlaps, of which those below one half are 0 and pair nothing.
///
/// Source: TrackEval datasets/mot_challenge_2d_box.py lines 355–363, kitti_2d_box.py lines 293–301.
///
/// A pair of boxes that overlap with nothing else is in every such assignment, so that an assignment has to be solved
/// only where boxes compete; then over the whole matrix, since ties fall by its order.
struct LooseMatching {
    /// The row of each column, −1 for none.
    private(set) var rowOfColumn: [Int] = []
    private var rowCounts: [Int32] = []
    private var columnCounts: [Int32] = []
    private var costs = CostMatrix(rows: 0, columns: 0)
    private var columnOfRow: [Int] = []
    private var matcher = HungarianMatcher()

    /// What an overlap has to reach.
    static let threshold = 0.5 - Double.ulpOfOne

    /// Matches.
    ///
    /// - Parameters:
    ///   - overlaps: rows × columns, row-major.
    ///   - matters: Whether it has to be known which column a row gets. Rows that do not matter may be given none, or a
    ///     wrong one where only such rows compete for it.
    mutating func match(_ overlaps: [Double], rows: Int, columns: Int, matters: (Int) -> Bool) {
        refill(&rowOfColumn, -1, columns)
        guard (0..<rows).contains(where: { matters($0) && isPaired($0, overlaps, columns: columns) }) else { return }
        refill(&rowCounts, 0, rows)
        refill(&columnCounts, 0, columns)
        for row in 0..<rows {
            let start = row * columns
            for column in 0..<columns where overlaps[start + column] >= Self.threshold {
                rowCounts[row] += 1
                columnCounts[column] += 1
                rowOfColumn[column] = row
            }
        }
        guard mustSolve(overlaps, rows: rows, columns: columns, matters: matters) else { return }
        costs.reshape(rows: rows, columns: columns, repeating: 0)
        for index in overlaps.indices where overlaps[index] >= Self.threshold { costs.values[index] = -overlaps[index] }
        matcher.match(costs, into: &columnOfRow)
        refill(&rowOfColumn, -1, columns)
        for row in 0..<rows {
            let column = columnOfRow[row]
            if column >= 0, overlaps[row * columns + column] >= Self.threshold { rowOfColumn[column] = row }
        }
    }

    /// Whether a row reaches the threshold with any column.
    private func isPaired(_ row: Int, _ overlaps: [Double], columns: Int) -> Bool {
        for index in row * columns..<(row + 1) * columns where overlaps[index] >= Self.threshold { return true }
        return false
    }

    /// Whether a row that matters competes, directly or through others.
    ///
    /// A row of several columns, or a column of several rows, makes everything connected with it compete.
    private func mustSolve(_ overlaps: [Double], rows: Int, columns: Int, matters: (Int) -> Bool) -> Bool {
        let rowsCompete = rowCounts.contains { $0 > 1 }
        let columnsCompete = columnCounts.contains { $0 > 1 }
        guard rowsCompete || columnsCompete else { return false }
        // Competing rows that nothing hangs on are common in crowds: walk through their groups only.
        var visited = [Bool](repeating: false, count: rows)
        for first in 0..<rows where rowCounts[first] > 0 && !visited[first] {
            var group = [first]
            var competes = false
            var matter = false
            visited[first] = true
            while let row = group.popLast() {
                matter = matter || matters(row)
                competes = competes || rowCounts[row] > 1
                for column in 0..<columns
                where overlaps[row * columns + column] >= Self.threshold && columnCounts[column] > 1 {
                    competes = true
                    for other in 0..<rows
                    where !visited[other] && overlaps[other * columns + column] >= Self.threshold {
                        visited[other] = true
                        group.append(other)
                    }
                }
            }
            if competes, matter { return true }
        }
        return false
    }

    private func refill<Value>(_ array: inout [Value], _ value: Value, _ count: Int) {
        array.removeAll(keepingCapacity: true)
        array.append(contentsOf: repeatElement(value, count: count))
    }
}

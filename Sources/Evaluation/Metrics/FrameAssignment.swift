import Assignment

/// Pairs the boxes of a frame one to one so that the weights of the pairs add up to the most, as SciPy would.
///
/// Nearly all pairs of a frame weigh nothing, and nearly every box has one partner by far the best. A pair that weighs
/// more than the best other pair of its row and the best other pair of its column together is in every best matching:
/// a matching without it could drop those two, take it, and gain. Such pairs are taken, their row and column left out,
/// and the rest looked at again. Where all is settled like this with a margin far above the rounding of SciPy's
/// algorithm, the best matching is the only one and SciPy finds it too; where it is not, as with ties, the whole frame
/// goes to `HungarianMatcher`, which breaks ties as SciPy does.
struct FrameAssignment: Sendable {
    /// The entry of `FrameOverlaps` that each row is paired by, −1 for a row without a partner of any weight.
    private(set) var entryOfRow: [Int] = []
    /// How many frames had to be solved as a whole.
    private(set) var wholeFrames = 0

    private var matcher = HungarianMatcher()
    private var cost = CostMatrix(rows: 0, columns: 0)
    private var columnOfRow: [Int] = []
    private var openRows: [Int] = []
    private var rowBest: [Best] = []
    private var columnBest: [Best] = []
    private var isTaken: [Bool] = []

    /// The greatest and the second greatest weight of a line of the matrix.
    private struct Best: Sendable {
        var weight = 0.0
        var second = 0.0
        /// Of a row the entry, of a column the row with the greatest weight.
        var place = -1

        mutating func consider(_ weight: Double, _ place: Int) {
            if weight > self.weight {
                second = self.weight
                self.weight = weight
                self.place = place
            } else if weight > second {
                second = weight
            }
        }
    }

    /// Share of the largest weight by which a pair must outweigh its rivals.
    ///
    /// The rounding of SciPy's algorithm is below n² · 2⁻⁵² of the largest weight, for n boxes.
    private static let margin = 1e-9
    private static let largestSide = 1000

    /// Pairs the frame's boxes; `weights` has a number of 0 or more for each entry.
    ///
    /// A pair that is not an entry, or weighs nothing, costs `absent` where the frame is solved as a whole, and the
    /// others `absent` − weight; `costs` are these differences where the kit has them with other rounding.
    mutating func solve(
        _ frame: FrameOverlaps, weights: [Double], costs: [Double]? = nil, absent: Double = 0
    ) {
        entryOfRow.removeAll(keepingCapacity: true)
        entryOfRow.append(contentsOf: repeatElement(-1, count: frame.rows))
        if max(frame.rows, frame.columns) > Self.largestSide || !settle(frame, weights: weights) {
            solveWhole(frame, weights: weights, costs: costs, absent: absent)
        }
    }

    /// Takes pairs that outweigh their rivals; false if some rows stay open.
    private mutating func settle(_ frame: FrameOverlaps, weights: [Double]) -> Bool {
        isTaken.removeAll(keepingCapacity: true)
        isTaken.append(contentsOf: repeatElement(false, count: frame.columns))
        openRows.removeAll(keepingCapacity: true)
        for row in 0..<frame.rows where frame.starts[row] < frame.starts[row + 1] { openRows.append(row) }
        rowBest.removeAll(keepingCapacity: true)
        rowBest.append(contentsOf: repeatElement(Best(), count: openRows.count))
        var margin = -1.0
        while !openRows.isEmpty {
            columnBest.removeAll(keepingCapacity: true)
            columnBest.append(contentsOf: repeatElement(Best(), count: frame.columns))
            let largest = Self.rank(
                frame, weights: weights, openRows: openRows, isTaken: isTaken, rows: &rowBest, columns: &columnBest)
            if margin < 0 { margin = largest * Self.margin }
            let left = Self.take(
                frame, margin: margin, rows: rowBest, columns: columnBest, openRows: &openRows, isTaken: &isTaken,
                entryOfRow: &entryOfRow)
            if left == openRows.count { return false }
            openRows.removeLast(openRows.count - left)
        }
        return true
    }

    /// Finds the greatest weights of the open rows, and of their columns that are not taken; returns the greatest.
    private static func rank(
        _ frame: FrameOverlaps, weights: [Double], openRows: [Int], isTaken: [Bool], rows: inout [Best],
        columns: inout [Best]
    ) -> Double {
        let (starts, columnOfEntry) = (frame.starts.span, frame.column.span)
        let (weights, openRows, isTaken) = (weights.span, openRows.span, isTaken.span)
        var rowBest = rows.mutableSpan
        var columnBest = columns.mutableSpan
        var largest = 0.0
        for index in openRows.indices {
            let row = openRows[index]
            var best = Best()
            for entry in starts[row]..<starts[row + 1] {
                let column = columnOfEntry[entry]
                guard weights[entry] > 0, !isTaken[column] else { continue }
                best.consider(weights[entry], entry)
                columnBest[column].consider(weights[entry], row)
            }
            largest = max(largest, best.weight)
            rowBest[index] = best
        }
        return largest
    }

    /// Takes the open rows' best pairs that outweigh their rivals and moves the other rows to the front; returns how
    /// many stay open.
    private static func take(
        _ frame: FrameOverlaps, margin: Double, rows: [Best], columns: [Best], openRows: inout [Int],
        isTaken: inout [Bool], entryOfRow: inout [Int]
    ) -> Int {
        let columnOfEntry = frame.column.span
        var openRows = openRows.mutableSpan
        var entryOfRow = entryOfRow.mutableSpan
        var isTaken = isTaken.mutableSpan
        var left = 0
        for index in openRows.indices {
            let best = rows[index]
            guard best.place >= 0 else { continue }
            let row = openRows[index]
            let column = columnOfEntry[best.place]
            let rival = columns[column]
            if rival.place == row, best.weight > best.second + rival.second + margin {
                entryOfRow[row] = best.place
                isTaken[column] = true
            } else {
                openRows[left] = row
                left += 1
            }
        }
        return left
    }

    private mutating func solveWhole(
        _ frame: FrameOverlaps, weights: [Double], costs: [Double]?, absent: Double
    ) {
        wholeFrames += 1
        cost.reshape(rows: frame.rows, columns: frame.columns, repeating: absent)
        for row in 0..<frame.rows {
            for entry in frame.starts[row]..<frame.starts[row + 1] where weights[entry] > 0 {
                cost[row, frame.column[entry]] = costs?[entry] ?? (absent - weights[entry])
            }
        }
        matcher.match(cost, into: &columnOfRow)
        for row in 0..<frame.rows {
            entryOfRow[row] = -1
            for entry in frame.starts[row]..<frame.starts[row + 1]
            where frame.column[entry] == columnOfRow[row] && weights[entry] > 0 {
                entryOfRow[row] = entry
            }
        }
    }
}

/// Pairs rows with columns one to one so that the weights of the pairs add up to the most; nothing has to be paired.
///
/// For tables in which most pairs weigh nothing: only the others are given, time and memory go with their number and
/// not with rows × columns. Every best pairing has the same total; which one of several is found is not promised, and
/// weights that are whole numbers below 2⁵³ are added without rounding.
///
/// Source: one shortest augmenting path per row (D. F. Crouse, IEEE TAES 52(4), 2016) with Dijkstra's algorithm on the
/// given pairs; each row has a column of weight 0 of its own, which it gets where it stays unpaired.
///
/// - Complexity: O(rows · pairs · log pairs) at worst; a path looks only at what is connected with its row.
public struct SparseMatcher: Sendable {
    private var rowDual: [Double] = []
    private var columnDual: [Double] = []
    private var entryOfRow: [Int] = []
    private var rowOfColumn: [Int] = []
    /// Distances of the columns reached by the path that is being made, +∞ for the others, and by which entry.
    private var distance: [Double] = []
    private var reachedBy: [Int] = []
    private var rowOfEntry: [Int] = []
    private var isClosed: [Bool] = []
    private var touched: [Int] = []
    private var closed: [Int] = []
    private var heap: [Candidate] = []

    private struct Candidate: Sendable {
        var distance: Double
        var column: Int
    }

    /// Creates a matcher without buffers; they grow with use.
    public init() {}

    /// The entry by which each row is paired, −1 for a row that is not.
    ///
    /// Entries of row r are `starts[r] ..< starts[r + 1]`; `column` and `weights` have one number for each entry. No
    /// entry stands twice. Edge cases: entries whose weight is not greater than 0 are left out.
    ///
    /// - Precondition: `starts` begins with 0, does not fall and ends with the number of entries.
    public mutating func match(columns: Int, starts: [Int], column: [Int], weights: [Double]) -> [Int] {
        precondition(
            starts.first == 0 && starts.last == column.count && column.count == weights.count, "shapes do not match")
        let rows = starts.count - 1
        rowDual.refill(0, count: rows)
        entryOfRow.refill(-1, count: rows)
        columnDual.refill(0, count: columns)
        rowOfColumn.refill(-1, count: columns)
        distance.refill(.infinity, count: columns)
        reachedBy.refill(-1, count: columns)
        isClosed.refill(false, count: columns)
        rowOfEntry.removeAll(keepingCapacity: true)
        for row in 0..<rows { rowOfEntry.append(contentsOf: repeatElement(row, count: starts[row + 1] - starts[row])) }
        for row in 0..<rows where starts[row] < starts[row + 1] {
            assign(row, starts: starts, column: column, weights: weights)
        }
        return entryOfRow
    }

    /// Finds the shortest path from `start` to a free column or to a row that had better stay unpaired, and turns it
    /// round.
    private mutating func assign(_ start: Int, starts: [Int], column: [Int], weights: [Double]) {
        touched.removeAll(keepingCapacity: true)
        closed.removeAll(keepingCapacity: true)
        heap.removeAll(keepingCapacity: true)
        var length = 0.0
        var row = start
        var leaver = -1
        var leaving = Double.infinity
        var sink = -1
        while true {
            // The row's own column costs 0 and has a dual of 0: nothing else leads to it.
            if length - rowDual[row] < leaving {
                leaving = length - rowDual[row]
                leaver = row
            }
            for entry in starts[row]..<starts[row + 1] where weights[entry] > 0 {
                let place = column[entry]
                guard !isClosed[place] else { continue }
                let reached = length - weights[entry] - rowDual[row] - columnDual[place]
                if reached < distance[place] {
                    if distance[place] == .infinity { touched.append(place) }
                    distance[place] = reached
                    reachedBy[place] = entry
                    push(Candidate(distance: reached, column: place))
                }
            }
            guard let nearest = pop(), nearest.distance < leaving else {
                length = leaving
                break
            }
            length = nearest.distance
            if rowOfColumn[nearest.column] < 0 {
                sink = nearest.column
                break
            }
            isClosed[nearest.column] = true
            closed.append(nearest.column)
            row = rowOfColumn[nearest.column]
        }

        rowDual[start] += length
        for place in closed {
            rowDual[rowOfColumn[place]] += length - distance[place]
            columnDual[place] -= length - distance[place]
        }
        if sink < 0 {
            // The leaver's column goes to the row from which it was reached.
            sink = leaver == start ? -1 : column[entryOfRow[leaver]]
            entryOfRow[leaver] = -1
        }
        while sink >= 0 {
            let entry = reachedBy[sink]
            let owner = rowOfEntry[entry]
            rowOfColumn[sink] = owner
            let before = entryOfRow[owner]
            entryOfRow[owner] = entry
            sink = owner == start ? -1 : column[before]
        }
        for place in touched {
            distance[place] = .infinity
            isClosed[place] = false
        }
    }

    private mutating func push(_ candidate: Candidate) {
        heap.append(candidate)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].distance < heap[parent].distance else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The nearest column that is not closed.
    private mutating func pop() -> Candidate? {
        while let first = heap.first {
            let last = heap.removeLast()
            if !heap.isEmpty {
                heap[0] = last
                sink()
            }
            // A column that was reached again on a shorter way stands in the heap twice.
            if !isClosed[first.column], first.distance == distance[first.column] { return first }
        }
        return nil
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1].distance < heap[child].distance { child += 1 }
            guard heap[child].distance < heap[parent].distance else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}

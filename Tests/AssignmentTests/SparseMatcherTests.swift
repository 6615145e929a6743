import Assignment
import Testing

/// The sparse matcher against the dense one.
struct SparseMatcherTests {
    /// A table with holes, row by row, and the same as a matrix.
    private static func table(_ seed: UInt64) -> (matrix: [[Double]], columns: Int) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let (rows, columns) = (random(9), random(9))
        let (density, span) = (1 + random(4), 1 + random(12))
        return (
            (0..<rows).map { _ in (0..<columns).map { _ in random(4) < density ? Double(random(span)) : 0 } }, columns
        )
    }

    @Test func totalsAreThoseOfTheDenseMatcher() {
        var sparse = SparseMatcher()
        var dense = HungarianMatcher()
        for seed in 1...2000 {
            let (matrix, columns) = Self.table(UInt64(seed))
            var (starts, column, weights): ([Int], [Int], [Double]) = ([0], [], [])
            for row in matrix {
                for (place, weight) in row.enumerated() where weight > 0 {
                    column.append(place)
                    weights.append(weight)
                }
                starts.append(column.count)
            }
            let entries = sparse.match(columns: columns, starts: starts, column: column, weights: weights)
            let taken = entries.filter { $0 >= 0 }.map { column[$0] }
            #expect(Set(taken).count == taken.count, "table \(seed)")
            for (row, entry) in entries.enumerated() where entry >= 0 {
                #expect(starts[row] <= entry && entry < starts[row + 1], "table \(seed)")
            }
            let cost = CostMatrix(rows: matrix.count, columns: columns, values: matrix.joined().map { -$0 })
            let best = dense.match(cost).enumerated().reduce(0.0) { $1.1 < 0 ? $0 : $0 + matrix[$1.0][$1.1] }
            #expect(entries.reduce(0.0) { $1 < 0 ? $0 : $0 + weights[$1] } == best, "table \(seed)")
        }
    }

    /// Nothing to pair, and weights that count for nothing.
    @Test func emptyTables() {
        var matcher = SparseMatcher()
        #expect(matcher.match(columns: 0, starts: [0], column: [], weights: []) == [])
        #expect(matcher.match(columns: 3, starts: [0, 0, 0], column: [], weights: []) == [-1, -1])
        #expect(matcher.match(columns: 2, starts: [0, 2], column: [0, 1], weights: [0, -.infinity]) == [-1])
        #expect(matcher.match(columns: 1, starts: [0, 1], column: [0], weights: [.nan]) == [-1])
    }

    /// A chain in which each new row pushes all others on by one.
    @Test func longChains() {
        let length = 2000
        var (starts, column, weights): ([Int], [Int], [Double]) = ([0], [], [])
        for row in 0..<length {
            for place in [row, row + 1] where place < length {
                column.append(length - 1 - place)
                weights.append(place == row ? 3 : 2)
            }
            starts.append(column.count)
        }
        var matcher = SparseMatcher()
        let entries = matcher.match(columns: length, starts: starts, column: column, weights: weights)
        #expect(entries.reduce(0.0) { $1 < 0 ? $0 : $0 + weights[$1] } == Double(3 * length))
    }
}

import Assignment
import Foundation
import Testing

/// One record of Golden/assignment.json, written by scripts/make-golden-assignment.py.
private struct GoldenAssignment: Decodable, CustomTestStringConvertible {
    var name: String
    var rows: Int
    var width: Int
    var costs: [Double?]
    /// SciPy's answer, where it has one.
    var columns: [Int]?
    /// Most permitted pairs and their least cost, where it has none.
    var pairs: Int?
    var total: Double?

    var testDescription: String { name }
    var matrix: CostMatrix { CostMatrix(rows: rows, columns: width, values: costs.map { $0 ?? .infinity }) }

    static let all: [GoldenAssignment] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/assignment.json")
        guard let data = try? Data(contentsOf: file) else { return [] }
        return (try? JSONDecoder().decode([GoldenAssignment].self, from: data)) ?? []
    }()
}

/// Number and total cost of the pairs that were chosen; nil if a column was given twice or a pair is forbidden.
private func totals(_ cost: CostMatrix, _ columnOfRow: [Int]) -> (pairs: Int, cost: Double)? {
    var taken = Set<Int>()
    var sum = 0.0
    for (row, column) in columnOfRow.enumerated() where column >= 0 {
        guard taken.insert(column).inserted, cost[row, column].isFinite else { return nil }
        sum += cost[row, column]
    }
    return (taken.count, sum)
}

/// The plain twin: tries everything, most permitted pairs first, then least cost.
private func bestByTryingAll(_ cost: CostMatrix) -> (pairs: Int, cost: Double) {
    var best = (pairs: 0, cost: 0.0)
    func visit(row: Int, taken: Set<Int>, pairs: Int, sum: Double) {
        if row == cost.rows {
            if pairs > best.pairs || (pairs == best.pairs && sum < best.cost) { best = (pairs, sum) }
            return
        }
        visit(row: row + 1, taken: taken, pairs: pairs, sum: sum)
        for column in 0..<cost.columns where !taken.contains(column) && cost[row, column] < .infinity {
            visit(
                row: row + 1, taken: taken.union([column]), pairs: pairs + 1, sum: sum + cost[row, column])
        }
    }
    visit(row: 0, taken: [], pairs: 0, sum: 0)
    return best
}

@Suite struct HungarianMatcherTests {
    @Test func goldenFileIsThere() {
        #expect(GoldenAssignment.all.count > 100)
    }

    // Which optimum SciPy returns among equals, or how good the best incomplete assignment is.
    @Test(arguments: GoldenAssignment.all)
    private func agreesWithSciPy(_ golden: GoldenAssignment) throws {
        var matcher = HungarianMatcher()
        let result = matcher.match(golden.matrix)
        #expect(result.count == golden.rows)
        if let columns = golden.columns {
            #expect(result == columns)
        } else {
            let found = try #require(totals(golden.matrix, result))
            #expect(found.pairs == golden.pairs)
            #expect(found.cost == golden.total)
        }
    }

    // Whole numbers, so that sums are exact; a third of the entries forbidden.
    @Test(arguments: 0..<200)
    func agreesWithTryingAll(seed: Int) throws {
        var random = Numbers(seed: seed)
        let (rows, columns) = (random.below(6), random.below(6))
        var cost = CostMatrix(rows: rows, columns: columns)
        for index in cost.values.indices {
            cost.values[index] = random.below(3) == 0 ? .infinity : Double(random.below(9)) - 4
        }
        var matcher = HungarianMatcher()
        let found = try #require(totals(cost, matcher.match(cost)))
        let best = bestByTryingAll(cost)
        #expect(found.pairs == best.pairs)
        #expect(found.cost == best.cost)
    }

    // One matcher for many shapes gives what a fresh one gives: nothing is left in its buffers.
    @Test func buffersCarryNothingOver() {
        var random = Numbers(seed: 7)
        var reused = HungarianMatcher()
        for _ in 0..<300 {
            var cost = CostMatrix(rows: random.below(90), columns: random.below(90))
            for index in cost.values.indices {
                cost.values[index] = random.below(12) == 0 ? .infinity : Double(random.below(50))
            }
            var fresh = HungarianMatcher()
            #expect(reused.match(cost) == fresh.match(cost))
        }
    }

    // NaN and −∞ are no costs: the pair is forbidden, nothing traps.
    @Test(arguments: [Double.nan, -.infinity, .infinity, .signalingNaN])
    func meaninglessCostsForbid(_ value: Double) {
        var matcher = HungarianMatcher()
        #expect(matcher.match(CostMatrix(rows: 2, columns: 2, values: [value, 3, 1, value])) == [1, 0])
        #expect(matcher.match(CostMatrix(rows: 3, columns: 1, values: [value, 2, value])) == [-1, 0, -1])
        #expect(matcher.match(CostMatrix(rows: 2, columns: 3, repeating: value)) == [-1, -1])
    }

    // Costs whose sums overflow still give a complete assignment of least cost.
    @Test func hugeCostsDoNotOverflow() {
        var matcher = HungarianMatcher()
        let huge = Double.greatestFiniteMagnitude
        #expect(matcher.match(CostMatrix(rows: 2, columns: 2, values: [huge, -huge, -huge, huge])) == [1, 0])
        #expect(
            matcher.match(CostMatrix(rows: 3, columns: 3, values: [huge, huge, 1, huge, 1, huge, 1, huge, huge]))
                == [2, 1, 0])
        #expect(
            matcher.match(CostMatrix(rows: 2, columns: 2, values: [1e300, .infinity, 2e300, .infinity])) == [0, -1])
    }

    // A forbidden entry next to tiny and huge costs keeps the digits of the tiny ones.
    @Test func levelsKeepSmallDifferences() {
        var matcher = HungarianMatcher()
        let cost = CostMatrix(
            rows: 3, columns: 3,
            values: [1, 1 + 1e-15, .infinity, 1 + 1e-15, 1 + 3e-15, .infinity, .infinity, .infinity, .infinity])
        #expect(matcher.match(cost) == [1, 0, -1])
    }

    // All costs equal, all forbidden: the same answer every time.
    @Test(arguments: [0.0, 1, .infinity])
    func constantMatricesAreDeterministic(_ value: Double) {
        let cost = CostMatrix(rows: 40, columns: 30, repeating: value)
        var first = HungarianMatcher()
        let expected = first.match(cost)
        for _ in 0..<100 {
            var matcher = HungarianMatcher()
            #expect(matcher.match(cost) == expected)
        }
        #expect(expected.filter { $0 >= 0 }.count == (value < .infinity ? 30 : 0))
    }
}

/// Random numbers with a fixed sequence (Knuth's 64-bit linear congruential generator).
private struct Numbers {
    private var state: UInt64

    init(seed: Int) { state = UInt64(seed) &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}

import Assignment
import Geometry
import Testing

@testable import Evaluation

/// The matching that decides what is left out, against the assignment of the whole matrix.
@Suite struct LooseMatchingTests {
    @Test func rowsThatMatterGetWhatTheWholeAssignmentGives() {
        var generator = SplitMix64(seed: 3)
        var matching = LooseMatching()
        var competed = 0
        for round in 0..<4000 {
            let rows = Int.random(in: 0...9, using: &generator)
            let columns = Int.random(in: 0...9, using: &generator)
            // Few values, so that there are ties; sparse, as overlaps of boxes are.
            let overlaps = (0..<rows * columns).map { _ in
                Int.random(in: 0..<4, using: &generator) > 0
                    ? 0 : Double(Int.random(in: 3...10, using: &generator)) / 10
            }
            let mattering = (0..<rows).map { _ in Int.random(in: 0..<3, using: &generator) == 0 || round % 5 == 0 }
            matching.match(overlaps, rows: rows, columns: columns) { mattering[$0] }
            var matcher = HungarianMatcher()
            let costs = overlaps.map { $0 < 0.5 - Double.ulpOfOne ? 0 : -$0 }
            let expected = matcher.match(CostMatrix(rows: rows, columns: columns, values: costs))
            for row in 0..<rows where mattering[row] {
                let column = expected[row] >= 0 && costs[row * columns + expected[row]] < 0 ? expected[row] : -1
                #expect((matching.rowOfColumn.firstIndex(of: row) ?? -1) == column, "round \(round), row \(row)")
                if column >= 0 { competed += 1 }
            }
            for (column, row) in matching.rowOfColumn.enumerated() where row >= 0 && !mattering[row] {
                #expect(
                    !mattering.indices.contains {
                        mattering[$0] && expected[$0] == column && costs[$0 * columns + column] < 0
                    })
            }
        }
        #expect(competed > 1000)
    }
}

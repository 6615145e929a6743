import Geometry
import Testing

@testable import Tracker

@Suite struct LeakGuardTests {
    private func observations(_ count: Int, seed: Int) -> [Observation] {
        var random = Numbers(seed: seed)
        return (0..<count).map { _ in
            // Few distinct values, so that every one of the six sort keys decides somewhere.
            Observation(
                box: Box(
                    x: Double(random.below(3)), y: Double(random.below(2)), width: Double(random.below(3)),
                    height: Double(random.below(2))),
                confidence: Double(random.below(3)), classID: random.below(2))
        }
    }

    @Test(arguments: [0, 1, 2, 17, 200])
    func shuffledRowsComeInTheSameOrder(count: Int) {
        var random = Numbers(seed: count)
        let original = observations(count, seed: 5)
        let expected = LeakGuard.order(original).map { original[$0] }
        for _ in 0..<20 {
            let shuffled = original.shuffled(using: &random)
            let order = LeakGuard.order(shuffled)
            #expect(order.sorted() == Array(0..<count))
            #expect(order.map { shuffled[$0] } == expected)
        }
    }

    // The order is not the sorted one: position says nothing about row.
    @Test func orderIsShuffled() {
        let sorted = (0..<50).map { Observation(box: Box(x: Double($0), y: 0, width: 1, height: 1)) }
        #expect(LeakGuard.order(sorted) != Array(0..<50))
    }

    // Values that do not compare must not break the sort.
    @Test func hostileNumbersKeepTheOrderConsistent() {
        let values = [Double.nan, .infinity, -.infinity, 0, -0.0, 1e308, -.nan]
        let original = values.flatMap { x in
            values.map { Observation(box: Box(x: x, y: $0, width: 1, height: 1), confidence: x) }
        }
        #expect(LeakGuard.order(original).sorted() == Array(original.indices))
    }
}

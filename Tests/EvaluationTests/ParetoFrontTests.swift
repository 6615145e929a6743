import Evaluation
import Geometry
import Testing

@Suite struct ParetoFrontTests {
    /// By the definition, pair by pair; of equal points the first.
    private func plain(_ points: [Tradeoff]) -> [Bool] {
        points.indices.map { index in
            let point = points[index]
            guard !point.score.isNaN else { return false }
            return !points.indices.contains { other in
                let rival = points[other]
                guard other != index, rival.score >= point.score, rival.operations <= point.operations,
                    rival.dimension <= point.dimension
                else { return false }
                return rival != point || other < index
            }
        }
    }

    // Few values, so that many points agree in one, two or all three numbers.
    @Test(arguments: 0..<60)
    func agreesWithTheDefinition(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let values = 1 + random.index(below: 12)
        let points = (0..<random.index(below: 90)).map { _ in
            Tradeoff(
                score: random.index(below: 40) == 0 ? .nan : Double(random.index(below: values)) / 10,
                operations: Double(random.index(below: values)), dimension: random.index(below: values))
        }
        #expect(ParetoFront.members(of: points) == plain(points))
    }

    @Test func nothingIsNoFront() {
        #expect(ParetoFront.members(of: []).isEmpty)
        #expect(ParetoFront.members(of: [Tradeoff(score: .nan, operations: 0, dimension: 0)]) == [false])
    }
}

@Suite struct HeldOutSelectionTests {
    private func counts(_ correct: [Int], of queries: [Int] = [10, 10, 10]) -> [NearestCounts] {
        zip(correct, queries).map { NearestCounts(queries: $1, top1: $0) }
    }

    private let cheap = Tradeoff(score: 0, operations: 1, dimension: 10)
    private let dear = Tradeoff(score: 0, operations: 9, dimension: 90)

    // A is best by far on the first sequence alone, so it is chosen for the others and loses there; B is chosen for the
    // first one. What is reported is less than what either gets on what it was chosen by.
    @Test func eachSequenceGetsWhatIsBestOnTheOthers() throws {
        let selection = HeldOutSelection(
            counts: [counts([10, 2, 2]), counts([0, 5, 5])], costs: [cheap, cheap])
        #expect(selection.winner == 0)
        // Without the first: A 4, B 10. Without the second: A 12, B 5. Without the third the same.
        #expect(selection.folds.map(\.chosen) == [1, 0, 0])
        #expect(selection.folds.map(\.counts.top1) == [0, 2, 2])
        let heldOut = try #require(selection.heldOut)
        #expect(heldOut.top1 == 4)
        #expect(heldOut.queries == 30)
    }

    @Test func ofEqualsTheCheaperIsChosen() {
        let three = [counts([5, 5, 5]), counts([5, 5, 5]), counts([5, 5, 5])]
        #expect(HeldOutSelection(counts: three, costs: [dear, cheap, cheap]).winner == 1)
        let small = Tradeoff(score: 0, operations: 1, dimension: 5)
        #expect(HeldOutSelection(counts: three, costs: [cheap, small, small]).winner == 1)
        #expect(HeldOutSelection(counts: three, costs: [dear, cheap, cheap]).folds.map(\.chosen) == [1, 1, 1])
    }

    // A sequence without queries takes no part; one that is left has nothing to be held out from.
    @Test func oneSequenceIsNotValidated() {
        let one = HeldOutSelection(counts: [counts([7, 0], of: [10, 0])], costs: [cheap])
        #expect(one.winner == 0)
        #expect(one.folds.isEmpty)
        #expect(one.heldOut == nil)
        #expect(HeldOutSelection(counts: [counts([0], of: [0])], costs: [cheap]).winner == nil)
        #expect(HeldOutSelection(counts: [], costs: []).winner == nil)
    }
}

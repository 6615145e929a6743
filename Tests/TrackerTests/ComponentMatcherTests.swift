import Assignment
import Testing

@testable import Tracker

@Suite struct ComponentMatcherTests {
    // The union of the groups' assignments is the assignment of the whole.
    @Test(arguments: 0..<100)
    func agreesWithTheWholeMatrix(seed: Int) {
        var random = Numbers(seed: seed)
        let (tracks, boxes) = (random.below(30), random.below(30))
        let limit = 0.9
        var candidates: [Candidate] = []
        var whole = CostMatrix(rows: tracks, columns: boxes, repeating: limit)
        // From nearly empty to crowded.
        let density = 1 + seed % 12
        for track in 0..<tracks {
            for box in 0..<boxes where random.below(12) < density / 2 + random.below(2) {
                let cost = random.uniform(-0.5...0.9)
                candidates.append(Candidate(track: track, box: box, cost: cost))
                whole[track, box] = min(cost, limit)
            }
        }
        var matcher = ComponentMatcher()
        matcher.match(candidates, tracks: tracks, boxes: boxes, limit: limit)
        var hungarian = HungarianMatcher()
        let expected = hungarian.match(whole).enumerated().map { row, column in
            column >= 0 && whole[row, column] < limit ? column : -1
        }
        #expect(matcher.boxOfTrack == expected)
        for (track, box) in matcher.boxOfTrack.enumerated() where box >= 0 {
            #expect(matcher.trackOfBox[box] == track)
        }
        #expect(matcher.trackOfBox.filter { $0 >= 0 }.count == matcher.boxOfTrack.filter { $0 >= 0 }.count)
    }

    // Nothing to match, and a matcher that is used again for less.
    @Test func shrinksAndEmpties() {
        var matcher = ComponentMatcher()
        matcher.match([Candidate(track: 4, box: 3, cost: 0)], tracks: 5, boxes: 4, limit: 1)
        #expect(matcher.boxOfTrack == [-1, -1, -1, -1, 3])
        matcher.match([], tracks: 2, boxes: 0, limit: 1)
        #expect(matcher.boxOfTrack == [-1, -1])
        #expect(matcher.trackOfBox.isEmpty)
        // A cost at the limit is as good as no pair.
        matcher.match([Candidate(track: 0, box: 0, cost: 1)], tracks: 1, boxes: 1, limit: 1)
        #expect(matcher.boxOfTrack == [-1])
    }
}

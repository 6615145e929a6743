import Evaluation
import Geometry
import Testing

@Suite struct WorstMissTests {
    // Three a sequence, one an identity, largest margin first; none without vectors.
    @Test(arguments: 0..<3)
    func agreeWithNumPy(_ index: Int) throws {
        let golden = try GoldenStrata.load()
        let each = golden.cases[index]
        for (position, sequence) in golden.sequences.enumerated() {
            var study = try golden.study(each)
            try golden.read(position, each, into: &study)
            for (gap, expected) in zip(study.record().gaps, each.expected) {
                let wanted = try #require(expected.misses[sequence.name])
                #expect(gap.worstMisses.count == wanted.count)
                for (found, wanted) in zip(gap.worstMisses, wanted) {
                    #expect(abs(found.margin - wanted.margin) < 1e-6)
                    #expect(found.query.frame.rawValue == wanted.frame)
                    #expect(found.query.identity == wanted.identity)
                    #expect(found.right.identity == wanted.identity)
                    #expect(found.gap == gap.frames)
                    for (place, box) in [
                        (found.query, wanted.query), (found.wrong, wanted.wrong), (found.right, wanted.right),
                    ] {
                        #expect([place.box.x, place.box.y, place.box.width, place.box.height] == box)
                    }
                }
            }
        }
    }

    /// A study in which the first of two objects is taken for the second, the more so the later.
    private func study(kept: Int, objects: Int, frames: Int) throws -> RetrievalStudy {
        var study = try RetrievalStudy(
            deltas: [.frames(1)], recording: RetrievalRecording(missesPerSequence: kept, misses: kept))
        try study.beginSequence(name: "s", frameRate: nil)
        for number in 1...frames {
            // Everybody looks like the one before: object i now as object i − 1 in the next frame.
            let values = (0..<objects).flatMap { object -> [Float] in
                let turn = Float((object + number) % objects) / Float(objects) * 6
                return [Float.pi * turn, 1, turn]
            }
            try study.add(
                RetrievalFrame(
                    number: FrameIndex(number),
                    boxes: (0..<objects).map { Box(x: Double(20 * $0), y: 0, width: 10, height: 10) },
                    identities: (0..<objects).map { Int64($0) }, classes: [Int](repeating: 1, count: objects),
                    vectors: FeatureVectors(count: objects, dimension: 3, values: values)))
        }
        return study
    }

    @Test(arguments: [0, 1, 3, 100])
    func areBoundedAndOfDifferentObjects(_ kept: Int) throws {
        var study = try study(kept: kept, objects: 9, frames: 20)
        _ = study.finish()
        let misses = study.worstMisses[0]
        #expect(misses.count == min(kept, 9))
        #expect(Set(misses.map(\.query.identity)).count == misses.count)
        #expect(misses.map(\.margin) == misses.map(\.margin).sorted(by: >))
        #expect(misses.allSatisfy { $0.wrong.identity != $0.query.identity && $0.margin > 0 })
    }

    // Gaps take turns; what one gap shows is not shown again while there is anything else.
    @Test func gapsTakeTurns() throws {
        let golden = try GoldenStrata.load()
        var study = try golden.study(golden.cases[0])
        for position in 0..<3 { try golden.read(position, golden.cases[0], into: &study) }
        _ = study.finish()
        let all = study.worstMisses
        #expect(study.worstMisses(limit: 0).isEmpty)
        let four = study.worstMisses(limit: 4)
        #expect(four.map(\.requested) == [.frames(1), .frames(1), .frames(3), .frames(12)])
        #expect(four[0] == all[0][0])
        #expect(Set(four.map { "\($0.sequence) \(String(describing: $0.query.identity))" }).count == 4)
        let everything = study.worstMisses(limit: 1000)
        #expect(everything.count == all.reduce(0) { $0 + $1.count })
        for (index, delta) in study.deltas.enumerated() {
            #expect(everything.filter { $0.requested == delta } == all[index])
        }
    }
}

import Evaluation
import Foundation
import Geometry
import Testing

@Suite struct RetrievalStudyTests {
    // One sequence; two; three with different rates by distance; two with a class gate; without vectors; without
    // histograms; none at all.
    @Test(arguments: 0..<7)
    func agreesWithNumPy(_ index: Int) throws {
        let golden = try GoldenRetrieval.load()
        let results = try golden.results(of: golden.cases[index])
        let encoded = try JSONSerialization.jsonObject(with: JSONEncoder().encode(results)) as? [NSDictionary]
        let expected = try GoldenRetrieval.expected(index)
        #expect(encoded?.count == golden.deltas.count)
        for (found, wanted) in zip(try #require(encoded), expected) {
            GoldenRetrieval.compare(found, wanted, path: "case \(index), delta \(String(describing: wanted["delta"]))")
        }
    }

    @Test func countsComeBackFromRates() throws {
        let golden = try GoldenRetrieval.load()
        for result in try golden.results(of: golden.cases[1]) where result.queries > 0 {
            let top1 = try #require(result.rates.top1)
            #expect((top1 * Double(result.queries)).rounded() == Double(result.counts.top1))
        }
    }

    // A long sequence gives the same as its parts when no gap reaches across: nothing depends on dropped frames.
    @Test func framesBeyondTheLongestGapAreForgotten() throws {
        let golden = try GoldenRetrieval.load()
        let frames = golden.sequences[0].frames
        func results(_ deltas: [Int]) throws -> [RetrievalResult] {
            var study = try RetrievalStudy(deltas: deltas.map { .frames($0) })
            try study.beginSequence(name: "one", frameRate: nil)
            for frame in frames { try study.add(golden.frame(frame)) }
            return study.finish()
        }
        let alone = try results([2])
        let together = try results([2, 20])
        #expect(alone[0] == together[0])
        #expect(alone[0].queries > 0)
        #expect(alone[0].deltaSeconds == nil)
    }

    @Test func gapsInSecondsFollowTheRate() throws {
        let golden = try GoldenRetrieval.load()
        var study = try RetrievalStudy(deltas: [.seconds(0.2), .frames(5)])
        // 0.2 s are 5 frames at 25 frames a second and 6 at 30.
        for (sequence, gap) in [(golden.sequences[0], 5), (golden.sequences[2], 6)] {
            try study.beginSequence(name: sequence.name, frameRate: sequence.rate)
            for frame in sequence.frames { try study.add(golden.frame(frame)) }
            var copy = study
            let result = copy.finish()[0]
            #expect(result.delta == (gap == 5 ? 5 : nil))
            #expect(result.deltaSeconds == 0.2)
        }
        var first = study
        #expect(first.finish()[1].delta == 5)
        #expect(first.finish()[1].deltaSeconds == nil)
        let error = #expect(throws: EvaluationError.rateMissing(sequence: "x")) {
            try study.beginSequence(name: "x", frameRate: nil)
        }
        #expect(error?.category == .usage)
    }

    // A box at the same place with a zero vector: every similarity is 0, and the first box of the gallery is taken.
    @Test func zeroVectorsTakeTheFirstBox() throws {
        var study = try RetrievalStudy(deltas: [.frames(1)])
        try study.beginSequence(name: "zero", frameRate: 10)
        for (number, ids) in [(1, [Int64(7), 8]), (2, [8, 7])] {
            try study.add(
                RetrievalFrame(
                    number: FrameIndex(number), boxes: [Box](repeating: Box(x: 0, y: 0, width: 0, height: 0), count: 2),
                    identities: ids, classes: [1, 1], vectors: FeatureVectors(zeros: 2, dimension: 3)))
        }
        let result = study.finish()[0]
        #expect(result.queries == 2)
        #expect(result.counts.top1 == 1)
        #expect(result.counts.iou == 1)
        #expect(result.rates.auc == 0.5)
        #expect(result.rates.chance == 0.5)
    }

    @Test func whatContradictsItselfIsRefused() throws {
        let boxes = [Box(x: 0, y: 0, width: 1, height: 1)]
        func frame(_ number: Int, ids: [Int64?] = [1], dimension: Int? = 2) -> RetrievalFrame {
            RetrievalFrame(
                number: FrameIndex(number), boxes: boxes, identities: ids, classes: [1],
                vectors: dimension.map { FeatureVectors(zeros: 1, dimension: $0) })
        }
        var study = try RetrievalStudy(deltas: [.frames(1)])
        #expect(throws: EvaluationError.rate(0, sequence: "s")) { try study.beginSequence(name: "s", frameRate: 0) }
        #expect(throws: EvaluationError.rate(-.infinity, sequence: "s")) {
            try study.beginSequence(name: "s", frameRate: -.infinity)
        }
        try study.beginSequence(name: "s", frameRate: 25)
        try study.add(frame(3))
        // The same frame again, and an earlier one.
        for number in [3, 2] {
            #expect(
                throws: EvaluationError.frameOrder(sequence: "s", previous: FrameIndex(3), found: FrameIndex(number))
            ) {
                try study.add(frame(number))
            }
        }
        #expect(throws: EvaluationError.frameShape(sequence: "s", frame: FrameIndex(4), boxes: 1, found: 2)) {
            try study.add(frame(4, ids: [1, 2]))
        }
        #expect(throws: EvaluationError.vectorShape(sequence: "s", frame: FrameIndex(5), found: nil, expected: 2)) {
            try study.add(frame(5, dimension: nil))
        }
        #expect(throws: EvaluationError.vectorShape(sequence: "s", frame: FrameIndex(6), found: 3, expected: 2)) {
            try study.add(frame(6, dimension: 3))
        }
        let twins = RetrievalFrame(
            number: FrameIndex(7), boxes: boxes + boxes, identities: [5, 5], classes: [1, 1],
            vectors: FeatureVectors(zeros: 2, dimension: 2))
        let error = #expect(throws: EvaluationError.duplicateIdentity(sequence: "s", frame: FrameIndex(7), identity: 5))
        {
            try study.add(twins)
        }
        #expect(error?.category == .badData)
        #expect(error?.description.contains("frame 7") == true)
        // Boxes without identity are no twins.
        try study.add(frame(8, ids: [nil]))
        #expect(study.finish()[0].queries == 0)
    }

    @Test(arguments: [RetrievalDelta.frames(0), .frames(-1), .frames(Int.max), .seconds(0), .seconds(.nan)])
    func gapsThatAreNoneAreRefused(_ delta: RetrievalDelta) {
        #expect(throws: EvaluationError.delta(delta.description)) { try RetrievalStudy(deltas: [delta]) }
    }

    @Test func framesWithoutBoxesAndStudiesWithoutFramesAreFine() throws {
        var study = try RetrievalStudy(deltas: [.frames(1)])
        #expect(study.finish()[0].queries == 0)
        try study.beginSequence(name: "empty", frameRate: 25)
        try study.add(RetrievalFrame(number: FrameIndex(1), boxes: [], identities: [], classes: []))
        let result = study.finish()[0]
        #expect(result.rates.iouTop1 == nil)
        #expect(result.macro.sequenceCount == 0)
        #expect(result.interval == nil)
    }
}

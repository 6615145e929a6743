import Evaluation
import Geometry
import Testing

/// The quick counts are those of the study.
@Suite struct NearestTallyTests {
    @Test(arguments: [Similarity.cosine, .l2])
    func agreesWithTheStudy(_ similarity: Similarity) throws {
        let golden = try GoldenRetrieval.load()
        let deltas = golden.deltas.map(RetrievalDelta.frames)
        var study = try RetrievalStudy(deltas: deltas, similarity: similarity)
        var queries = try RetrievalQueries(deltas: deltas)
        var tally = NearestTally(similarity: similarity, gaps: deltas.count)
        for sequence in golden.sequences {
            try study.beginSequence(name: sequence.name, frameRate: sequence.rate)
            try queries.beginSequence(name: sequence.name, frameRate: sequence.rate)
            tally.beginSequence()
            var kept: [FrameIndex: FeatureVectors] = [:]
            for frame in sequence.frames {
                let frame = golden.frame(frame)
                try study.add(frame)
                let pairs = try queries.add(frame)
                kept = kept.filter { $0.key >= queries.oldest }
                guard let vectors = frame.vectors else { continue }
                for pair in pairs { tally.judge(try #require(kept[pair.earlier]), vectors, pair) }
                kept[frame.number] = vectors
            }
        }
        #expect(tally.sequences.count == golden.sequences.count)
        for (gap, result) in study.finish().enumerated() {
            let total = tally.sequences.reduce(into: NearestCounts()) { $0 += $1[gap] }
            #expect(total.queries == result.counts.queries)
            #expect(total.top1 == result.counts.top1)
            #expect(total.sameClass == result.counts.sameClass)
        }
        #expect(tally.sequences.joined().contains { $0.queries > 0 })
    }

    @Test func wrongFramesAreRefused() throws {
        #expect(throws: EvaluationError.self) { _ = try RetrievalQueries(deltas: [.frames(0)]) }
        var queries = try RetrievalQueries(deltas: [.seconds(0.5)])
        #expect(throws: EvaluationError.rateMissing(sequence: "s")) {
            try queries.beginSequence(name: "s", frameRate: nil)
        }
        try queries.beginSequence(name: "s", frameRate: 10)
        #expect(queries.gaps == [5])
        let box = Box(x: 0, y: 0, width: 1, height: 1)
        func frame(_ number: Int, ids: [Int64]) -> RetrievalFrame {
            RetrievalFrame(
                number: FrameIndex(number), boxes: ids.map { _ in box }, identities: ids, classes: ids.map { _ in 1 })
        }
        _ = try queries.add(frame(2, ids: [1]))
        #expect(throws: EvaluationError.self) { _ = try queries.add(frame(2, ids: [1])) }
        #expect(throws: EvaluationError.self) { _ = try queries.add(frame(3, ids: [1, 1])) }
    }
}

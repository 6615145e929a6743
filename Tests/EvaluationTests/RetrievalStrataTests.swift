import Evaluation
import Foundation
import Geometry
import Testing

@Suite struct RetrievalStrataTests {
    // Cosine; L2 with a class gate; without vectors.
    @Test(arguments: 0..<3)
    func agreeWithNumPy(_ index: Int) throws {
        let golden = try GoldenStrata.load()
        var study = try golden.study(golden.cases[index])
        for position in golden.sequences.indices { try golden.read(position, golden.cases[index], into: &study) }
        _ = study.finish()
        let found = try JSONSerialization.jsonObject(with: JSONEncoder().encode(study.strata)) as? [[NSDictionary]]
        let expected = try GoldenStrata.expectedStrata(index)
        #expect(found?.count == golden.deltas.count)
        for (found, wanted) in zip(try #require(found), expected) {
            #expect(found.count == wanted.count)
            #expect(wanted.count >= 19)
            for stratum in wanted {
                let path =
                    "case \(index): \(stratum["by"] ?? "") \(stratum["attribute"] ?? "") \(stratum["value"] ?? "")"
                let twin = found.first { candidate in
                    ["by", "attribute", "value"].allSatisfy { key in
                        (candidate[key] as? NSObject) == (stratum[key] as? NSObject)
                    }
                }
                GoldenRetrieval.compare(try #require(twin, "\(path)"), stratum, path: path)
            }
        }
    }

    @Test func theyStandInOrder() throws {
        let golden = try GoldenStrata.load()
        var study = try golden.study(golden.cases[0])
        for position in golden.sequences.indices { try golden.read(position, golden.cases[0], into: &study) }
        let results = study.finish()
        let strata = study.strata[0]
        #expect(strata.map(\.stratum) == strata.map(\.stratum).sorted())
        #expect(strata.prefix(4).map(\.stratum) == [.classID(1), .classID(2), .classID(3), .size(.tiny)])
        #expect(
            strata.suffix(3).map(\.stratum) == [
                .attribute(name: "timeofday", value: "daytime"), .attribute(name: "timeofday", value: "night"),
                .attribute(name: "weather", value: "rainy"),
            ])
        // Every query has one class and one size.
        for kind in [RetrievalStratum.Kind.class, .size] {
            #expect(strata.filter { $0.stratum.kind == kind }.reduce(0) { $0 + $1.queries } == results[0].queries)
        }
        #expect(strata.allSatisfy { $0.delta == 1 && $0.deltaSeconds == nil && $0.requested == .frames(1) })
    }

    // What a study that records counts besides is what one that does not counts.
    @Test(arguments: 0..<3)
    func recordingChangesNothing(_ index: Int) throws {
        let golden = try GoldenStrata.load()
        func results(recording: Bool) throws -> (RetrievalStudy, [RetrievalResult]) {
            var study = try golden.study(golden.cases[index], recording: recording)
            try golden.read(index, golden.cases[index], into: &study)
            let results = study.finish()
            return (study, results)
        }
        let (plain, wanted) = try results(recording: false)
        #expect(try results(recording: true).1 == wanted)
        #expect(plain.strata.allSatisfy { $0.isEmpty })
        #expect(plain.worstMisses.allSatisfy { $0.isEmpty })
    }

    @Test func limitsBelongToTheUpperBin() {
        func bin(_ width: Double, _ height: Double) -> SizeBin {
            SizeBin(Box(x: 0, y: 0, width: width, height: height))
        }
        #expect(bin(0, 9) == .tiny)
        #expect(bin(15.99, 16) == .tiny)
        #expect(bin(16, 16) == .small)
        #expect(bin(8, 128) == .medium)
        #expect(bin(96, 96) == .large)
        #expect(bin(256, 256) == .huge)
        #expect(bin(1e200, 1e200) == .huge)
        #expect(VisibilityBin(0) == .from0)
        #expect(VisibilityBin(0.25) == .from25)
        #expect(VisibilityBin(0.75) == .from75)
        #expect(VisibilityBin(1) == .from75)
        for none in [-1, 1.0001, .nan, .infinity] { #expect(VisibilityBin(none) == nil) }
    }

    @Test func traitsMustFitTheBoxes() throws {
        var study = try RetrievalStudy(deltas: [.frames(1)])
        try study.beginSequence(name: "s", frameRate: nil)
        #expect(throws: EvaluationError.frameShape(sequence: "s", frame: FrameIndex(1), boxes: 1, found: 2)) {
            try study.add(
                RetrievalFrame(
                    number: FrameIndex(1), boxes: [Box(x: 0, y: 0, width: 1, height: 1)], identities: [1], classes: [1],
                    traits: [BoxTraits(), BoxTraits()]))
        }
    }
}

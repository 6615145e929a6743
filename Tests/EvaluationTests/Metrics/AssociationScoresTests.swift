import Evaluation
import Foundation
import Testing

/// AssocA against the TETA authors' code; `VTRACK_ASSOCIATION_GOLDEN` names another file of the script's.
struct AssociationScoresTests {
    private struct Golden: Decodable {
        struct Frame: Decodable {
            let t, r: [Int32]
            let s: [Double]
            let c: [Int]
        }
        struct Case: Decodable {
            let objects, tracks: Int
            let frames: [Frame]
            let expected: [String: [String: [Double]]]

            func scores(_ classes: [Int]) -> [AssociationScores] {
                let sequence = MetricSequence(
                    frames: frames.map { MetricSequence.Frame(truth: $0.t, result: $0.r, similarity: $0.s) },
                    truthIdentities: objects, resultIdentities: tracks)
                return AssociationScores.byClass(sequence, truthClasses: frames.map(\.c), classes: classes)
            }
        }
        let classes: [Int]
        let cases: [Case]
        let combined: [String: [String: [Double]]]
        let average: [String: [Double]]
    }

    private let golden: Golden

    init() throws {
        let named = ProcessInfo.processInfo.environment["VTRACK_ASSOCIATION_GOLDEN"].map { URL(filePath: $0) }
        let beside = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/association.json").standardized
        golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: named ?? beside))
    }

    private func isEqual(_ scores: AssociationScores, _ expected: [String: [Double]]?) -> Bool {
        guard let expected else { return false }
        let curves = [
            ("AssocA", scores.assocA), ("AssocRe", scores.assocRe), ("AssocPr", scores.assocPr),
            ("Loc_TP", scores.truePositives.map(Double.init)),
        ]
        return curves.allSatisfy { name, curve in
            expected[name]?.elementsEqual(curve) { abs($0 - $1) <= 1e-9 } == true
        }
    }

    @Test func classesHaveTheAuthorsFigures() throws {
        for (index, each) in golden.cases.enumerated() {
            for (number, scores) in zip(golden.classes, each.scores(golden.classes)) {
                #expect(isEqual(scores, each.expected["\(number)"]), "case \(index), class \(number)")
                let data = try JSONEncoder().encode(scores)
                #expect(try JSONDecoder().decode(AssociationScores.self, from: data) == scores)
            }
        }
    }

    @Test func combinationsHaveTheAuthorsFigures() {
        let all = golden.cases.map { $0.scores(golden.classes) }
        let combined = golden.classes.indices.map { index in AssociationScores.combined(all.map { $0[index] }) }
        for (number, scores) in zip(golden.classes, combined) {
            #expect(isEqual(scores, golden.combined["\(number)"]), "class \(number)")
        }
        let average = AssociationScores.classAveraged(combined)
        #expect(isEqual(average, golden.average))
        let mean = (golden.average["AssocA"] ?? []).reduce(0, +) / 20
        #expect(abs((average.fields.first?.number ?? 0) - mean) < 1e-12)
    }

    /// Truth as result is associated perfectly, whatever classes the tracker would give.
    @Test func truthAsResultIsPerfect() {
        let sequence = RandomSequences.walk(seed: 3, frames: 20, objects: 6, exact: true)
        let classes = sequence.frames.map { $0.truth.map { Int($0 % 2) } }
        for scores in AssociationScores.byClass(sequence, truthClasses: classes, classes: [0, 1]) {
            #expect(scores.assocA.allSatisfy { $0 == 1 })
        }
    }
}

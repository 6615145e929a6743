import Evaluation
import Foundation
import Geometry

/// What `scripts/make-golden-retrieval.py` writes about the strata of the sequences of `GoldenRetrieval`.
struct GoldenStrata: Decodable {
    struct Traits: Decodable {
        let visibility: Double?
        let occluded: Bool?
        let truncated: Bool?
        /// A factor for the box's sides.
        let scale: Double
    }
    struct Frame: Decodable {
        let number: Int
        let traits: [Traits]
    }
    struct Sequence: Decodable {
        let name: String
        let attributes: [String: String]
        let frames: [Frame]
    }
    struct Miss: Decodable {
        let margin: Double
        let frame: Int
        let identity: Int64
        let query: [Double]
        let wrong: [Double]
        let right: [Double]
    }
    struct Expected: Decodable {
        let misses: [String: [Miss]]
    }
    struct Case: Decodable {
        let similarity: String
        let classGate: Bool
        let vectors: Bool
        let expected: [Expected]

        enum CodingKeys: String, CodingKey {
            case similarity, vectors, expected
            case classGate = "class_gate"
        }
    }
    let deltas: [Int]
    let cases: [Case]
    let sequences: [Sequence]

    static func load() throws -> GoldenStrata {
        try JSONDecoder().decode(Self.self, from: GoldenRetrieval.data("retrieval-strata"))
    }

    /// The expected strata of a case, a list a gap, as untyped JSON.
    static func expectedStrata(_ index: Int) throws -> [[NSDictionary]] {
        let document = try JSONSerialization.jsonObject(with: GoldenRetrieval.data("retrieval-strata"))
        let cases = (document as? [String: Any])?["cases"] as? [[String: Any]]
        let expected = cases?[index]["expected"] as? [[String: Any]]
        return expected?.map { $0["strata"] as? [NSDictionary] ?? [] } ?? []
    }

    /// A study of a case that has seen nothing; three misses a sequence are kept.
    func study(_ golden: Case, recording: Bool = true) throws -> RetrievalStudy {
        try RetrievalStudy(
            deltas: deltas.map { .frames($0) }, similarity: Similarity(rawValue: golden.similarity) ?? .cosine,
            classGate: golden.classGate, recording: recording ? RetrievalRecording(missesPerSequence: 3) : nil)
    }

    /// Has a study read a sequence.
    func read(_ position: Int, _ golden: Case, into study: inout RetrievalStudy) throws {
        let base = try GoldenRetrieval.load()
        let (sequence, said) = (base.sequences[position], sequences[position])
        try study.beginSequence(name: sequence.name, frameRate: sequence.rate, attributes: said.attributes)
        for (frame, labels) in zip(sequence.frames, said.frames) {
            let plain = base.frame(frame, vectors: golden.vectors)
            let boxes = zip(plain.boxes, labels.traits).map { box, traits in
                Box(x: box.x, y: box.y, width: box.width * traits.scale, height: box.height * traits.scale)
            }
            let traits = labels.traits.map {
                BoxTraits(visibility: $0.visibility, isOccluded: $0.occluded, isTruncated: $0.truncated)
            }
            try study.add(
                RetrievalFrame(
                    number: plain.number, boxes: boxes, identities: plain.identities, classes: plain.classes,
                    vectors: plain.vectors, histograms: plain.histograms, traits: traits))
        }
    }
}

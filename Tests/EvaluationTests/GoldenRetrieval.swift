import Evaluation
import Foundation
import Geometry

/// What `scripts/make-golden-retrieval.py` writes.
struct GoldenRetrieval: Decodable {
    struct Frame: Decodable {
        let number: Int
        let boxes: [[Double]]
        let ids: [Int64?]
        let classes: [Int]
        let vectors: [[Float]]
        let histograms: [[Float]]
    }
    struct Sequence: Decodable {
        let name: String
        let rate: Double
        let frames: [Frame]
    }
    struct Case: Decodable {
        let sequences: [String]
        let similarity: String
        let classGate: Bool
        let vectors: Bool
        let histograms: Bool

        enum CodingKeys: String, CodingKey {
            case sequences, similarity, vectors, histograms
            case classGate = "class_gate"
        }
    }
    let dimension: Int
    let colours: Int
    let deltas: [Int]
    let cases: [Case]
    let sequences: [Sequence]

    private static var data: Data {
        get throws {
            try Data(
                contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                    .appending(path: "../Fixtures/retrieval.json").standardized)
        }
    }

    static func load() throws -> GoldenRetrieval {
        try JSONDecoder().decode(Self.self, from: data)
    }

    /// The expected `retrieval` of a case, as untyped JSON, so that nothing of the result's own coding is trusted.
    static func expected(_ index: Int) throws -> [NSDictionary] {
        let document = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let cases = document?["cases"] as? [[String: Any]]
        return cases?[index]["expected"] as? [NSDictionary] ?? []
    }

    /// A frame as the study takes it.
    func frame(_ frame: Frame, vectors: Bool = true, histograms: Bool = true) -> RetrievalFrame {
        func matrix(_ rows: [[Float]], _ dimension: Int) -> FeatureVectors {
            FeatureVectors(count: rows.count, dimension: dimension, values: rows.flatMap { $0 })
        }
        return RetrievalFrame(
            number: FrameIndex(frame.number),
            boxes: frame.boxes.map { Box(x: $0[0], y: $0[1], width: $0[2], height: $0[3]) },
            identities: frame.ids, classes: frame.classes,
            vectors: vectors ? matrix(frame.vectors, dimension) : nil,
            histograms: histograms ? matrix(frame.histograms, colours) : nil)
    }

    /// The study of a case.
    func results(of golden: Case) throws -> [RetrievalResult] {
        var study = try RetrievalStudy(
            deltas: deltas.map { .frames($0) }, similarity: Similarity(rawValue: golden.similarity) ?? .cosine,
            classGate: golden.classGate)
        for sequence in sequences where golden.sequences.contains(sequence.name) {
            try study.beginSequence(name: sequence.name, frameRate: sequence.rate)
            for each in sequence.frames {
                try study.add(frame(each, vectors: golden.vectors, histograms: golden.histograms))
            }
        }
        return study.finish()
    }
}

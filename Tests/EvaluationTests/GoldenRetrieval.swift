import Evaluation
import Foundation
import Geometry
import Testing

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

    static func data(_ name: String) throws -> Data {
        try Data(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../Fixtures/\(name).json").standardized)
    }

    static func load() throws -> GoldenRetrieval {
        try JSONDecoder().decode(Self.self, from: data("retrieval"))
    }

    /// The expected `retrieval` of a case, as untyped JSON, so that nothing of the result's own coding is trusted.
    static func expected(_ index: Int) throws -> [NSDictionary] {
        let document = try JSONSerialization.jsonObject(with: data("retrieval")) as? [String: Any]
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

    /// Compares two JSON objects key by key; the keys must be the same ones, absent values explicit nulls.
    static func compare(_ found: NSDictionary, _ wanted: NSDictionary, path: String) {
        #expect(Set(found.allKeys.map { "\($0)" }) == Set(wanted.allKeys.map { "\($0)" }), "\(path)")
        for (key, value) in wanted {
            let path = "\(path), \(key)"
            switch (found[key], value) {
            case (let found as NSDictionary, let wanted as NSDictionary): compare(found, wanted, path: path)
            case (let found as NSNumber, let wanted as NSNumber):
                // A similarity at the edge of a bin may fall on the other side of it: one pair of some hundred.
                let tolerance = "\(key)" == "auc" ? 1e-4 : 1e-12
                #expect(abs(found.doubleValue - wanted.doubleValue) <= tolerance, "\(path)")
            case (let found as [NSNumber], let wanted as [NSNumber]):
                #expect(found.count == 2 && wanted.count == 2, "\(path)")
                for (left, right) in zip(found, wanted) {
                    #expect(abs(left.doubleValue - right.doubleValue) <= 1e-12, "\(path)")
                }
            case (let found as String, let wanted as String): #expect(found == wanted, "\(path)")
            case (is NSNull, is NSNull): break
            default: Issue.record("\(path): \(String(describing: found[key])) is not \(value)")
            }
        }
    }
}

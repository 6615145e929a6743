import Decode
import Evaluation
import Foundation
import Geometry

@testable import App

/// A page as an evaluation could make it: moving objects of several classes, two models that see them more or less well.
struct PlausiblePage {
    static let classNames = [1: "pedestrian", 2: "rider", 3: "car", 4: "truck"]
    static let deltas: [RetrievalDelta] = [.frames(1), .frames(2), .frames(5), .frames(10), .frames(25)]
    static let sequences = [
        ("b1c66a42-6f7d68ca", ["timeofday": "daytime", "weather": "clear", "scene": "city street"]),
        ("b1c81faa-3df17267", ["timeofday": "night", "weather": "clear", "scene": "highway"]),
        ("b1c9c847-3bda4659", ["timeofday": "night", "weather": "rainy", "scene": "city street"]),
        ("b1ca2e5d-84cf9134", ["timeofday": "daytime", "weather": "overcast", "scene": "undefined"]),
        ("b1cd1e94-26dd524f", ["timeofday": "dawn/dusk", "weather": "snowy", "scene": "residential"]),
    ]

    /// What a model finds in all sequences.
    static func study(blur: Float, classGate: Bool) throws -> RetrievalStudy {
        var study = try RetrievalStudy(deltas: deltas, classGate: classGate, recording: RetrievalRecording())
        for position in sequences.indices { try read(position, blur: blur, into: &study) }
        _ = study.finish()
        return study
    }

    /// Has a study read a sequence of drifting objects; `blur` is how much a model sees beside what is there.
    static func read(_ position: Int, blur: Float, into study: inout RetrievalStudy) throws {
        var random = SplitMix64(seed: UInt64(position + 1))
        func noise() -> Float { (0..<4).reduce(Float(-2)) { sum, _ in sum + Float.random(in: 0...1, using: &random) } }
        let (name, attributes) = sequences[position]
        try study.beginSequence(name: name, frameRate: 5, attributes: attributes)
        let objects = 9 + 2 * position
        let looks = (0..<objects).map { _ in (0..<8).map { _ in noise() } }
        var places = (0..<objects).map { _ in (Double.random(in: 0...1200, using: &random), Double(noise()) * 80 + 360)
        }
        for number in 1...40 {
            let seen = (0..<objects).filter { _ in Int.random(in: 0..<10, using: &random) > 1 }
            for object in 0..<objects { places[object].0 += 4 + Double(noise()) * 3 }
            let drift = Float(number) * 0.03 * (position > 0 && position < 3 ? 1.6 : 1)
            func vectors(_ blur: Float) -> FeatureVectors {
                FeatureVectors(
                    count: seen.count, dimension: 8,
                    values: seen.flatMap { object in
                        looks[object].enumerated().map { channel, value in
                            value + blur * noise() + drift * looks[(object + 1) % objects][channel]
                        }
                    })
            }
            try study.add(
                RetrievalFrame(
                    number: FrameIndex(number),
                    boxes: seen.map { object in
                        let side = 12 * Double(object * object + 2).squareRoot()
                        return Box(x: places[object].0, y: places[object].1, width: side, height: side * 1.4)
                    }, identities: seen.map { Int64($0 + 1) }, classes: seen.map { [3, 1, 3, 2, 3, 4, 1][$0 % 7] },
                    vectors: vectors(blur), histograms: vectors(blur * 0.5 + 0.8),
                    traits: seen.map { BoxTraits(isOccluded: $0 % 3 == 0, isTruncated: $0 % 5 == 0) }))
        }
    }

    /// The page.
    static func page() throws -> EvaluationPage {
        var page = EvaluationPage(title: "BDD100K · box_track_20 · val")
        page.highlights = [
            .init(name: "sequences", value: "5"), .init(name: "HOTA", value: "55.21"),
            .init(name: "IDF1", value: "63.8"),
            .init(name: "MOTA", value: "80.9"), .init(name: "top-1 at Δt 1", value: "92.1 %"),
        ]
        page.partial = ["1 of 6 sequences failed: see below.", "Shard 2 of 3 only."]
        page.configuration = [
            .init(name: "model", value: "dino-vitb16 (3d1f0bd2…), block 12, mean"),
            .init(name: "tiling", value: "fit, 5×3 tiles"),
            .init(name: "boxes", value: "ground truth"), .init(name: "deltas", value: "1, 2, 5, 10, 25"),
            .init(name: "tracker", value: "match threshold 0.3, keep lost 30"),
        ]
        page.classNames = classNames
        for (model, blur) in [("dino-vitb16", Float(0.5)), ("deit-tiny", 0.9)] {
            for gate in [false, true] {
                var study = try study(blur: blur, classGate: gate)
                let alone = try sequences.indices.map { position in
                    var one = try RetrievalStudy(deltas: deltas, classGate: gate)
                    try read(position, blur: blur, into: &one)
                    return EvaluationPage.SequenceResults(name: sequences[position].0, results: one.finish())
                }
                page.retrieval.append(
                    .init(
                        model: model, classGate: gate, results: study.finish(), strata: study.strata, sequences: alone))
                guard model == "dino-vitb16", !gate else { continue }
                for misses in study.worstMisses {
                    page.misses += try misses.prefix(3).map {
                        .init(model: model, miss: $0, pictures: try triple($0))
                    }
                }
            }
        }
        page.scores = [scores("car"), scores("all classes, detections pooled")]
        page.notes = ["b1cd1e94-26dd524f: 180 of 202 frames have an image; only these are scored."]
        page.skipped = [
            .init(
                name: "cabc30fc-e7726578",
                reason: "no labels: looked for labels/box_track_20/val/cabc30fc-e7726578.json")
        ]
        page.failed = [
            .init(
                name: "cabc30fc-eb673c5a",
                reason: "cabc30fc-eb673c5a.mov: no frame could be decoded (moov atom not found)")
        ]
        page.timingsFile = "timings.json"
        return page
    }

    private static func scores(_ title: String) -> EvaluationPage.Table {
        let headers = [
            "sequence", "HOTA", "DetA", "AssA", "LocA", "MOTA", "MOTP", "IDSW", "FP", "FN", "IDF1", "GT_IDs",
        ]
        let rows = sequences.enumerated().map { position, sequence in
            [sequence.0] + (1..<headers.count).map { "\(decimal(Double((position * 31 + $0 * 17) % 97) + 0.25, 2))" }
        }
        return .init(
            title: title, explanation: "Profile trackeval; classes as the benchmark numbers them.", headers: headers,
            rows: rows + [["COMBINED"] + (1..<headers.count).map { decimal(Double($0 * 7), 2) }], totals: 1)
    }

    private static func triple(_ miss: WorstMiss) throws -> MissPictures.Triple {
        .init(
            query: try picture(miss.query), wrong: try picture(miss.wrong),
            right: miss.requested == .frames(2) ? nil : try picture(miss.right))
    }

    /// A drawn stand-in for a cut.
    private static func picture(_ place: WorstMiss.Place) throws -> BoxPicture {
        var canvas = Canvas(image: RGBImage(width: 110, height: 160))
        canvas.fill(x: 0, y: 0, width: 110, height: 160, .init(red: 96, green: 108, blue: 120))
        canvas.fill(x: 20, y: 25, width: 70, height: 110, .ofTrack(Int(place.identity ?? 0)))
        canvas.number(place.frame.rawValue, x: 40, y: 60, scale: 3, .black)
        return BoxPicture(
            bytes: try JPEGEncoder.encode(canvas.image), mediaType: "image/jpeg", width: 110, height: 160,
            box: Box(x: 20.0 / 110, y: 25.0 / 160, width: 70.0 / 110, height: 110.0 / 160))
    }
}

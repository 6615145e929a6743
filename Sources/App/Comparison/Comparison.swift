import Evaluation

/// What `compare` found; encodes to the JSON of `--out`.
struct Comparison: Encodable {
    /// One entry of `--models`.
    struct Entry: Encodable {
        /// What tables and figures call it.
        let label: String
        let variant: String
        /// nil for a baseline.
        let model: Report.Model?
        /// One result a gap; nil for a baseline.
        let retrieval: [RetrievalResult]?
        /// The two curves, by gap.
        let points: [Point]

        enum CodingKeys: String, CodingKey {
            case variant, label, model, retrieval, points
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(variant, forKey: .variant)
            try container.encode(label, forKey: .label)
            try container.encode(model, forKey: .model)
            try container.encode(retrieval, forKey: .retrieval)
            try container.encode(points, forKey: .points)
        }
    }

    /// One gap of one entry.
    struct Point: Encodable {
        /// The gap as it was asked for.
        let requested: String
        let delta: Int?
        let seconds: Double?
        let queries: Int
        /// Share of the queries whose nearest box is the same object, and is of the same class.
        let instance: Double?
        let sameClass: Double?

        enum CodingKeys: String, CodingKey {
            case requested, delta, queries, instance
            case seconds = "delta_seconds"
            case sameClass = "same_class"
        }

        init(_ result: RetrievalResult, instance: Double?, sameClass: Double?) {
            requested = result.requested.description
            delta = result.delta
            seconds = result.deltaSeconds
            queries = result.queries
            self.instance = instance
            self.sameClass = sameClass
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(requested, forKey: .requested)
            try container.encode(delta, forKey: .delta)
            try container.encode(seconds, forKey: .seconds)
            try container.encode(queries, forKey: .queries)
            try container.encode(instance, forKey: .instance)
            try container.encode(sameClass, forKey: .sameClass)
        }
    }

    /// Wall-clock seconds.
    struct Seconds: Encodable {
        let total: Double
        let load: Double
        let embed: Double
    }

    let sequences: [SequenceInput]
    let totals: SequencePass.Totals
    let interrupted: Bool
    let entries: [Entry]
    let seconds: Seconds

    enum CodingKeys: String, CodingKey {
        case version, sequences, frames, boxes, degraded, interrupted, entries, seconds
        case decodeErrors = "decode_errors"
        case boxesWithoutFrame = "boxes_without_frame"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(VTrack.version, forKey: .version)
        try container.encode(sequences, forKey: .sequences)
        try container.encode(totals.frames, forKey: .frames)
        try container.encode(totals.boxes, forKey: .boxes)
        try container.encode(totals.decodeErrors, forKey: .decodeErrors)
        try container.encode(totals.decodeErrors > 0, forKey: .degraded)
        try container.encode(totals.boxesWithoutFrame, forKey: .boxesWithoutFrame)
        try container.encode(interrupted, forKey: .interrupted)
        try container.encode(entries, forKey: .entries)
        try container.encode(seconds, forKey: .seconds)
    }
}

extension Comparison.Entry {
    /// A model's results.
    init(variant: Variant, model: Report.Model, results: [RetrievalResult]) {
        self.init(
            label: variant.label, variant: variant.text, model: model, retrieval: results,
            points: results.map { .init($0, instance: $0.rates.top1, sameClass: $0.rates.sameClass) })
    }

    /// A baseline's: `results` are of colour histograms in the place of vectors.
    init(baseline variant: Variant, results: [RetrievalResult]) {
        self.init(
            label: variant.label, variant: variant.text, model: nil, retrieval: nil,
            points: results.map { result in
                switch variant.subject {
                case .iou: .init(result, instance: result.rates.iouTop1, sameClass: nil)
                case .centre: .init(result, instance: result.rates.centreTop1, sameClass: nil)
                case .model, .histogram:
                    .init(result, instance: result.rates.top1, sameClass: result.rates.sameClass)
                }
            })
    }
}

import Evaluation
import Geometry

/// The JSON report of an evaluation; the shape of scores is `vtrack score`'s (docs/eval.md).
struct EvaluationReport {
    let summary: EvaluationSummary

    /// What is said of one sequence beside its scores.
    private struct Sequence: Encodable {
        let sequence: EvaluationSummary.Sequence

        enum CodingKeys: String, CodingKey {
            case state, reason, notes, facts, retrieval
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(
                sequence.isDone ? "done" : sequence.failure == nil ? "skipped" : "failed", forKey: .state)
            if let reason = sequence.failure ?? sequence.skipped { try container.encode(reason, forKey: .reason) }
            try container.encode(sequence.notes, forKey: .notes)
            try container.encode(sequence.facts, forKey: .facts)
            try container.encode(sequence.retrieval, forKey: .retrieval)
        }
    }

    /// One gap of all sequences.
    private struct Gap: Encodable {
        let result: RetrievalResult
        let strata: [StratumResult]
        let misses: [WorstMiss]
        /// The same with galleries of the query's class.
        let gated: RetrievalResult?

        enum CodingKeys: String, CodingKey {
            case strata
            case misses = "worst_misses"
            case gated = "class_gate"
        }

        func encode(to encoder: any Encoder) throws {
            try result.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(strata, forKey: .strata)
            try container.encode(misses, forKey: .misses)
            try container.encode(gated, forKey: .gated)
        }
    }

    /// The text, ending in a newline.
    func json() throws -> String {
        let manifest = summary.manifest
        let configuration = try manifest.configuration.json()
        let sequences = try summary.sequences.map { ($0.name, try Sequence(sequence: $0).json()) }
        let retrieval = try gaps.json()
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("version", VTrack.version)
            writer.member("benchmark", summary.benchmark.rawValue)
            writer.member("root", manifest.root)
            writer.member("profile", manifest.configuration.profile)
            writer.member("partial", !summary.partial.isEmpty)
            writer.key("partial_because")
            writer.array(summary.partial) { $0.string($1) }
            writer.member("shard", manifest.shard)
            writer.member("boxes_folder", manifest.boxesFolder)
            writer.key("configuration")
            writer.embed(configuration)
            writer.key("processors")
            writer.array(summary.processors) { $0.string($1) }
            writer.key("notes")
            writer.array(summary.notes) { $0.string($1) }
            writer.key("sequences")
            writer.object { writer in
                for (name, text) in sequences {
                    writer.key(name)
                    writer.embed(text)
                }
            }
            writer.key("trackers")
            writer.object { writer in
                for tracker in summary.document.trackers {
                    writer.key(tracker.name)
                    ScoreJSON.tracker(tracker, summary.document, &writer)
                }
            }
            writer.key("retrieval")
            writer.embed(retrieval)
            for (key, entries) in [("skipped", summary.skipped), ("failed", summary.failed)] {
                writer.key(key)
                writer.array(entries) { writer, entry in
                    writer.object { writer in
                        writer.member("sequence", entry.name)
                        writer.member("reason", entry.reason)
                    }
                }
            }
            writer.key("missing")
            writer.array(summary.missing) { $0.string($1) }
        }
        return writer.text + "\n"
    }

    private var gaps: [Gap] {
        guard let first = summary.retrieval.first else { return [] }
        let gated = summary.retrieval.dropFirst().first
        return first.results.indices.map { index in
            Gap(
                result: first.results[index], strata: first.strata[index], misses: first.misses[index],
                gated: gated?.results[index])
        }
    }
}

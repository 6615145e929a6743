import Evaluation
import Features
import Geometry

/// The JSON and the CSV of a sweep.
struct SweepReport: Encodable {
    let model: String
    let digest: String
    let tiling: String
    let precision: String
    let sequences: [SequenceInput]
    let totals: SequencePass.Totals
    /// Frames that went through the network: each once.
    let passes: Int
    let interrupted: Bool
    let range: String
    let result: SweepResult
    let seconds: Comparison.Seconds

    private struct Gap: Encodable {
        let delta: String
        let queries: Int
        let scored: Bool
    }

    private struct Configuration: Encodable {
        let layers: [Int]
        let token: String
        let pool: String
        let dropVariance: Int
        let standardize: Bool
        let similarity: String
        let blocksRun: Int
        let gflopPerFrame: Double
        let dim: Int
        let top1: [Int]
        let sameClass: [Int]
        let top1BySequence: [Int]
        let score: Double
        let pareto: Bool

        enum CodingKeys: String, CodingKey {
            case layers, token, pool, standardize, similarity, dim, top1, score, pareto
            case dropVariance = "drop_variance"
            case blocksRun = "blocks_run"
            case gflopPerFrame = "gflop_per_frame"
            case sameClass = "same_class"
            case top1BySequence = "top1_by_sequence"
        }
    }

    private struct Fold: Encodable {
        let sequence: String
        let chosen: Int
        let text: String
        let queries: Int
        let top1: Int
    }

    private struct Validation: Encodable {
        let score: Double
        let queries: Int
        let top1: Int
        let folds: [Fold]
    }

    enum CodingKeys: String, CodingKey {
        case version, model, digest, tiling, precision, sequences, frames, boxes, degraded, interrupted, deltas
        case configurations, winner, seconds
        case decodeErrors = "decode_errors"
        case passes = "frames_embedded"
        case range = "for_deltas"
        case validation = "cross_validation"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(VTrack.version, forKey: .version)
        try container.encode(model, forKey: .model)
        try container.encode(digest, forKey: .digest)
        try container.encode(tiling, forKey: .tiling)
        try container.encode(precision, forKey: .precision)
        try container.encode(sequences, forKey: .sequences)
        try container.encode(totals.frames, forKey: .frames)
        try container.encode(totals.boxes, forKey: .boxes)
        try container.encode(totals.decodeErrors, forKey: .decodeErrors)
        try container.encode(totals.decodeErrors > 0, forKey: .degraded)
        try container.encode(passes, forKey: .passes)
        try container.encode(interrupted, forKey: .interrupted)
        try container.encode(range, forKey: .range)
        try container.encode(gaps, forKey: .deltas)
        try container.encode(result.rows.map(configuration), forKey: .configurations)
        try container.encode(result.selection.winner, forKey: .winner)
        try container.encode(validation, forKey: .validation)
        try container.encode(seconds, forKey: .seconds)
    }

    private var gaps: [Gap] {
        result.deltas.enumerated().map { index, delta in
            Gap(
                delta: delta.description, queries: result.rows.first?.counts[index].queries ?? 0,
                scored: result.scored.contains(index))
        }
    }

    private func configuration(_ row: SweepResult.Row) -> Configuration {
        let chosen = row.configuration
        return Configuration(
            layers: chosen.layers, token: chosen.token.rawValue, pool: chosen.pooling.name,
            dropVariance: chosen.dropVariance, standardize: chosen.standardize, similarity: chosen.similarity.rawValue,
            blocksRun: chosen.blocksRun, gflopPerFrame: row.tradeoff.operations / 1e9, dim: row.tradeoff.dimension,
            top1: row.counts.map(\.top1), sameClass: row.counts.map(\.sameClass),
            top1BySequence: row.sequences.map(\.top1), score: row.tradeoff.score, pareto: row.isOnFront)
    }

    /// nil with fewer than two sequences that have queries.
    private var validation: Validation? {
        guard let heldOut = result.selection.heldOut else { return nil }
        return Validation(
            score: Double(heldOut.top1) / Double(heldOut.queries), queries: heldOut.queries, top1: heldOut.top1,
            folds: result.selection.folds.map { fold in
                Fold(
                    sequence: sequences[fold.sequence].name, chosen: fold.chosen,
                    text: result.rows[fold.chosen].configuration.text, queries: fold.counts.queries,
                    top1: fold.counts.top1)
            })
    }

    /// A line a configuration: counts of correct queries, a column a gap.
    func csv() -> String {
        var lines = [
            "layers,token,pool,drop_variance,standardize,similarity,blocks_run,gflop_per_frame,dim,"
                + gaps.map { "top1_\($0.delta)_of_\($0.queries)" }.joined(separator: ",") + ",score,pareto"
        ]
        for row in result.rows {
            let chosen = row.configuration
            lines.append(
                ([
                    chosen.layerText, chosen.token.rawValue, chosen.pooling.name, "\(chosen.dropVariance)",
                    "\(chosen.standardize)", chosen.similarity.rawValue, "\(chosen.blocksRun)",
                    decimal(row.tradeoff.operations / 1e9, 4), "\(row.tradeoff.dimension)",
                ] + row.counts.map { "\($0.top1)" } + [decimal(row.tradeoff.score, 6), "\(row.isOnFront)"])
                .joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

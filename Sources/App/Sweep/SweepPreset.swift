import Evaluation
import Features
import Foundation
import Geometry

/// The winner of a sweep as a preset for `--config`.
enum SweepPreset {
    /// YAML that `PresetFile` reads.
    static func text(_ report: SweepReport, model: String, longSide: Int?, tiling: String, precision: String) -> String
    {
        guard let winner = report.result.winner else { return "" }
        let chosen = winner.configuration
        var why =
            "Chosen by vtrack sweep for gaps \(report.range) (frames, or seconds with an s) among "
            + "\(report.result.rows.count) configurations of \(report.model), SHA-256 \(report.digest.prefix(16)): "
            + "\(chosen.text). \(winner.sequences.reduce(0) { $0 + $1.top1 }) of "
            + "\(winner.sequences.reduce(0) { $0 + $1.queries }) queries on the sequences it was chosen by"
        if let heldOut = report.result.selection.heldOut {
            why +=
                "; \(heldOut.top1) of \(heldOut.queries) where each sequence had what is best on the others, which is "
                + "the figure to report"
        }
        var lines = ["description: \(quoted(why + "."))", "", "features:", "  model: \(quoted(model))"]
        lines.append("  tiling: \(tiling)")
        if tiling == "whole", let longSide { lines.append("  long_side: \(longSide)") }
        lines.append(
            "  layer: \(chosen.layers.count == 1 ? chosen.layerText : "[\(chosen.layers.map(String.init).joined(separator: ", "))]")"
        )
        if chosen.layers.count > 1 { lines.append("  join: concat") }
        lines += [
            "  token: \(chosen.token.rawValue)", "  pool: \(chosen.pooling.name)",
            "  drop_variance: \(chosen.dropVariance)", "  standardize: \(chosen.standardize)",
            "  similarity: \(chosen.similarity.rawValue)", "  precision: \(precision)",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// A YAML scalar in double quotes, whatever is in it.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

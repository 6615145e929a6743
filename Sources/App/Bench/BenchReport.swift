import Features
import Foundation

/// What `vtrack bench` prints, as a table or as JSON.
struct BenchReport: Encodable {
    /// One precision and batch.
    struct Result: Encodable {
        var precision: String
        var batch: Int
        /// Median over the rounds.
        var millisecondsPerImage: Double
        var bestMilliseconds: Double
        /// Processor time of an image divided by the threads.
        var processorMilliseconds: Double
        var imagesPerSecond: Double
        var gigaflops: Double
        var matrixGigaflops: Double
        /// Part of the matrix rate that the engine reaches.
        var share: Double
        /// In MB; the weights' loading included, the matrix products not.
        var peakMemory: Double
        /// Median cosine of a token with its counterpart in f32, and the relative error of all; nil where not asked for.
        var tokenCosine: Double?
        var relativeError: Double?

        enum CodingKeys: String, CodingKey {
            case precision, batch, gflops, share
            case millisecondsPerImage = "ms_per_image"
            case bestMilliseconds = "best_ms"
            case processorMilliseconds = "cpu_ms"
            case imagesPerSecond = "images_per_second"
            case matrixGigaflops = "matrix_gflops"
            case peakMemory = "peak_memory_mb"
            case tokenCosine = "token_cosine_median"
            case relativeError = "relative_error"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(precision, forKey: .precision)
            try container.encode(batch, forKey: .batch)
            try container.encode(millisecondsPerImage, forKey: .millisecondsPerImage)
            try container.encode(bestMilliseconds, forKey: .bestMilliseconds)
            try container.encode(processorMilliseconds, forKey: .processorMilliseconds)
            try container.encode(imagesPerSecond, forKey: .imagesPerSecond)
            try container.encode(gigaflops, forKey: .gflops)
            try container.encode(matrixGigaflops, forKey: .matrixGigaflops)
            try container.encode(share, forKey: .share)
            try container.encode(peakMemory, forKey: .peakMemory)
            try container.encode(tokenCosine, forKey: .tokenCosine)
            try container.encode(relativeError, forKey: .relativeError)
        }
    }

    /// One precision on a whole source; seconds are medians over the rounds.
    struct Stages: Encodable {
        var precision: String
        var frames: Int
        var boxes: Int
        /// From the first frame to the last output; loading the model is not in it.
        var seconds: Double
        var framesPerSecond: Double
        /// The stages overlap, so they do not add up to the total.
        var decode: Double
        var embed: Double
        var pool: Double
        var associate: Double
        /// Loading and packing the model.
        var load: Double

        enum CodingKeys: String, CodingKey {
            case precision, frames, boxes, seconds, load, decode, embed, pool, associate
            case framesPerSecond = "frames_per_second"
        }
    }

    /// A precision that was asked for and that this processor does not have.
    struct Skipped: Encodable {
        var precision: String
        var reason: String
    }

    var version = VTrack.version
    var model: String
    var layer: String
    var threads: Int
    var rounds: Int
    var processor = ProcessFacts.processorName
    var instructions = Processor.instructionSet
    var source: String?
    var results: [Result] = []
    var stages: [Stages] = []
    var skipped: [Skipped] = []

    /// One result as a line of JSON.
    static func line(_ result: Result) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(result), as: UTF8.self) + "\n"
    }

    /// The tables, ending in a newline.
    func text() -> String {
        var parts = [
            "\(model), layer \(layer), \(threads) threads, \(processor ?? "unknown processor") (\(instructions)), "
                + "medians of \(rounds) rounds\n"
        ]
        if !results.isEmpty { parts.append(resultsTable) }
        if !stages.isEmpty { parts.append(stagesTable) }
        return parts.joined(separator: "\n")
    }

    private var resultsTable: String {
        let compared = results.contains { $0.tokenCosine != nil }
        var rows = [
            [
                "precision", "batch", "ms/image", "best", "images/s", "GFLOP/s", "matrix GFLOP/s", "share", "peak MB",
            ] + (compared ? ["token cosine", "relative error"] : [])
        ]
        for result in results {
            var row = [
                result.precision, "\(result.batch)", decimal(result.millisecondsPerImage, 2),
                decimal(result.bestMilliseconds, 2), decimal(result.imagesPerSecond, 1), decimal(result.gigaflops, 1),
                decimal(result.matrixGigaflops, 1), decimal(result.share, 3), decimal(result.peakMemory, 0),
            ]
            if compared {
                row += [result.tokenCosine, result.relativeError].map { $0.map { decimal($0, 6) } ?? "not finite" }
            }
            rows.append(row)
        }
        return TextTable.numbers(rows)
    }

    private var stagesTable: String {
        var rows = [
            [
                "precision", "frames", "boxes", "s", "frames/s", "decode ms/frame", "embed", "pool", "associate",
                "load s",
            ]
        ]
        for stage in stages {
            func perFrame(_ seconds: Double) -> String { decimal(seconds * 1000 / Double(max(1, stage.frames)), 3) }
            rows.append([
                stage.precision, "\(stage.frames)", "\(stage.boxes)", decimal(stage.seconds, 2),
                decimal(stage.framesPerSecond, 2), perFrame(stage.decode), perFrame(stage.embed),
                perFrame(stage.pool), perFrame(stage.associate), decimal(stage.load, 2),
            ])
        }
        return TextTable.numbers(rows)
    }
}

import Evaluation
import Foundation

/// What `scripts/make-golden-metrics.py` writes; `VTRACK_METRICS_GOLDEN` names another file of its, with more cases.
struct GoldenMetrics: Decodable {
    /// A number, or a text for what JSON has no numbers for.
    struct Number: Decodable {
        let value: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            value = try (try? container.decode(String.self)).map { Double($0) ?? .nan } ?? container.decode(Double.self)
        }
    }

    /// A figure, or one for each threshold.
    struct Figure: Decodable {
        let values: [Double]

        init(from decoder: any Decoder) throws {
            values =
                try (try? [Number](from: decoder)).map { $0.map(\.value) } ?? [Number(from: decoder).value]
        }
    }

    struct Frame: Decodable {
        let t, r: [Int32]
        let s: [Double]
    }

    struct Case: Decodable {
        let name: String
        let objects, tracks: Int
        let columnMajor: Bool
        let frames: [Frame]
        let expected, server: [String: Figure]

        var sequence: MetricSequence {
            MetricSequence(
                frames: frames.map { MetricSequence.Frame(truth: $0.t, result: $0.r, similarity: $0.s) },
                truthIdentities: objects, resultIdentities: tracks, isColumnMajor: columnMajor)
        }
    }

    struct Group: Decodable {
        struct Server: Decodable {
            let combined, averaged: [String: Figure]
        }
        let members: [Int]
        let combined, detectionAveraged, classAveraged, nonEmptyAveraged: [String: Figure]
        let server: Server
    }

    let cases: [Case]
    let groups: [Group]

    static func load() throws -> GoldenMetrics {
        let named = ProcessInfo.processInfo.environment["VTRACK_METRICS_GOLDEN"].map { URL(filePath: $0) }
        let beside = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/metrics.json").standardized
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: named ?? beside))
    }

    /// What of `fields` is not as expected, a line each; counts have to be equal.
    static func differences(_ fields: [ScoreField], _ expected: [String: Figure], within: Double = 1e-9) -> [String] {
        var lines: [String] = []
        if Set(fields.map(\.name)) != Set(expected.keys) {
            lines.append("fields \(fields.map(\.name)) instead of \(expected.keys.sorted())")
        }
        for field in fields {
            let (found, isCount): ([Double], Bool) =
                switch field.value {
                case .count(let count): ([Double(count)], true)
                case .rate(let rate): ([rate], false)
                case .curve(let curve): (curve, !field.isPercentage)
                }
            let values = expected[field.name]?.values ?? []
            let isEqual = found.elementsEqual(values) { left, right in
                (left.isNaN && right.isNaN) || left == right
                    || (!isCount && abs(left - right) <= within * max(1, abs(right)))
            }
            if !isEqual { lines.append("\(field.name): \(found) instead of \(values)") }
        }
        return lines
    }
}

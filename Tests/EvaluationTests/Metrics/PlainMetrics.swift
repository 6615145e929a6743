import Assignment
import Evaluation

/// HOTA and CLEAR as their definitions say it, whole matrices and one frame after another; for comparison.
struct PlainMetrics {
    let sequence: MetricSequence

    private static let epsilon = 2.220446049250313e-16

    /// The pairs of the assignment with the greatest sum of `score`.
    private static func pairs(_ score: [[Double]]) -> [(row: Int, column: Int)] {
        guard let width = score.first?.count, width > 0 else { return [] }
        var matcher = HungarianMatcher()
        let cost = CostMatrix(rows: score.count, columns: width, values: score.flatMap { $0.map { -$0 } })
        return matcher.match(cost).enumerated().filter { $1 >= 0 }.map { (row: $0, column: $1) }
    }

    private func overlaps(_ frame: MetricSequence.Frame) -> [[Double]] {
        let width = frame.result.count
        return frame.truth.indices.map { Array(frame.similarity[$0 * width..<($0 + 1) * width]) }
    }

    /// HOTA, DetA, AssA and LocA at each threshold.
    func hota() -> [(hota: Double, detA: Double, assA: Double, locA: Double)] {
        let (objects, tracks) = (sequence.truthIdentities, sequence.resultIdentities)
        var shared = [[Double]](repeating: [Double](repeating: 0, count: tracks), count: objects)
        var objectFrames = [Double](repeating: 0, count: objects)
        var trackFrames = [Double](repeating: 0, count: tracks)
        for frame in sequence.frames {
            let overlaps = overlaps(frame)
            for object in frame.truth { objectFrames[Int(object)] += 1 }
            for track in frame.result { trackFrames[Int(track)] += 1 }
            for (row, object) in frame.truth.enumerated() {
                for (column, track) in frame.result.enumerated() {
                    let overlap = overlaps[row][column]
                    let union = overlaps.reduce(0) { $0 + $1[column] } + overlaps[row].reduce(0, +) - overlap
                    if union > Self.epsilon { shared[Int(object)][Int(track)] += overlap / union }
                }
            }
        }
        return (1...19).map { step in
            let threshold = 0.05 + Double(step - 1) * 0.05
            var matches = [[Double]](repeating: [Double](repeating: 0, count: tracks), count: objects)
            var sum = 0.0
            for frame in sequence.frames {
                let overlaps = overlaps(frame)
                let score = frame.truth.enumerated().map { row, object in
                    frame.result.enumerated().map { column, track in
                        let both = shared[Int(object)][Int(track)]
                        return both / (objectFrames[Int(object)] + trackFrames[Int(track)] - both)
                            * overlaps[row][column]
                    }
                }
                for pair in Self.pairs(score) where overlaps[pair.row][pair.column] >= threshold - Self.epsilon {
                    sum += overlaps[pair.row][pair.column]
                    matches[Int(frame.truth[pair.row])][Int(frame.result[pair.column])] += 1
                }
            }
            let found = matches.joined().reduce(0, +)
            var association = 0.0
            for object in 0..<objects {
                for track in 0..<tracks {
                    let both = matches[object][track]
                    association += both * both / max(1, objectFrames[object] + trackFrames[track] - both)
                }
            }
            let boxes = Double(sequence.truthBoxes + sequence.resultBoxes)
            let detA = found / max(1, boxes - found)
            let assA = association / max(1, found)
            return ((detA * assA).squareRoot(), detA, assA, found > 0 ? sum / found : 1)
        }
    }

    /// CLEAR's counts; nil where one side has no boxes, for which TrackEval has rules of its own.
    func clear() -> (matched: Int, switches: Int, tracked: [Int], fragments: Int, sum: Double)? {
        guard sequence.truthBoxes > 0, sequence.resultBoxes > 0 else { return nil }
        var last: [Int32: Int32] = [:]
        var before: [Int32: Int32] = [:]
        var (present, found, starts): ([Int32: Int], [Int32: Int], [Int32: Int]) = ([:], [:], [:])
        var (matched, switches, sum) = (0, 0, 0.0)
        for frame in sequence.frames {
            for object in frame.truth { present[object, default: 0] += 1 }
            if frame.truth.isEmpty || frame.result.isEmpty { continue }
            let overlaps = overlaps(frame)
            let score = frame.truth.enumerated().map { row, object in
                frame.result.enumerated().map { column, track in
                    overlaps[row][column] < 0.5 - Self.epsilon
                        ? 0 : (before[object] == track ? 1000 : 0) + overlaps[row][column]
                }
            }
            var now: [Int32: Int32] = [:]
            for pair in Self.pairs(score) where score[pair.row][pair.column] > Self.epsilon {
                let (object, track) = (frame.truth[pair.row], frame.result[pair.column])
                if let known = last[object], known != track { switches += 1 }
                if before[object] == nil { starts[object, default: 0] += 1 }
                last[object] = track
                now[object] = track
                found[object, default: 0] += 1
                matched += 1
                sum += overlaps[pair.row][pair.column]
            }
            before = now
        }
        let ratios = present.map { Double(found[$0.key] ?? 0) / Double($0.value) }
        let mostly = ratios.count { $0 > 0.8 }
        let partly = ratios.count { $0 >= 0.2 } - mostly
        return (
            matched, switches, [mostly, partly, sequence.truthIdentities - mostly - partly],
            starts.values.reduce(0) { $0 + $1 - 1 }, sum
        )
    }
}

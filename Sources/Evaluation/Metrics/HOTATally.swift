/// Matches the boxes of frames for HOTA and adds up what its figures are made of.
///
/// Source: TrackEval `hota.py:75-121`: one matching for all thresholds, which maximises alignment · overlap.
struct HOTATally: Sendable {
    private let alignment: [Double]
    private let limits: [Double]
    private var weights: [Double] = []
    private var matches: AssociationCounts
    private var overlapSums: [Double]
    private var frameSums: [Double]

    private static var levels: Int { HOTAScores.thresholds.count }

    init(_ overlaps: SequenceOverlaps) {
        alignment = overlaps.alignment()
        limits = HOTAScores.thresholds.map { $0 - Double.ulpOfOne }
        matches = AssociationCounts(
            objects: overlaps.objectFrames.count, tracks: overlaps.trackFrames.count, levels: Self.levels)
        overlapSums = [Double](repeating: 0, count: Self.levels)
        frameSums = overlapSums
    }

    /// Takes a frame in which both sides have boxes; `pair` has the number of each entry's pair.
    mutating func add(
        _ frame: FrameOverlaps, truth: [Int32], result: [Int32], pair: Span<Int32>, assignment: inout FrameAssignment
    ) {
        if weights.count < frame.count { weights = [Double](repeating: 0, count: frame.count) }
        let overlaps = frame.overlap.span
        Self.weigh(overlaps.extracting(first: frame.count), pair: pair, alignment: alignment, into: &weights)
        assignment.solve(frame, weights: weights)

        var isMatched = false
        for level in 0..<Self.levels { frameSums[level] = 0 }
        for row in 0..<frame.rows {
            let entry = assignment.entryOfRow[row]
            guard entry >= 0 else { continue }
            let overlap = overlaps[entry]
            let level = levels(reachedBy: overlap)
            guard level > 0 else { continue }
            isMatched = true
            matches.add(truth[row], result[frame.column[entry]], level: level)
            var sums = frameSums.mutableSpan
            for index in 0..<level { sums[index] += overlap }
        }
        if isMatched {
            for level in 0..<Self.levels { overlapSums[level] += frameSums[level] }
        }
    }

    private static func weigh(
        _ overlaps: Span<Double>, pair: Span<Int32>, alignment: [Double], into weights: inout [Double]
    ) {
        let alignment = alignment.span
        var weights = weights.mutableSpan
        for entry in overlaps.indices { weights[entry] = alignment[Int(pair[entry])] * overlaps[entry] }
    }

    /// How many thresholds an overlap reaches.
    private func levels(reachedBy overlap: Double) -> Int {
        // The thresholds lie 0.05 apart; the comparisons with them decide.
        var level = min(max(Int(overlap * 20), 0), limits.count)
        while level < limits.count, overlap >= limits[level] { level += 1 }
        while level > 0, overlap < limits[level - 1] { level -= 1 }
        return level
    }

    /// The figures of the sequence.
    func scores(_ overlaps: SequenceOverlaps) -> HOTAScores {
        let shares = matches.shares(objectFrames: overlaps.objectFrames, trackFrames: overlaps.trackFrames)
        return HOTAScores(
            truePositives: shares.truePositives,
            falseNegatives: shares.truePositives.map { overlaps.truthBoxes - $0 },
            falsePositives: shares.truePositives.map { overlaps.resultBoxes - $0 }, assA: shares.accuracy,
            assRe: shares.recall, assPr: shares.precision,
            locA: zip(overlapSums, shares.truePositives).map { max(1e-10, $0) / max(1e-10, Double($1)) })
    }
}

/// Matches the boxes of frames for HOTA and adds up what its figures are made of.
///
/// Source: TrackEval `hota.py:83-126`: one matching for all thresholds, which maximises alignment · overlap.
struct HOTATally: Sendable {
    private let alignment: [Double]
    private let limits: [Double]
    private var weights: [Double] = []
    /// Matches by the number of thresholds that they reach.
    private var reached: [Int]
    private var overlapSums: [Double]
    private var frameSums: [Double]
    /// By pair: its place in `pairReached`, −1 for none.
    private var place: [Int32]
    private var matchedPairs: [Int] = []
    /// Like `reached`, for each of `matchedPairs`.
    private var pairReached: [Int32] = []

    private static var levels: Int { HOTAScores.thresholds.count }

    init(_ overlaps: SequenceOverlaps) {
        alignment = overlaps.alignment()
        limits = HOTAScores.thresholds.map { $0 - Double.ulpOfOne }
        reached = [Int](repeating: 0, count: Self.levels + 1)
        overlapSums = [Double](repeating: 0, count: Self.levels)
        frameSums = overlapSums
        place = [Int32](repeating: -1, count: overlaps.pairs.count)
    }

    /// Takes a frame in which both sides have boxes; `pair` has the number of each entry's pair.
    mutating func add(_ frame: FrameOverlaps, pair: Span<Int32>, assignment: inout FrameAssignment) {
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
            reached[level] += 1
            count(Int(pair[entry]), level)
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

    private mutating func count(_ pair: Int, _ level: Int) {
        if place[pair] < 0 {
            place[pair] = Int32(matchedPairs.count)
            matchedPairs.append(pair)
            pairReached.append(contentsOf: repeatElement(0, count: Self.levels + 1))
        }
        pairReached[Int(place[pair]) * (Self.levels + 1) + level] += 1
    }

    /// The figures of the sequence.
    func scores(_ overlaps: SequenceOverlaps) -> HOTAScores {
        // Pairs in the order in which they lie in TrackEval's matrices, whose sums depend on it.
        let order = matchedPairs.sorted { overlaps.pairs.keys[$0] < overlaps.pairs.keys[$1] }
        let cells = overlaps.objectFrames.count * overlaps.trackFrames.count
        var matches = [Double](repeating: 0, count: order.count)
        var truePositives = [Int](repeating: 0, count: Self.levels)
        var assA = [Double](repeating: 0, count: Self.levels)
        var (assRe, assPr) = (assA, assA)
        var positions: [Int] = []
        var terms: (a: [Double], re: [Double], pr: [Double]) = ([], [], [])
        var total = 0
        for level in (0..<Self.levels).reversed() {
            total += reached[level + 1]
            truePositives[level] = total
            positions.removeAll(keepingCapacity: true)
            terms.a.removeAll(keepingCapacity: true)
            terms.re.removeAll(keepingCapacity: true)
            terms.pr.removeAll(keepingCapacity: true)
            for (index, number) in order.enumerated() {
                matches[index] += Double(pairReached[Int(place[number]) * (Self.levels + 1) + level + 1])
                let count = matches[index]
                guard count > 0 else { continue }
                let (object, track) = overlaps.pairs.pair(number)
                let objectFrames = Double(overlaps.objectFrames[object])
                let trackFrames = Double(overlaps.trackFrames[track])
                positions.append(overlaps.pairs.keys[number])
                terms.a.append(count * (count / max(1, objectFrames + trackFrames - count)))
                terms.re.append(count * (count / max(1, objectFrames)))
                terms.pr.append(count * (count / max(1, trackFrames)))
            }
            let whole = Double(max(1, total))
            assA[level] = PairwiseSum.sum(at: positions, terms.a, count: cells) / whole
            assRe[level] = PairwiseSum.sum(at: positions, terms.re, count: cells) / whole
            assPr[level] = PairwiseSum.sum(at: positions, terms.pr, count: cells) / whole
        }
        return HOTAScores(
            truePositives: truePositives, falseNegatives: truePositives.map { overlaps.truthBoxes - $0 },
            falsePositives: truePositives.map { overlaps.resultBoxes - $0 }, assA: assA, assRe: assRe, assPr: assPr,
            locA: zip(overlapSums, truePositives).map { max(1e-10, $0) / max(1e-10, Double($1)) })
    }
}

import Assignment

/// Adds up what VACE's figures are made of.
///
/// Source: TrackEval `vace.py:33-95`.
struct VACETally: Sendable {
    private var detectionSum = 0.0
    private var frames = 0

    /// Takes a frame in which one side at least has boxes.
    mutating func add(_ overlaps: FrameOverlaps, assignment: inout FrameAssignment) {
        frames += 1
        guard overlaps.count > 0 else { return }
        assignment.solve(overlaps, weights: overlaps.overlap)
        var sum = 0.0
        for entry in assignment.entryOfRow where entry >= 0 { sum += overlaps.overlap[entry] }
        detectionSum += sum / (0.5 * Double(overlaps.rows + overlaps.columns))
    }

    /// The figures of the sequence.
    func scores(_ overlaps: SequenceOverlaps, _ sequence: MetricSequence) -> VACEScores {
        let (numbers, starts, columns) = overlaps.halfPairs()
        let objectFrames = FrameLists(sequence.frames.lazy.map(\.truth), counts: overlaps.objectFrames)
        let trackFrames = FrameLists(sequence.frames.lazy.map(\.result), counts: overlaps.trackFrames)
        let weights = numbers.map { number in
            let (object, track) = overlaps.pairs.pair(number)
            let both = FrameLists.common(objectFrames[object], trackFrames[track])
            let either = overlaps.objectFrames[object] + overlaps.trackFrames[track] - both
            return Double(overlaps.halves[number]) / Double(either)
        }
        var matcher = SparseMatcher()
        let entryOfRow = matcher.match(
            columns: sequence.resultIdentities, starts: starts, column: columns, weights: weights)
        return VACEScores(
            tracks: Double(sequence.resultIdentities), objects: Double(sequence.truthIdentities),
            frames: Double(frames),
            trackingSum: entryOfRow.reduce(0.0) { $1 < 0 ? $0 : $0 + weights[$1] }, detectionSum: detectionSum)
    }
}

/// The frames in which each identity has a box, identity by identity.
private struct FrameLists {
    private var starts: [Int]
    private var frames: [Int32]

    init(_ identities: some Sequence<[Int32]>, counts: [Int]) {
        starts = [0]
        starts.reserveCapacity(counts.count + 1)
        for count in counts { starts.append(starts[starts.count - 1] + count) }
        frames = [Int32](repeating: 0, count: starts[starts.count - 1])
        var next = starts
        for (frame, list) in identities.enumerated() {
            for identity in list {
                frames[next[Int(identity)]] = Int32(truncatingIfNeeded: frame)
                next[Int(identity)] += 1
            }
        }
    }

    subscript(identity: Int) -> ArraySlice<Int32> { frames[starts[identity]..<starts[identity + 1]] }

    /// How many frames are in both lists: each of the shorter one is looked for in the longer one.
    static func common(_ one: ArraySlice<Int32>, _ other: ArraySlice<Int32>) -> Int {
        let (short, long) = one.count < other.count ? (one, other) : (other, one)
        var count = 0
        var rest = long
        for frame in short {
            var step = 1
            while step < rest.count, rest[rest.startIndex + step] <= frame { step *= 2 }
            var low = rest.startIndex + step / 2
            var high = min(rest.endIndex, rest.startIndex + step)
            while low < high {
                let middle = (low + high) / 2
                if rest[middle] < frame { low = middle + 1 } else { high = middle }
            }
            rest = rest[low...]
            if rest.first == frame { count += 1 }
        }
        return count
    }
}

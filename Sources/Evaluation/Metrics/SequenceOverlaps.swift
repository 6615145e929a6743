/// What metrics need to know of a whole sequence before they look at its frames one by one.
///
/// Sources: TrackEval `hota.py:51-69` and `identity.py:48-62`.
struct SequenceOverlaps: Sendable {
    /// In how many frames each object and each track has a box.
    private(set) var objectFrames: [Int]
    private(set) var trackFrames: [Int]
    /// All true boxes and all boxes of the tracker.
    private(set) var truthBoxes = 0
    private(set) var resultBoxes = 0
    /// The pairs that overlap in any frame, numbered.
    private(set) var pairs: PairTable
    /// By pair: the sum over frames of its overlap's share in all overlaps of its two boxes.
    private(set) var shared: [Double] = []
    /// By pair: frames in which it overlaps by one half or more.
    private(set) var halves: [Int32] = []
    /// The number of the pair of each entry of each frame, one frame after another.
    private(set) var pairOfEntry: [Int32] = []

    /// Overlap from which Identity and VACE count a pair; both compare without tolerance.
    static let half = 0.5

    init(_ sequence: MetricSequence, buffer: inout FrameOverlaps) {
        objectFrames = [Int](repeating: 0, count: sequence.truthIdentities)
        trackFrames = [Int](repeating: 0, count: sequence.resultIdentities)
        pairs = PairTable(objects: sequence.truthIdentities, tracks: sequence.resultIdentities)
        var sums = OverlapSums()
        for frame in sequence.frames {
            truthBoxes += frame.truth.count
            resultBoxes += frame.result.count
            for object in frame.truth { objectFrames[Int(object)] += 1 }
            for track in frame.result { trackFrames[Int(track)] += 1 }
            buffer.read(frame)
            guard buffer.count > 0 else { continue }
            sums.read(buffer, isColumnMajor: sequence.isColumnMajor)
            for row in 0..<buffer.rows {
                for entry in buffer.starts[row]..<buffer.starts[row + 1] {
                    let place = buffer.column[entry]
                    let overlap = buffer.overlap[entry]
                    let pair = pairs.number(frame.truth[row], frame.result[place])
                    pairOfEntry.append(Int32(pair))
                    if pair == shared.count {
                        shared.append(0)
                        halves.append(0)
                    }
                    let union = sums.columns[place] + sums.rows[row] - overlap
                    if union > Double.ulpOfOne { shared[pair] += overlap / union }
                    if overlap >= Self.half { halves[pair] += 1 }
                }
            }
        }
    }

    /// Whether one side has no boxes at all.
    var isOneSided: Bool { truthBoxes == 0 || resultBoxes == 0 }

    /// By pair: how well the two belong together over the whole sequence, a Jaccard index (`hota.py:72`).
    func alignment() -> [Double] {
        shared.indices.map { number in
            let (object, track) = pairs.pair(number)
            return shared[number] / (Double(objectFrames[object] + trackFrames[track]) - shared[number])
        }
    }

    /// The pairs that overlap by one half or more in any frame, as a table of rows for `SparseMatcher`.
    func halfPairs() -> (numbers: [Int], starts: [Int], columns: [Int]) {
        let numbers = pairs.sorted { halves[$0] > 0 }
        var starts = [0]
        starts.reserveCapacity(objectFrames.count + 1)
        var columns: [Int] = []
        columns.reserveCapacity(numbers.count)
        for number in numbers {
            let (object, track) = pairs.pair(number)
            while starts.count <= object { starts.append(columns.count) }
            columns.append(track)
        }
        while starts.count <= objectFrames.count { starts.append(columns.count) }
        return (numbers, starts, columns)
    }
}

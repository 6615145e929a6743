import Assignment

extension ServerScores {
    /// Scores one class of one video, whose overlaps are those of boxes one pixel wider and higher than in the file and
    /// whose boxes in ignored regions are left out already.
    public init(_ sequence: MetricSequence) {
        var tally = ServerTally(sequence)
        for frame in sequence.frames { tally.add(frame) }
        self = tally.scores
    }
}

/// Matches boxes frame by frame as py-motmetrics' accumulator does.
///
/// Source: py-motmetrics 1.4.0 `mot.py:135-309`: an object stays with the track it was last matched to, however long
/// ago, where their distance allows it; then what is left is assigned, most pairs first and then the least distance.
/// Distances above one half are no pairs.
private struct ServerTally {
    private var overlaps = FrameOverlaps()
    private var assignment = FrameAssignment()
    private var weights: [Double] = []
    private var costs: [Double] = []
    private var isHeld: [Bool] = []
    private var heldEntry: [Int] = []

    private var pairs: PairTable
    /// By pair: frames in which their distance allows a match.
    private var pairFrames: [Int] = []
    private var objectFrames: [Int]
    private var trackFrames: [Int]
    /// By object: the track it was last matched to, −1 for none.
    private var lastTrack: [Int32]
    private var matchedFrames: [Int]
    /// By object: whether it was missed since it was last matched.
    private var isMissed: [Bool]
    private var matches = 0
    private var switches = 0
    private var fragmentations = 0
    private var distanceSum = 0.0

    private static let largestDistance = 0.5

    init(_ sequence: MetricSequence) {
        pairs = PairTable(objects: sequence.truthIdentities, tracks: sequence.resultIdentities)
        objectFrames = [Int](repeating: 0, count: sequence.truthIdentities)
        trackFrames = [Int](repeating: 0, count: sequence.resultIdentities)
        lastTrack = [Int32](repeating: -1, count: sequence.truthIdentities)
        matchedFrames = objectFrames
        isMissed = [Bool](repeating: false, count: sequence.truthIdentities)
    }

    mutating func add(_ frame: MetricSequence.Frame) {
        for object in frame.truth { objectFrames[Int(object)] += 1 }
        for track in frame.result { trackFrames[Int(track)] += 1 }
        overlaps.read(frame)
        countPairs(frame)
        hold(frame)
        weigh()
        assignment.solve(
            overlaps, weights: weights, costs: costs, absent: weights.isEmpty ? 0 : expense)
        for row in 0..<overlaps.rows {
            let object = Int(frame.truth[row])
            let assigned = assignment.entryOfRow[row]
            let entry = heldEntry[row] >= 0 ? heldEntry[row] : assigned
            guard entry >= 0 else {
                if lastTrack[object] >= 0 { isMissed[object] = true }
                continue
            }
            let track = frame.result[overlaps.column[entry]]
            if lastTrack[object] >= 0, lastTrack[object] != track { switches += 1 }
            if isMissed[object] { fragmentations += 1 }
            isMissed[object] = false
            lastTrack[object] = track
            matchedFrames[object] += 1
            matches += 1
            distanceSum += 1 - overlaps.overlap[entry]
        }
    }

    private func isPair(_ entry: Int) -> Bool { 1 - overlaps.overlap[entry] <= Self.largestDistance }

    private mutating func countPairs(_ frame: MetricSequence.Frame) {
        for row in 0..<overlaps.rows {
            for entry in overlaps.starts[row]..<overlaps.starts[row + 1] where isPair(entry) {
                let pair = pairs.number(frame.truth[row], frame.result[overlaps.column[entry]])
                if pair == pairFrames.count { pairFrames.append(0) }
                pairFrames[pair] += 1
            }
        }
    }

    /// Keeps the pairs of before, object by object in the order of the frame.
    private mutating func hold(_ frame: MetricSequence.Frame) {
        isHeld.removeAll(keepingCapacity: true)
        isHeld.append(contentsOf: repeatElement(false, count: overlaps.columns))
        heldEntry.removeAll(keepingCapacity: true)
        for row in 0..<overlaps.rows {
            let track = lastTrack[Int(frame.truth[row])]
            var held = -1
            for entry in overlaps.starts[row]..<overlaps.starts[row + 1]
            where frame.result[overlaps.column[entry]] == track && isPair(entry) && !isHeld[overlaps.column[entry]] {
                held = entry
                isHeld[overlaps.column[entry]] = true
            }
            heldEntry.append(held)
        }
    }

    /// The cost of a pair that is none: so large that one pair more is always worth it (`lap.py:79-110`).
    private var expense: Double {
        2 * Double(min(overlaps.rows, overlaps.columns)) * (largest + 1) + 1
    }
    private var largest = 0.0

    /// Gives the pairs that are left their weights.
    private mutating func weigh() {
        weights.removeAll(keepingCapacity: true)
        costs.removeAll(keepingCapacity: true)
        largest = 0
        for row in 0..<overlaps.rows {
            for entry in overlaps.starts[row]..<overlaps.starts[row + 1] {
                let isFree = heldEntry[row] < 0 && !isHeld[overlaps.column[entry]] && isPair(entry)
                let distance = 1 - overlaps.overlap[entry]
                costs.append(distance)
                weights.append(isFree ? 1 : 0)
                if isFree { largest = max(largest, distance) }
            }
        }
        let expense = expense
        for entry in weights.indices where weights[entry] > 0 { weights[entry] = expense - costs[entry] }
    }

    var scores: ServerScores {
        let numbers = pairs.sorted { _ in true }
        var starts = [0]
        var columns: [Int] = []
        for number in numbers {
            let (object, track) = pairs.pair(number)
            while starts.count <= object { starts.append(columns.count) }
            columns.append(track)
        }
        while starts.count <= objectFrames.count { starts.append(columns.count) }
        var matcher = SparseMatcher()
        let entryOfRow = matcher.match(
            columns: trackFrames.count, starts: starts, column: columns,
            weights: numbers.map { Double(pairFrames[$0]) })
        var (tracked, partly, lost) = (0, 0, 0)
        for (object, count) in objectFrames.enumerated() where count > 0 {
            let ratio = Double(matchedFrames[object]) / Double(count)
            if ratio >= 0.8 { tracked += 1 } else if ratio >= 0.2 { partly += 1 } else { lost += 1 }
        }
        let truthBoxes = objectFrames.reduce(0, +)
        let resultBoxes = trackFrames.reduce(0, +)
        return ServerScores(
            falsePositives: resultBoxes - matches, misses: truthBoxes - matches, switches: switches,
            mostlyTracked: tracked, partlyTracked: partly, mostlyLost: lost, fragmentations: fragmentations,
            matches: matches, truthBoxes: truthBoxes, resultBoxes: resultBoxes,
            identityMatches: entryOfRow.reduce(0) { $1 < 0 ? $0 : $0 + pairFrames[numbers[$1]] },
            distanceSum: distanceSum)
    }
}

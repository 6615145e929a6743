/// How often which object was matched with which track, at each of several thresholds, and what follows for association.
///
/// Source: TrackEval `hota.py:107-116`; TETA's `teta/metrics/teta.py:220-241` is the same.
struct AssociationCounts: Sendable {
    /// Number of thresholds.
    let levels: Int
    private let objects: Int
    private let tracks: Int
    private var pairs: PairTable
    /// By pair and number of thresholds that a match reaches: matches.
    private var reached: [Int32] = []

    /// Shares of association at each threshold, with the matches that they are means of.
    struct Shares: Sendable {
        var truePositives: [Int]
        var accuracy, recall, precision: [Double]
    }

    init(objects: Int, tracks: Int, levels: Int) {
        self.levels = levels
        self.objects = objects
        self.tracks = tracks
        pairs = PairTable(objects: objects, tracks: tracks)
    }

    /// Counts a match that reaches the first `level` thresholds.
    mutating func add(_ object: Int32, _ track: Int32, level: Int) {
        let pair = pairs.number(object, track)
        if pair * (levels + 1) == reached.count { reached.append(contentsOf: repeatElement(0, count: levels + 1)) }
        reached[pair * (levels + 1) + level] += 1
    }

    /// What the matches say about association.
    func shares(objectFrames: [Int], trackFrames: [Int]) -> Shares {
        // Pairs in the order in which they lie in the kit's matrices, whose sums depend on it.
        let order = pairs.sorted { _ in true }
        let cells = objects * tracks
        var matches = [Double](repeating: 0, count: order.count)
        let zeros = [Double](repeating: 0, count: levels)
        var shares = Shares(
            truePositives: [Int](repeating: 0, count: levels), accuracy: zeros, recall: zeros, precision: zeros)
        var positions: [Int] = []
        var (accuracy, recall, precision): ([Double], [Double], [Double]) = ([], [], [])
        for level in (0..<levels).reversed() {
            positions.removeAll(keepingCapacity: true)
            accuracy.removeAll(keepingCapacity: true)
            recall.removeAll(keepingCapacity: true)
            precision.removeAll(keepingCapacity: true)
            var total = 0.0
            for (index, number) in order.enumerated() {
                matches[index] += Double(reached[number * (levels + 1) + level + 1])
                let count = matches[index]
                guard count > 0 else { continue }
                total += count
                let (object, track) = pairs.pair(number)
                let (ofObject, ofTrack) = (Double(objectFrames[object]), Double(trackFrames[track]))
                positions.append(pairs.keys[number])
                accuracy.append(count * (count / max(1, ofObject + ofTrack - count)))
                recall.append(count * (count / max(1, ofObject)))
                precision.append(count * (count / max(1, ofTrack)))
            }
            shares.truePositives[level] = Int(total)
            shares.accuracy[level] = PairwiseSum.sum(at: positions, accuracy, count: cells) / max(1, total)
            shares.recall[level] = PairwiseSum.sum(at: positions, recall, count: cells) / max(1, total)
            shares.precision[level] = PairwiseSum.sum(at: positions, precision, count: cells) / max(1, total)
        }
        return shares
    }
}

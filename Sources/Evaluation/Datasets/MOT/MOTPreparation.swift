internal import Geometry

/// Leaves out of a frame what MOTChallenge does not judge.
struct MOTPreparation {
    /// Classes that may be found or not; nil where classes play no part.
    private let distractors: Set<Int>?
    private var all = BoxEdges()
    private var counted = BoxEdges()
    private var neutral = BoxEdges()
    private var found = BoxEdges()
    private var overlaps: [Double] = []
    private var matching = LooseMatching()

    init(distractors: Set<Int>?) { self.distractors = distractors }

    /// The identities that are left on both sides, in the order of the file, and their overlaps.
    ///
    /// Where no box of the result comes near a distractor, nothing can be matched with one: then only the overlaps that
    /// count are computed.
    mutating func prepare(
        _ truth: [TruthBox], _ result: [ResultBox]
    ) -> (truth: [Int64], result: [Int64], similarity: [Double]) {
        found.replace(with: result.lazy.map(\.box))
        var keepsResult: [Bool]?
        if let distractors {
            neutral.replace(with: truth.lazy.filter { distractors.contains($0.classID) }.map(\.box))
            if neutral.reach(found, LooseMatching.threshold) {
                keepsResult = matched(truth, result, distractors)
            }
        }
        let counts = { [hasClasses = distractors != nil] (box: TruthBox) in
            box.isConsidered && (!hasClasses || box.classID == 1)
        }
        if let keepsResult {
            let rows = truth.map(counts)
            return (
                truth.filter(counts).map(\.identity),
                result.indices.filter { keepsResult[$0] }.map { result[$0].identity },
                MOTRules.kept(overlaps, rows: rows, columns: keepsResult)
            )
        }
        counted.replace(with: truth.lazy.filter(counts).map(\.box))
        var similarity: [Double] = []
        counted.overlaps(with: found, into: &similarity)
        return (truth.filter(counts).map(\.identity), result.map(\.identity), similarity)
    }

    /// Which boxes of the result are not matched with a distractor; leaves all overlaps behind.
    private mutating func matched(
        _ truth: [TruthBox], _ result: [ResultBox], _ distractors: Set<Int>
    ) -> [Bool] {
        all.replace(with: truth.lazy.map(\.box))
        all.overlaps(with: found, into: &overlaps)
        matching.match(overlaps, rows: truth.count, columns: result.count) { row in
            distractors.contains(truth[row].classID)
        }
        return matching.rowOfColumn.map { $0 < 0 || !distractors.contains(truth[$0].classID) }
    }
}

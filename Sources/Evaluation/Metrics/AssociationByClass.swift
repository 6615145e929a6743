import Assignment

extension AssociationScores {
    /// Association accuracy of each class of a sequence, 0 for a class without boxes that can be matched.
    ///
    /// `sequence` has the boxes of all classes together on both sides, after regions that are not judged were taken care
    /// of; `truthClasses` has the class of each true box of each frame. The classes that the tracker gives are not
    /// looked at: a track belongs to a class if it ever overlaps one of its true boxes by one half or more, in a frame in
    /// which it is not assigned to an object of another class (`coco.py:238-438`, `teta.py:40-70`).
    public static func byClass(
        _ sequence: MetricSequence, truthClasses: [[Int]], classes: [Int]
    ) -> [AssociationScores] {
        let assigned = assignments(of: sequence)
        return classes.map { wanted in
            var isKept = [Bool](repeating: false, count: sequence.resultIdentities)
            var canMatch = false
            for (index, frame) in sequence.frames.enumerated() {
                let isWanted = truthClasses[index].map { $0 == wanted }
                let others = Set(assigned[index].filter { !isWanted[$0.row] }.map(\.track))
                for (row, _) in frame.truth.enumerated() where isWanted[row] {
                    for (column, track) in frame.result.enumerated() where !others.contains(track) {
                        if frame.similarity[row * frame.result.count + column] >= SequenceOverlaps.half {
                            isKept[Int(track)] = true
                            canMatch = true
                        }
                    }
                }
            }
            let part = restricted(sequence, to: isKept) { truthClasses[$0][$1] == wanted }
            guard canMatch, part.truthBoxes > 0 else { return AssociationScores(truthBoxes: part.truthBoxes) }
            return AssociationScores(matching: part)
        }
    }

    /// The objects and tracks of each frame that belong together whatever their classes.
    private static func assignments(of sequence: MetricSequence) -> [[(row: Int, track: Int32)]] {
        var isKept = [Bool](repeating: false, count: sequence.resultIdentities)
        for frame in sequence.frames {
            for (index, overlap) in frame.similarity.enumerated() where overlap >= SequenceOverlaps.half {
                isKept[Int(frame.result[index % frame.result.count])] = true
            }
        }
        guard isKept.contains(true) else { return sequence.frames.map { _ in [] } }
        let part = restricted(sequence, to: isKept) { _, _ in true }
        let tracks = isKept.indices.filter { isKept[$0] }
        var matching = AssociationMatching(part)
        return part.frames.map { frame in
            matching.pairs(frame).filter { $0.overlap >= 0.5 - Double.ulpOfOne }
                .map { (row: $0.row, track: Int32(tracks[Int(frame.result[$0.column])])) }
        }
    }

    /// Figures of a sequence of one class.
    private init(matching sequence: MetricSequence) {
        var matching = AssociationMatching(sequence)
        let limits = Self.thresholds.map { $0 - Double.ulpOfOne }
        var counts = AssociationCounts(
            objects: sequence.truthIdentities, tracks: sequence.resultIdentities, levels: limits.count)
        for frame in sequence.frames {
            for pair in matching.pairs(frame) {
                counts.add(
                    frame.truth[pair.row], frame.result[pair.column], level: limits.count { $0 <= pair.overlap })
            }
        }
        let overlaps = matching.overlaps
        let shares = counts.shares(objectFrames: overlaps.objectFrames, trackFrames: overlaps.trackFrames)
        self.init(
            truePositives: shares.truePositives, truthBoxes: overlaps.truthBoxes, assocA: shares.accuracy,
            assocRe: shares.recall, assocPr: shares.precision)
    }

    /// Some tracks and some true boxes of a sequence, objects and tracks numbered anew in the same order.
    ///
    /// The matrices that are left lie column by column, as indexing columns last leaves them in NumPy.
    private static func restricted(
        _ sequence: MetricSequence, to isKept: [Bool], rows isTaken: (_ frame: Int, _ row: Int) -> Bool
    ) -> MetricSequence {
        func numbers(_ isUsed: [Bool]) -> (numbers: [Int32], count: Int) {
            var next: Int32 = 0
            return (
                isUsed.map { used in
                    defer { next += used ? 1 : 0 }
                    return next
                }, isUsed.count { $0 }
            )
        }
        var hasObject = [Bool](repeating: false, count: sequence.truthIdentities)
        for (index, frame) in sequence.frames.enumerated() {
            for (row, object) in frame.truth.enumerated() where isTaken(index, row) { hasObject[Int(object)] = true }
        }
        let (objects, tracks) = (numbers(hasObject), numbers(isKept))
        let frames = sequence.frames.enumerated().map { index, frame in
            let rows = frame.truth.indices.filter { isTaken(index, $0) }
            let columns = frame.result.indices.filter { isKept[Int(frame.result[$0])] }
            return MetricSequence.Frame(
                truth: rows.map { objects.numbers[Int(frame.truth[$0])] },
                result: columns.map { tracks.numbers[Int(frame.result[$0])] },
                similarity: rows.flatMap { row in columns.map { frame.similarity[row * frame.result.count + $0] } })
        }
        return MetricSequence(
            frames: frames, truthIdentities: objects.count, resultIdentities: tracks.count, isColumnMajor: true)
    }
}

/// Pairs boxes by alignment · overlap as HOTA does, boxes that do not overlap included.
private struct AssociationMatching {
    let overlaps: SequenceOverlaps
    private let alignment: [Double]
    private var buffer = FrameOverlaps()
    private var entries = 0
    private var matcher = HungarianMatcher()
    private var cost = CostMatrix(rows: 0, columns: 0)

    init(_ sequence: MetricSequence) {
        overlaps = SequenceOverlaps(sequence, buffer: &buffer)
        alignment = overlaps.alignment()
    }

    /// The pairs of the next frame; frames come in order.
    mutating func pairs(_ frame: MetricSequence.Frame) -> [(row: Int, column: Int, overlap: Double)] {
        buffer.read(frame)
        cost.reshape(rows: buffer.rows, columns: buffer.columns, repeating: 0)
        for row in 0..<buffer.rows {
            for entry in buffer.starts[row]..<buffer.starts[row + 1] {
                let pair = Int(overlaps.pairOfEntry[entries + entry])
                cost[row, buffer.column[entry]] = -(alignment[pair] * buffer.overlap[entry])
            }
        }
        entries += buffer.count
        return matcher.match(cost).enumerated().filter { $1 >= 0 }
            .map { (row: $0, column: $1, overlap: frame.similarity[$0 * frame.result.count + $1]) }
    }
}

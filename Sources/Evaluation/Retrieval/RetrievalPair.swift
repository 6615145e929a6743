internal import Assignment
internal import Geometry

/// Asks every query of a frame who it is in a later frame, by the feature and by the baselines.
///
/// Ties fall to the box of lower index, in rows and in columns; boxes arrive shuffled (docs/features.md), so that
/// the lower index favours nobody. This holds for zero vectors, which are equally alike to everything, and for boxes
/// that overlap nothing.
///
/// Scratch space is kept from pair to pair.
struct RetrievalPair: Sendable {
    let similarity: Similarity
    /// Whether only boxes of the query's class are in its gallery.
    let classGate: Bool

    private var scores: [Float] = []
    private var cost = CostMatrix(rows: 0, columns: 0, values: [])
    private var matcher = HungarianMatcher()
    private var assignment: [Int] = []
    private var rowOfColumn: [Int] = []

    init(similarity: Similarity, classGate: Bool) {
        self.similarity = similarity
        self.classGate = classGate
    }

    /// Counts the queries of a pair of frames.
    ///
    /// - Complexity: O(boxes² · dimension) for the similarities, O(boxes³) for the assignment.
    mutating func judge(_ earlier: StoredFrame, _ later: StoredFrame, tally: inout RetrievalTally) {
        let targets = earlier.identities.map { later.place(of: $0) }
        guard targets.contains(where: { $0 != nil }) else { return }
        var outcomes = targets.indices.map { row -> RetrievalCounts in
            var outcome = RetrievalCounts()
            guard let target = targets[row] else { return outcome }
            outcome.queries = 1
            let gallery = later.classes.count { isCandidate(earlier.classes[row], $0) }
            outcome.chance = isCandidate(earlier.classes[row], later.classes[target]) ? 1 / Double(gallery) : 0
            return outcome
        }
        if let vectors = earlier.vectors, let gallery = later.vectors {
            similarity.matrix(vectors, gallery, into: &scores)
            judgeFeature(earlier, later, targets: targets, outcomes: &outcomes, tally: &tally)
        }
        if let histograms = earlier.histograms, let gallery = later.histograms {
            Similarity.cosine.matrix(histograms, gallery, into: &scores)
            for (row, target) in targets.enumerated() where target != nil {
                let first = row * later.count
                if nearest(row, earlier, later, by: { scores[first + $0] }) == target { outcomes[row].histogram = 1 }
            }
        }
        for (row, target) in targets.enumerated() where target != nil {
            let box = earlier.boxes[row]
            let overlap = nearest(row, earlier, later) { later.boxes[$0].intersectionOverUnion(with: box) }
            let centre = nearest(row, earlier, later) { column in
                let other = later.boxes[column]
                let (x, y) = (other.centreX - box.centreX, other.centreY - box.centreY)
                return -(x * x + y * y)
            }
            if overlap == target { outcomes[row].iou = 1 }
            if centre == target { outcomes[row].centre = 1 }
            tally.add(
                outcomes[row], classID: earlier.classes[row], strata: tally.isRecording ? earlier.strata[row] : [])
        }
    }

    @inline(__always)
    private func isCandidate(_ queryClass: Int, _ galleryClass: Int) -> Bool {
        !classGate || queryClass == galleryClass
    }

    /// The candidate of highest score, the first of several; nil without candidates.
    @inline(__always)
    private func nearest<Score: Comparable>(
        _ row: Int, _ earlier: StoredFrame, _ later: StoredFrame, by score: (_ column: Int) -> Score
    ) -> Int? {
        let queryClass = earlier.classes[row]
        var best: (column: Int, score: Score)?
        for column in 0..<later.count where isCandidate(queryClass, later.classes[column]) {
            let candidate = score(column)
            guard let current = best else {
                best = (column, candidate)
                continue
            }
            if candidate > current.score { best = (column, candidate) }
        }
        return best?.column
    }

    /// Everything that is counted by the feature; `scores` holds the similarities.
    private mutating func judgeFeature(
        _ earlier: StoredFrame, _ later: StoredFrame, targets: [Int?], outcomes: inout [RetrievalCounts],
        tally: inout RetrievalTally
    ) {
        assign(earlier, later)
        findRowsOfColumns(earlier, later)
        for row in targets.indices {
            guard let target = targets[row] else { continue }
            if assignment[row] == target { outcomes[row].hungarian = 1 }
            let first = row * later.count
            guard let column = nearest(row, earlier, later, by: { scores[first + $0] }) else { continue }
            let isHit = column == target
            if !isHit {
                tally.addMiss(wrong: Double(scores[first + column]), right: Double(scores[first + target])) {
                    (earlier.place(at: row), later.place(at: column), later.place(at: target))
                }
            }
            let isSameClass = later.classes[column] == earlier.classes[row]
            outcomes[row].top1 = isHit ? 1 : 0
            outcomes[row].sameClass = isSameClass ? 1 : 0
            outcomes[row].sameClassMisses = isSameClass && !isHit ? 1 : 0
            if rowOfColumn[column] == row {
                outcomes[row].mutual = 1
                outcomes[row].mutualCorrect = isHit ? 1 : 0
            }
            if isHit || isAmongNearest(5, target, row, earlier, later) { outcomes[row].recall5 = 1 }
        }
        tally.withPairs { pairs in
            for (row, target) in targets.enumerated() {
                guard let target else { continue }
                for column in 0..<later.count where isCandidate(earlier.classes[row], later.classes[column]) {
                    pairs.add(scores[row * later.count + column], isSame: column == target)
                }
            }
        }
    }

    /// The one-to-one assignment over all boxes of both frames that maximises the sum of similarities.
    private mutating func assign(_ earlier: StoredFrame, _ later: StoredFrame) {
        cost.reshape(rows: earlier.count, columns: later.count)
        for row in 0..<earlier.count {
            for column in 0..<later.count where isCandidate(earlier.classes[row], later.classes[column]) {
                let index = row * later.count + column
                cost.values[index] = 1 - Double(scores[index])
            }
        }
        matcher.match(cost, into: &assignment)
    }

    /// The nearest row of every column, among all boxes of the earlier frame; −1 without candidates.
    private mutating func findRowsOfColumns(_ earlier: StoredFrame, _ later: StoredFrame) {
        rowOfColumn.removeAll(keepingCapacity: true)
        rowOfColumn.append(contentsOf: repeatElement(-1, count: later.count))
        for row in 0..<earlier.count {
            for column in 0..<later.count where isCandidate(earlier.classes[row], later.classes[column]) {
                let best = rowOfColumn[column]
                if best < 0 || scores[row * later.count + column] > scores[best * later.count + column] {
                    rowOfColumn[column] = row
                }
            }
        }
    }

    /// Whether fewer than `limit` candidates come before the target: more alike, or as alike with a lower index.
    private func isAmongNearest(
        _ limit: Int, _ target: Int, _ row: Int, _ earlier: StoredFrame, _ later: StoredFrame
    ) -> Bool {
        guard isCandidate(earlier.classes[row], later.classes[target]) else { return false }
        let first = row * later.count
        let score = scores[first + target]
        var before = 0
        for column in 0..<later.count where isCandidate(earlier.classes[row], later.classes[column]) {
            let other = scores[first + column]
            if other > score || (other == score && column < target) { before += 1 }
        }
        return before < limit
    }
}

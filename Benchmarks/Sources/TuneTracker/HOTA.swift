import Assignment

/// Counts from which HOTA is worked out; those of several sequences can be added.
///
/// Source: TrackEval `metrics/hota.py` and the preprocessing of `datasets/mot_challenge_2d_box.py`. The figures of a note
/// come from TrackEval itself; this twin makes a search affordable.
struct HOTACounts: Sendable {
    static let thresholds = (0..<19).map { 0.05 + Double($0) * 0.05 }

    var truePositives = [Double](repeating: 0, count: 19)
    var missed = [Double](repeating: 0, count: 19)
    var wrong = [Double](repeating: 0, count: 19)
    /// Sum over true positives of their association's Jaccard index.
    var association = [Double](repeating: 0, count: 19)
    var switches = 0

    static func + (left: HOTACounts, right: HOTACounts) -> HOTACounts {
        var sum = left
        for index in thresholds.indices {
            sum.truePositives[index] += right.truePositives[index]
            sum.missed[index] += right.missed[index]
            sum.wrong[index] += right.wrong[index]
            sum.association[index] += right.association[index]
        }
        sum.switches += right.switches
        return sum
    }

    private func mean(_ value: (Int) -> Double) -> Double {
        100 * Self.thresholds.indices.map(value).reduce(0, +) / Double(Self.thresholds.count)
    }

    private func detection(_ index: Int) -> Double {
        truePositives[index] / max(1, truePositives[index] + missed[index] + wrong[index])
    }

    private func associationAccuracy(_ index: Int) -> Double { association[index] / max(1, truePositives[index]) }

    var hota: Double { mean { (detection($0) * associationAccuracy($0)).squareRoot() } }
    var detA: Double { mean(detection) }
    var assA: Double { mean(associationAccuracy) }
}

extension HOTACounts {
    /// One frame after preprocessing, with identities and tracks as dense indices.
    private struct ScoredFrame {
        var truth: [Int]
        var tracks: [Int]
        /// Row-major: truth × tracks.
        var overlaps: [Double]
    }

    /// Scores the tracks of a sequence.
    init(_ sequence: MOTSequence, ids: [[Int?]]) {
        var matcher = HungarianMatcher()
        var truthIndex: [Int: Int] = [:]
        var trackIndex: [Int: Int] = [:]
        var frames: [ScoredFrame] = []
        var truthCounts: [Double] = []
        var trackCounts: [Double] = []
        for (frame, ids) in zip(sequence.frames, ids) {
            let columns = Self.keptColumns(frame, ids: ids, matcher: &matcher)
            let rows = frame.truth.indices.filter { frame.truth[$0].counts }
            let truth = rows.map { row in
                let next = truthIndex.count
                return truthIndex[frame.truth[row].identity, default: next, adding: next]
            }
            let tracks = columns.map { column in
                let next = trackIndex.count
                return trackIndex[ids[column] ?? 0, default: next, adding: next]
            }
            while truthCounts.count < truthIndex.count { truthCounts.append(0) }
            while trackCounts.count < trackIndex.count { trackCounts.append(0) }
            for index in truth { truthCounts[index] += 1 }
            for index in tracks { trackCounts[index] += 1 }
            let overlaps = rows.flatMap { row in
                columns.map { frame.overlaps[row * frame.boxes.count + $0] }
            }
            frames.append(ScoredFrame(truth: truth, tracks: tracks, overlaps: overlaps))
        }
        score(frames, truthCounts: truthCounts, trackCounts: trackCounts, matcher: &matcher)
    }

    /// The boxes with a track, without those that are matched to distractors.
    private static func keptColumns(
        _ frame: MOTSequence.Frame, ids: [Int?], matcher: inout HungarianMatcher
    ) -> [Int] {
        let columns = ids.indices.filter { ids[$0] != nil }
        guard !columns.isEmpty, frame.truth.contains(where: \.isDistractor) else { return columns }
        var cost = CostMatrix(rows: frame.truth.count, columns: columns.count, repeating: 0)
        for row in frame.truth.indices {
            for (place, column) in columns.enumerated() {
                let overlap = frame.overlaps[row * frame.boxes.count + column]
                if overlap >= 0.5 - Double.ulpOfOne { cost[row, place] = -overlap }
            }
        }
        var isKept = [Bool](repeating: true, count: columns.count)
        for (row, place) in matcher.match(cost).enumerated()
        where place >= 0 && cost[row, place] < 0 && frame.truth[row].isDistractor { isKept[place] = false }
        return columns.indices.filter { isKept[$0] }.map { columns[$0] }
    }

    private mutating func score(
        _ frames: [ScoredFrame], truthCounts: [Double], trackCounts: [Double], matcher: inout HungarianMatcher
    ) {
        // How well each track goes with each identity over the whole sequence.
        let width = max(trackCounts.count, 1)
        var potential = [Double](repeating: 0, count: truthCounts.count * width)
        for frame in frames {
            let count = frame.tracks.count
            var rowSums = [Double](repeating: 0, count: frame.truth.count)
            var columnSums = [Double](repeating: 0, count: count)
            for row in frame.truth.indices {
                for column in 0..<count {
                    rowSums[row] += frame.overlaps[row * count + column]
                    columnSums[column] += frame.overlaps[row * count + column]
                }
            }
            for row in frame.truth.indices {
                for column in 0..<count where frame.overlaps[row * count + column] > 0 {
                    let overlap = frame.overlaps[row * count + column]
                    potential[frame.truth[row] * width + frame.tracks[column]] +=
                        overlap / (rowSums[row] + columnSums[column] - overlap)
                }
            }
        }

        // Matches of each pair of identity and track at each threshold; pairs are numbered as they come.
        var slots: [Int: Int] = [:]
        var matches: [Double] = []
        let thresholds = Self.thresholds
        var lastTrack = [Int](repeating: -1, count: truthCounts.count)
        for frame in frames {
            let count = frame.tracks.count
            for index in 0..<19 {
                missed[index] += Double(frame.truth.count)
                wrong[index] += Double(count)
            }
            guard !frame.truth.isEmpty, count > 0 else { continue }
            var cost = CostMatrix(rows: frame.truth.count, columns: count, repeating: 0)
            for row in frame.truth.indices {
                for column in 0..<count where frame.overlaps[row * count + column] > 0 {
                    let (truth, track) = (frame.truth[row], frame.tracks[column])
                    let shared = potential[truth * width + track]
                    cost[row, column] =
                        -frame.overlaps[row * count + column] * shared
                        / (truthCounts[truth] + trackCounts[track] - shared)
                }
            }
            for (row, column) in matcher.match(cost).enumerated() where column >= 0 {
                let overlap = frame.overlaps[row * count + column]
                guard overlap > 0 else { continue }
                let (truth, track) = (frame.truth[row], frame.tracks[column])
                if overlap >= 0.5 {
                    if lastTrack[truth] >= 0, lastTrack[truth] != track { switches += 1 }
                    lastTrack[truth] = track
                }
                let next = slots.count
                let slot = 19 * slots[truth * width + track, default: next, adding: next]
                if slot == matches.count { matches.append(contentsOf: repeatElement(0, count: 19)) }
                // Thresholds rise, so that the first one that is missed ends the count.
                var index = 0
                while index < 19, overlap >= thresholds[index] - Double.ulpOfOne {
                    matches[slot + index] += 1
                    truePositives[index] += 1
                    missed[index] -= 1
                    wrong[index] -= 1
                    index += 1
                }
            }
        }
        // In the order of the pairs, so that rounding is the same every time.
        for (key, slot) in slots.sorted(by: { $0.value < $1.value }) {
            let total = truthCounts[key / width] + trackCounts[key % width]
            for index in 0..<19 {
                let count = matches[19 * slot + index]
                association[index] += count * count / max(1, total - count)
            }
        }
    }
}

extension Dictionary where Key == Int, Value == Int {
    /// The value of `key`, entered as `value` if it is new.
    fileprivate subscript(key: Int, default fallback: Int, adding value: Int) -> Int {
        mutating get {
            if let known = self[key] { return known }
            self[key] = value
            return fallback
        }
    }
}

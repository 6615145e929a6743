import Assignment

/// A pair of a track and a box that may belong together.
struct Candidate: Sendable {
    /// Position of the track among those of the stage.
    var track: Int
    /// Position of the box among those of the stage.
    var box: Int
    /// Cost of the pair, below the limit of the stage.
    var cost: Double
}

/// The assignment of a sparse problem: least total cost, where leaving a track without a box costs the limit.
///
/// Few boxes can belong to the same track, so that the candidates fall into small groups that share neither track nor
/// box. The cheapest assignment of the whole is the union of the cheapest ones of the groups; a test compares the two.
/// A group of one pair needs no matcher.
///
/// - Complexity: O(candidates · α) plus the matcher's cost for each group.
struct ComponentMatcher: Sendable {
    /// The box of each track, −1 for none: the result of the last call.
    private(set) var boxOfTrack: [Int] = []
    /// The track of each box, −1 for none: the result of the last call.
    private(set) var trackOfBox: [Int] = []

    private var matcher = HungarianMatcher()
    private var cost = CostMatrix(rows: 0, columns: 0)
    private var columnOfRow: [Int] = []
    /// Union-find over tracks, then boxes.
    private var parent: [Int] = []
    /// Candidates of each group, linked through `next` in their original order.
    private var head: [Int] = []
    private var tail: [Int] = []
    private var next: [Int] = []
    private var groupTracks: [Int] = []
    private var groupBoxes: [Int] = []
    /// Row or column of a node in the matrix of the current group.
    private var place: [Int] = []

    /// Assigns boxes to tracks; every candidate's cost must be a number.
    mutating func match(_ candidates: [Candidate], tracks: Int, boxes: Int, limit: Double) {
        boxOfTrack.removeAll(keepingCapacity: true)
        boxOfTrack.append(contentsOf: repeatElement(-1, count: tracks))
        trackOfBox.removeAll(keepingCapacity: true)
        trackOfBox.append(contentsOf: repeatElement(-1, count: boxes))
        guard !candidates.isEmpty else { return }

        link(candidates, tracks: tracks, boxes: boxes)
        for node in 0..<tracks where head[node] >= 0 {
            let first = head[node]
            if next[first] < 0 {
                accept(candidates[first], limit: limit)
            } else {
                solveGroup(startingAt: first, candidates: candidates, tracks: tracks, limit: limit)
            }
        }
    }

    private mutating func accept(_ candidate: Candidate, limit: Double) {
        guard candidate.cost < limit else { return }
        boxOfTrack[candidate.track] = candidate.box
        trackOfBox[candidate.box] = candidate.track
    }

    /// Chains the candidates of each group to the group's first track.
    private mutating func link(_ candidates: [Candidate], tracks: Int, boxes: Int) {
        parent.removeAll(keepingCapacity: true)
        parent.append(contentsOf: 0..<(tracks + boxes))
        for candidate in candidates {
            let left = root(candidate.track)
            let right = root(tracks + candidate.box)
            // The smaller node leads, so that every group is led by its first track.
            if left < right { parent[right] = left } else { parent[left] = right }
        }
        head.removeAll(keepingCapacity: true)
        head.append(contentsOf: repeatElement(-1, count: tracks))
        tail.removeAll(keepingCapacity: true)
        tail.append(contentsOf: repeatElement(-1, count: tracks))
        next.removeAll(keepingCapacity: true)
        next.append(contentsOf: repeatElement(-1, count: candidates.count))
        for (index, candidate) in candidates.enumerated() {
            let leader = root(candidate.track)
            if head[leader] < 0 { head[leader] = index } else { next[tail[leader]] = index }
            tail[leader] = index
        }
    }

    private mutating func root(_ node: Int) -> Int {
        var node = node
        while parent[node] != node {
            parent[node] = parent[parent[node]]
            node = parent[node]
        }
        return node
    }

    private mutating func solveGroup(startingAt first: Int, candidates: [Candidate], tracks: Int, limit: Double) {
        groupTracks.removeAll(keepingCapacity: true)
        groupBoxes.removeAll(keepingCapacity: true)
        if place.count < parent.count { place = [Int](repeating: -1, count: parent.count * 2) }
        var index = first
        while index >= 0 {
            let candidate = candidates[index]
            if place[candidate.track] < 0 {
                place[candidate.track] = 0
                groupTracks.append(candidate.track)
            }
            if place[tracks + candidate.box] < 0 {
                place[tracks + candidate.box] = 0
                groupBoxes.append(candidate.box)
            }
            index = next[index]
        }
        // Rows and columns keep the order of the whole problem.
        groupTracks.sort()
        groupBoxes.sort()
        for (row, track) in groupTracks.enumerated() { place[track] = row }
        for (column, box) in groupBoxes.enumerated() { place[tracks + box] = column }

        cost.reshape(rows: groupTracks.count, columns: groupBoxes.count, repeating: limit)
        index = first
        while index >= 0 {
            let candidate = candidates[index]
            cost[place[candidate.track], place[tracks + candidate.box]] = min(candidate.cost, limit)
            index = next[index]
        }
        matcher.match(cost, into: &columnOfRow)
        for (row, column) in columnOfRow.enumerated() where column >= 0 {
            let pair = Candidate(track: groupTracks[row], box: groupBoxes[column], cost: cost[row, column])
            accept(pair, limit: limit)
        }
        for track in groupTracks { place[track] = -1 }
        for box in groupBoxes { place[tracks + box] = -1 }
    }
}

internal import Geometry

/// Boxes of a frame as their edges and areas, for comparing every one with every one of another list.
///
/// Source: TrackEval datasets/_base_dataset.py lines 245–289, operation by operation, so that the last bit is equal and
/// with it every decision at a threshold: the right edge is x + width, the area (right − left)·(bottom − top).
struct BoxEdges {
    private(set) var left: [Double] = []
    private(set) var top: [Double] = []
    private(set) var right: [Double] = []
    private(set) var bottom: [Double] = []
    private(set) var area: [Double] = []

    /// How many boxes there are.
    var count: Int { left.count }

    /// Replaces the boxes, keeping the storage.
    mutating func replace(with boxes: some Sequence<Box>) {
        left.removeAll(keepingCapacity: true)
        top.removeAll(keepingCapacity: true)
        right.removeAll(keepingCapacity: true)
        bottom.removeAll(keepingCapacity: true)
        area.removeAll(keepingCapacity: true)
        for box in boxes {
            left.append(box.x)
            top.append(box.y)
            right.append(box.maxX)
            bottom.append(box.maxY)
            area.append((box.maxX - box.x) * (box.maxY - box.y))
        }
    }

    /// Intersection over union of every box with every one of `others`, row-major, into `matrix`.
    ///
    /// Edge cases: boxes of an area of at most 2.2e-16, and with it those of a negative side, have 0.
    func overlaps(with others: BoxEdges, into matrix: inout [Double]) {
        matrix.removeAll(keepingCapacity: true)
        matrix.reserveCapacity(count * others.count)
        for row in 0..<count {
            for column in 0..<others.count { matrix.append(overlap(of: row, with: others, column)) }
        }
    }

    /// Whether a box has an overlap of at least `threshold` with one of `others`.
    func reach(_ others: BoxEdges, _ threshold: Double) -> Bool {
        for row in 0..<count {
            for column in 0..<others.count where overlap(of: row, with: others, column) >= threshold { return true }
        }
        return false
    }

    @inline(__always)
    private func overlap(of row: Int, with others: BoxEdges, _ column: Int) -> Double {
        let width = min(right[row], others.right[column]) - max(left[row], others.left[column])
        guard width > 0 else { return 0 }
        let height = min(bottom[row], others.bottom[column]) - max(top[row], others.top[column])
        guard height > 0 else { return 0 }
        let intersection = width * height
        let (own, other) = (area[row], others.area[column])
        let union = own + other - intersection
        let epsilon = Double.ulpOfOne
        return own > epsilon && other > epsilon && union > epsilon ? intersection / union : 0
    }

    /// Share of a box's area that it has in common with one of `others`; 0 for a box without area.
    func share(of row: Int, in others: BoxEdges, _ column: Int) -> Double {
        let width = min(right[row], others.right[column]) - max(left[row], others.left[column])
        let height = min(bottom[row], others.bottom[column]) - max(top[row], others.top[column])
        guard width > 0, height > 0, area[row] > Double.ulpOfOne else { return 0 }
        return width * height / area[row]
    }
}

extension Box {
    /// A box from its edges, with a width and a height that give the right and bottom edge back to the last bit wherever
    /// there is such a number.
    init(left: Double, top: Double, right: Double, bottom: Double) {
        func side(_ from: Double, _ to: Double) -> Double {
            let side = to - from
            return [side, side.nextUp, side.nextDown].first { from + $0 == to } ?? side
        }
        self.init(x: left, y: top, width: side(left, right), height: side(top, bottom))
    }
}

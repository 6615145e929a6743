/// The displacement that the boxes of a frame have in common: what a moving camera does to all of them.
///
/// Each pair is a track's prediction and the box that fits it; where most pairs moved alike, the median of their
/// displacements is the camera's. With few pairs, or pairs that disagree, nothing is assumed.
struct CameraMotion: Sendable {
    private var displacementsX: [Double] = []
    private var displacementsY: [Double] = []
    private var scales: [Double] = []
    private var sorted: [Double] = []

    /// Forgets the pairs of the frame before.
    mutating func removeAll() {
        displacementsX.removeAll(keepingCapacity: true)
        displacementsY.removeAll(keepingCapacity: true)
        scales.removeAll(keepingCapacity: true)
    }

    /// Adds a pair: how far the box lies from the prediction, in pixels, and the box's scale.
    mutating func append(x: Double, y: Double, scale: Double) {
        displacementsX.append(x)
        displacementsY.append(y)
        scales.append(scale)
    }

    /// The common displacement in pixels; nil where fewer than `minimumPairs`, or not most of the pairs, lie within
    /// `agreement` scales of it.
    mutating func common(minimumPairs: Int, agreement: Double) -> (x: Double, y: Double)? {
        guard displacementsX.count >= minimumPairs else { return nil }
        let x = median(of: displacementsX)
        let y = median(of: displacementsY)
        var agreeing = 0
        for index in displacementsX.indices {
            let allowed = agreement * scales[index]
            if abs(displacementsX[index] - x) <= allowed, abs(displacementsY[index] - y) <= allowed { agreeing += 1 }
        }
        return agreeing >= minimumPairs && 2 * agreeing > displacementsX.count ? (x, y) : nil
    }

    private mutating func median(of values: [Double]) -> Double {
        sorted.removeAll(keepingCapacity: true)
        sorted.append(contentsOf: values)
        sorted.sort()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// What the boxes of a frame have in common: the displacement, or the velocity, that a moving camera gives to all.
///
/// Where most of the values that are put in agree, their median is the camera's; with few of them, or with disagreement,
/// nothing is assumed.
struct CameraMotion: Sendable {
    private var valuesX: [Double] = []
    private var valuesY: [Double] = []
    private var scales: [Double] = []
    private var sorted: [Double] = []

    /// Forgets all values.
    mutating func removeAll() {
        valuesX.removeAll(keepingCapacity: true)
        valuesY.removeAll(keepingCapacity: true)
        scales.removeAll(keepingCapacity: true)
    }

    /// Adds the displacement (pixels) or velocity (pixels per second) of a box of the given scale.
    mutating func append(x: Double, y: Double, scale: Double) {
        valuesX.append(x)
        valuesY.append(y)
        scales.append(scale)
    }

    /// The median; nil where fewer than `minimum` values, or not most of them, lie within `agreement` of their boxes'
    /// scales from it.
    mutating func common(minimum: Int, agreement: Double) -> (x: Double, y: Double)? {
        guard valuesX.count >= max(minimum, 1) else { return nil }
        let x = median(of: valuesX)
        let y = median(of: valuesY)
        var agreeing = 0
        for index in valuesX.indices {
            let allowed = agreement * scales[index]
            if abs(valuesX[index] - x) <= allowed, abs(valuesY[index] - y) <= allowed { agreeing += 1 }
        }
        return agreeing >= minimum && 2 * agreeing > valuesX.count ? (x, y) : nil
    }

    private mutating func median(of values: [Double]) -> Double {
        sorted.removeAll(keepingCapacity: true)
        sorted.append(contentsOf: values)
        sorted.sort()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

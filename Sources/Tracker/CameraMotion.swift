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

    /// The median, less what may be chance; nil where fewer than `minimum` values, or not most of them, lie within
    /// `agreement` of their boxes' scales from it, or where it is not larger than `certainty` standard errors.
    ///
    /// Taking a median of noise for motion would make lost tracks, which nothing pulls back, wander off. The median is
    /// therefore shrunk by the share of its square that its standard error explains (after W. James and C. Stein, 1961).
    mutating func common(minimum: Int, agreement: Double, certainty: Double) -> (x: Double, y: Double)? {
        guard valuesX.count >= max(minimum, 1) else { return nil }
        let x = median(of: valuesX)
        let y = median(of: valuesY)
        var agreeing = 0
        var squares = 0.0
        for index in valuesX.indices {
            let allowed = agreement * scales[index]
            let (offsetX, offsetY) = (valuesX[index] - x, valuesY[index] - y)
            guard abs(offsetX) <= allowed, abs(offsetY) <= allowed else { continue }
            agreeing += 1
            squares += offsetX * offsetX + offsetY * offsetY
        }
        guard agreeing >= minimum, 2 * agreeing > valuesX.count else { return nil }
        let chance = certainty * certainty * squares / Double(agreeing * agreeing)
        let size = x * x + y * y
        guard size > chance else { return nil }
        let share = 1 - chance / size
        return (share * x, share * y)
    }

    private mutating func median(of values: [Double]) -> Double {
        sorted.removeAll(keepingCapacity: true)
        sorted.append(contentsOf: values)
        sorted.sort()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

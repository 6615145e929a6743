import Geometry

/// A box with what association needs of it worked out once.
struct BoxShape: Sendable {
    /// Edges of the grown box.
    let minX: Double
    let minY: Double
    let maxX: Double
    let maxY: Double
    /// Area of the grown box.
    let area: Double
    let centreX: Double
    let centreY: Double
    /// Geometric mean of the sides, at least a pixel.
    let scale: Double
    /// Natural logarithms of the sides, each taken as at least a pixel.
    let logWidth: Double
    let logHeight: Double

    /// Grows `box` by `buffer` of its sides on each of them.
    ///
    /// Source: F. Yang et al., "Hard to Track Objects with Irregular Motions and Similar Appearances? Make It Easier by
    /// Buffering the Matching Space", WACV 2023.
    init(_ box: Box, buffer: Double) {
        let growX = box.width * buffer
        let growY = box.height * buffer
        minX = box.x - growX
        minY = box.y - growY
        maxX = box.maxX + growX
        maxY = box.maxY + growY
        area = (maxX - minX) * (maxY - minY)
        centreX = box.centreX
        centreY = box.centreY
        scale = KalmanFilter.scale(width: box.width, height: box.height)
        logWidth = Self.logarithm(max(1, box.width))
        logHeight = Self.logarithm(max(1, box.height))
    }

    /// Whether the grown boxes share more than an edge.
    func touches(_ other: BoxShape) -> Bool {
        other.minX < maxX && minX < other.maxX && other.minY < maxY && minY < other.maxY
    }

    /// Intersection over union of the grown boxes; 0 for boxes without area.
    func overlap(with other: BoxShape) -> Double {
        let width = min(maxX, other.maxX) - max(minX, other.minX)
        let height = min(maxY, other.maxY) - max(minY, other.minY)
        guard width > 0, height > 0 else { return 0 }
        let shared = width * height
        let union = area + other.area - shared
        return union > 0 ? shared / union : 0
    }

    /// Natural logarithm of a positive number, from its exponent and a series for its significand.
    ///
    /// In plain arithmetic, so that it gives the same bits wherever it is compiled; good to 1e-9.
    static func logarithm(_ value: Double) -> Double {
        // 2·artanh(ratio) with a ratio of at most 1/3.
        let ratio = (value.significand - 1) / (value.significand + 1)
        let squared = ratio * ratio
        var sum = 1.0 / 17
        sum = sum * squared + 1.0 / 15
        sum = sum * squared + 1.0 / 13
        sum = sum * squared + 1.0 / 11
        sum = sum * squared + 1.0 / 9
        sum = sum * squared + 1.0 / 7
        sum = sum * squared + 1.0 / 5
        sum = sum * squared + 1.0 / 3
        sum = sum * squared + 1
        return Double(value.exponent) * 0.693_147_180_559_945_309_417 + 2 * ratio * sum
    }
}

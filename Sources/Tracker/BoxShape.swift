import Geometry

/// A box with what association needs of it worked out once.
struct BoxShape: Sendable {
    var minX: Double
    var minY: Double
    var maxX: Double
    var maxY: Double
    var area: Double
    var centreX: Double
    var centreY: Double
    /// Geometric mean of the sides, at least a pixel.
    var scale: Double
    /// Natural logarithm of the height, of at least a pixel.
    var logHeight: Double

    /// Grows `box` by `buffer` of its sides on each of them.
    ///
    /// Source: F. Yang et al., "Hard to Track Objects with Irregular Motions and Similar Appearances? Make It Easier by
    /// Buffering the Matching Space", WACV 2023 (C-BIoU).
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
        scale = max(1, (box.width * box.height).squareRoot())
        logHeight = Self.logarithm(max(1, box.height))
    }

    /// Intersection over union with another grown box; 0 for boxes without area.
    func overlap(with other: BoxShape) -> Double {
        let width = min(maxX, other.maxX) - max(minX, other.minX)
        let height = min(maxY, other.maxY) - max(minY, other.minY)
        guard width > 0, height > 0 else { return 0 }
        let shared = width * height
        let union = area + other.area - shared
        return union > 0 ? shared / union : 0
    }

    /// Natural logarithm, from the exponent and a series for the significand: the same on every system.
    static func logarithm(_ value: Double) -> Double {
        let ratio = (value.significand - 1) / (value.significand + 1)
        let squared = ratio * ratio
        // 2·artanh(ratio), ratio ≤ 1/3.
        var sum = 1.0 / 15
        sum = sum * squared + 1.0 / 13
        sum = sum * squared + 1.0 / 11
        sum = sum * squared + 1.0 / 9
        sum = sum * squared + 1.0 / 7
        sum = sum * squared + 1.0 / 5
        sum = sum * squared + 1.0 / 3
        sum = sum * squared + 1
        return Double(value.exponent) * 0.693147180559945309417 + 2 * ratio * sum
    }
}

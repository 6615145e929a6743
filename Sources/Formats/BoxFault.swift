/// Why the numbers of a box cannot be used.
///
/// These are the faults that public trackers crash on most; such a row is dropped and counted, or, in strict mode, ends
/// the run with its line.
public enum BoxFault: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// A coordinate, a side or the confidence is NaN or infinite.
    case notFinite
    /// A coordinate or a side is beyond ±`BoxFault.largestMagnitude`.
    case outOfRange
    /// Width or height is below 0.
    case negativeSize
    /// Width or height is 0, so that there is nothing to look at.
    case zeroArea

    /// The largest coordinate or side that is believed, in pixels.
    ///
    /// Far beyond any frame, and small enough that areas, unions and squared distances of any two boxes are finite.
    public static let largestMagnitude = 1e9

    /// A phrase that fits after “line 7:” and in a list of counts.
    public var description: String {
        switch self {
        case .notFinite: "a number is NaN or infinite"
        case .outOfRange: "a coordinate is beyond ±1e9 pixels"
        case .negativeSize: "width or height is negative"
        case .zeroArea: "the box has no area"
        }
    }

    /// The fault of a box and its confidence, or nil where both can be used.
    ///
    /// - Parameters: left, top, width and height in pixels as the input had them.
    static func of(x: Double, y: Double, width: Double, height: Double, confidence: Double) -> BoxFault? {
        guard x.isFinite, y.isFinite, width.isFinite, height.isFinite, confidence.isFinite else { return .notFinite }
        let limit = largestMagnitude
        guard abs(x) <= limit, abs(y) <= limit, abs(width) <= limit, abs(height) <= limit else { return .outOfRange }
        guard width >= 0, height >= 0 else { return .negativeSize }
        return width * height > 0 ? nil : .zeroArea
    }
}

public import Geometry

/// Why a tracker could not be made.
public enum TrackerError: Error, Equatable, CustomStringConvertible {
    /// A number of the configuration lies outside of its range.
    case outOfRange(key: String, value: Double, range: ClosedRange<Double>)
    /// The configuration names something that does not exist.
    case unknownKey(String)
    /// The frame size is not two positive finite numbers.
    case frameSize(width: Double, height: Double)

    /// A sentence that says what was found, what was expected and what to do.
    public var description: String {
        switch self {
        case .outOfRange(let key, let value, let range):
            "tracker.\(key) is \(value); expected a number from \(range.lowerBound) to \(range.upperBound). "
                + "Correct it in the configuration."
        case .unknownKey(let key):
            "tracker.\(key) is not a setting of the tracker. Remove it or correct its name; configs/default.yaml lists "
                + "all settings."
        case .frameSize(let width, let height):
            "the frame size is \(width)x\(height); expected two positive numbers of pixels. Correct --frame-size or "
                + "seqinfo.ini."
        }
    }

    /// What kind of failure this is.
    public var category: FailureCategory {
        switch self {
        case .outOfRange, .unknownKey: .configuration
        case .frameSize: .usage
        }
    }
}

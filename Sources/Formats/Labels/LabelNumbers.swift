/// Limits of the numbers in a file of labels or results.
enum LabelRule {
    /// The largest coordinate or side that is believed, pixels: areas and unions of any two boxes stay finite.
    ///
    /// Far more than `BoxFault` allows: a motion model that has run away is a bad result, not a damaged file, and a
    /// benchmark counts its boxes as wrong ones.
    static let largestMagnitude = 1e100
    /// What a coordinate has to be, for messages.
    static let coordinate = "a finite number within ±1e100"
}

extension LabelScanner {
    /// The coordinate or side in this column.
    mutating func coordinate() throws(FormatError) -> Double {
        let value = try finite()
        if abs(value) <= LabelRule.largestMagnitude { return value }
        throw .malformed(place, found: "\(value) in column \(column + 1)", expected: LabelRule.coordinate)
    }

    /// The frame's number in this column, from `first`; a fraction is cut off, as TrackEval does.
    mutating func frame(from first: Int) throws(FormatError) -> Int {
        let value = try truncated()
        if value >= first, value <= FrameRule.largest { return Int(value) }
        throw .malformed(
            place, found: "frame \(value)", expected: "a frame number from \(first) to \(FrameRule.largest)")
    }

    /// The small whole number in this column, such as a class; a fraction is cut off.
    mutating func small() throws(FormatError) -> Int32 {
        let value = try truncated()
        if let small = Int32(exactly: value) { return small }
        throw .malformed(place, found: "\(value) in column \(column + 1)", expected: "a number within ±2147483647")
    }
}

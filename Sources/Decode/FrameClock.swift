/// Gives frames their numbers and times (docs/formats.md).
///
/// number = max(previous + 1, round((pts − pts of the first frame) · rate) + 1), halves away from zero, computed
/// exactly: a time stamp difference has at most 65 bits, a time base and a rate 31 bits a term, so all products fit
/// 128 bits.
///
/// Edge cases: a frame without a time stamp gets previous + 1; if the very first frames have none, the grid starts at
/// the first one that has. A time stamp that would make a number larger than 2⁵³ is counted as missing. Seconds always
/// rise: a frame whose time does not lie after its predecessor's is put one frame period after it.
struct FrameClock {
    /// What a frame has been given.
    struct Mark: Equatable {
        var number: Int
        var seconds: Double
    }

    /// Largest number given; above it a `Double` is no longer exact.
    static let largestNumber = 1 << 53

    private let timeBase: PositiveRational
    private let rate: PositiveRational
    private let numbering: FrameNumbering

    /// Time stamp and number of the first frame that had a time stamp.
    private var origin: (timestamp: Int64, number: Int)?
    private var first: Mark?
    private var previous: Mark?

    /// Frames more than a quarter period off the time that their number stands for.
    private(set) var irregular = 0
    /// Frames without a usable time stamp.
    private(set) var missing = 0

    init(timeBase: PositiveRational, rate: PositiveRational, numbering: FrameNumbering) {
        self.timeBase = timeBase
        self.rate = rate
        self.numbering = numbering
    }

    /// Numbers left out between the first and the last frame, given how many there were.
    func lost(frames: Int) -> Int {
        guard let first, let previous else { return 0 }
        return previous.number - first.number + 1 - frames
    }

    /// Numbers the next frame in presentation order; `timestamp` is in units of the time base.
    mutating func mark(_ timestamp: Int64?) -> Mark {
        let next = (previous?.number ?? 0) + 1
        var mark = Mark(number: next, seconds: previous.map { $0.seconds + 1 / rate.value } ?? 0)
        defer {
            previous = mark
            if first == nil { first = mark }
        }
        guard let timestamp else {
            missing += 1
            return mark
        }
        guard let origin else {
            origin = (timestamp, next)
            return mark
        }
        // (timestamp − origin) · timeBase · rate as the fraction `ticks / unit`, in frame periods.
        let difference = Int128(timestamp) - Int128(origin.timestamp)
        let ticks = difference * Int128(timeBase.numerator) * Int128(rate.numerator)
        let unit = Int128(timeBase.denominator) * Int128(rate.denominator)
        let periods = FrameClock.rounded(ticks, over: unit)
        guard periods <= Int128(FrameClock.largestNumber - origin.number) else {
            missing += 1
            return mark
        }
        if numbering == .timestamps {
            mark.number = max(next, Int(max(periods, 0)) + origin.number)
            // Distance from the time that the number stands for: four times it against one period.
            let expected = Int128(mark.number - origin.number) * unit
            let distance = (ticks - expected).magnitude
            if distance > UInt128(unit) / 4 { irregular += 1 }
        }
        let seconds =
            Double(difference) * Double(timeBase.numerator) / Double(timeBase.denominator)
            + Double(origin.number - (first?.number ?? origin.number)) / rate.value
        if seconds > (previous?.seconds ?? -1) { mark.seconds = seconds }
        return mark
    }

    /// `numerator / denominator` to the nearest integer, halves away from zero; the denominator is positive.
    private static func rounded(_ numerator: Int128, over denominator: Int128) -> Int128 {
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        guard remainder.magnitude >= denominator.magnitude - remainder.magnitude else { return quotient }
        return numerator < 0 ? quotient - 1 : quotient + 1
    }
}

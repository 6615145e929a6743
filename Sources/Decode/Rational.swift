import CFFmpeg

/// A positive fraction with 31-bit terms: a time base or a frame rate.
struct PositiveRational: Equatable {
    /// Greater than 0.
    let numerator: Int32
    /// Greater than 0.
    let denominator: Int32

    /// Makes a fraction, or nothing where a term is not positive.
    init?(_ numerator: Int32, _ denominator: Int32) {
        guard numerator > 0, denominator > 0 else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Makes a fraction from FFmpeg's, or nothing where that is 0/0, n/0 or negative.
    init?(_ rational: AVRational) {
        self.init(rational.num, rational.den)
    }

    /// The closest fraction to a positive finite number: exact for 25, 12.5, 30000/1001 and the like.
    init?(_ value: Double) {
        guard value.isFinite, value > 0 else { return nil }
        self.init(av_d2q(value, 1_001_000))
    }

    /// The fraction as a number.
    var value: Double { Double(numerator) / Double(denominator) }
}

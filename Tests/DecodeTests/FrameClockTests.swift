import Testing

@testable import Decode

@Suite struct FrameClockTests {
    /// Numbers worked out by hand, at 25 frames a second in milliseconds.
    @Test(
        arguments: [
            // One after the other.
            ([0, 40, 80], [1, 2, 3], 0, 0),
            // The first time stamp is the origin, wherever it is.
            ([-2000, -1960, -1880], [1, 2, 4], 0, 0),
            // A lost frame leaves a hole.
            ([0, 40, 200, 240], [1, 2, 6, 7], 0, 0),
            // Half a period off goes up, away from zero; more than a quarter is irregular.
            ([0, 60, 80], [1, 3, 4], 2, 0),
            // A tenth of a period off is regular.
            ([0, 44, 76], [1, 2, 3], 0, 0),
            // The same time again: the next number, and off the grid.
            ([0, 0, 40], [1, 2, 3], 2, 0),
            // Backwards.
            ([400, 0, 40], [1, 2, 3], 2, 0),
            // Missing ones get the next number.
            ([nil, nil, 1000, 1040], [1, 2, 3, 4], 0, 2),
            ([0, nil, 80, 160], [1, 2, 3, 5], 0, 1),
            // All missing.
            ([nil, nil, nil], [1, 2, 3], 0, 3),
            // A leap that no number can follow is no time stamp.
            ([0, 40, 1 << 62, 120], [1, 2, 3, 4], 0, 1),
            ([Int64.min + 1, Int64.max], [1, 2], 0, 1),
            ([Int64.max, Int64.min + 1, 0], [1, 2, 3], 2, 0),
            // A leap that one can follow is followed.
            ([0, 40, 40_000_000_000], [1, 2, 1_000_000_001], 0, 0),
        ] as [([Int64?], [Int], Int, Int)])
    func numbers(timestamps: [Int64?], numbers: [Int], irregular: Int, missing: Int) throws {
        var clock = try makeClock(1, 1000, 25, 1)
        var previous = -1.0
        var found: [Int] = []
        for timestamp in timestamps {
            let mark = clock.mark(timestamp)
            found.append(mark.number)
            #expect(mark.seconds > previous && mark.seconds.isFinite)
            previous = mark.seconds
        }
        #expect(found == numbers)
        #expect(clock.irregular == irregular)
        #expect(clock.missing == missing)
        #expect(clock.lost(frames: numbers.count) == (numbers.last ?? 0) - numbers.count)
    }

    /// Time bases and rates with the largest terms there are, at the largest differences: nothing overflows.
    @Test(arguments: [
        (Int32.max, Int32(1), Int32.max, Int32(1)), (1, Int32.max, 1, Int32.max), (Int32.max, 1, 1, Int32.max),
        (Int32.max, Int32.max - 1, Int32.max - 2, Int32.max),
    ])
    func extremeRates(_ a: Int32, _ b: Int32, _ c: Int32, _ d: Int32) throws {
        for numbering in FrameNumbering.allCases {
            var clock = try makeClock(a, b, c, d, numbering)
            var previous = 0
            for timestamp in [Int64.min + 1, Int64.min + 2, 0, 1, Int64.max, Int64.max - 1, -1, 1 << 62] {
                let mark = clock.mark(timestamp)
                #expect(mark.number > previous)
                previous = mark.number
            }
        }
    }

    /// A day of NTSC at 90 kHz, every frame on its number, in plain integers.
    @Test func ntsc() throws {
        var clock = try makeClock(1, 90_000, 30_000, 1001)
        for frame in stride(from: 0, to: 2_589_000, by: 997) {
            #expect(clock.mark(Int64(frame) * 3003).number == frame + 1)
        }
        #expect(clock.irregular == 0)
    }

    /// A rate given as a number becomes the fraction that is meant.
    @Test(
        arguments: [
            (25.0, 25, 1), (12.5, 25, 2), (29.97, 2997, 100), (30000.0 / 1001, 30000, 1001), (0.001, 1, 1000),
        ] as [(Double, Int32, Int32)])
    func rateFromNumber(value: Double, numerator: Int32, denominator: Int32) {
        #expect(PositiveRational(value) == PositiveRational(numerator, denominator))
    }

    /// Numbers that are no rate.
    @Test(arguments: [0, -25, .nan, .infinity])
    func noRate(value: Double) {
        #expect(PositiveRational(value) == nil)
    }

    private func makeClock(
        _ a: Int32, _ b: Int32, _ c: Int32, _ d: Int32, _ numbering: FrameNumbering = .timestamps
    ) throws -> FrameClock {
        FrameClock(
            timeBase: try #require(PositiveRational(a, b)), rate: try #require(PositiveRational(c, d)),
            numbering: numbering)
    }
}

import Testing

@testable import Evaluation

/// Labels at 5 Hz on the frames of a video.
@Suite struct LabelClockTests {
    /// The frame that FFmpeg's `fps=5` takes for each output: the last whose time rounds to it, halves up.
    private static func filtered(_ labelled: Int, rate: Double) -> Int {
        var frame = 0
        while (Double(frame + 1) / rate * 5 + 0.5).rounded(.down) <= Double(labelled - 1) { frame += 1 }
        return frame + 1
    }

    @Test(arguments: [30, 30000 / 1001, 25, 29.5, 60, 10, 7.6] as [Double])
    func countsAsTheFilter(_ rate: Double) {
        let clock = LabelClock.bdd100k
        for labelled in 1...250 {
            let frame = clock.videoFrame(of: labelled, videoRate: rate)
            #expect(frame == Self.filtered(labelled, rate: rate), "label \(labelled) at \(rate)")
            #expect(clock.labelledFrame(of: frame, videoRate: rate) == labelled)
        }
    }

    @Test func knownFrames() {
        let clock = LabelClock.bdd100k
        #expect((1...4).map { clock.videoFrame(of: $0, videoRate: 30) } == [3, 9, 15, 21])
        // Second 10 is frame 302, counted from 0.
        #expect(clock.videoFrame(of: 51, videoRate: 30) == 303)
        #expect(
            (1...9).map { clock.labelledFrame(of: $0, videoRate: 30) } == [nil, nil, 1, nil, nil, nil, nil, nil, 2])
        // A video that has been resampled already, and rates that are none.
        for rate in [5, 6, 1, 0, -Double.infinity, Double.nan] {
            #expect(clock.videoFrame(of: 7, videoRate: rate) == 7 && clock.labelledFrame(of: 7, videoRate: rate) == 7)
        }
        #expect(clock.videoFrame(of: 1_000_000_000, videoRate: 1e300) == 1_000_000_000)
    }
}

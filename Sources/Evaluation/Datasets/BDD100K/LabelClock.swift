/// Which frames of a video BDD100K's tracking labels belong to.
///
/// The labels are at 5 Hz, the videos at about 30 Hz: "the videos are resampled to 5Hz from 30Hz" (bdd100k
/// doc/source/download.rst:261) is all that the data set says, and no tool or table that would name the frames has been
/// published; tracking labels carry no `timestamp`, and `frameIndex` counts labelled frames. What is known of the
/// pictures' extraction is an observation: that of second 10 is frame 302 of a video, counted from 0
/// (github.com/ucbdrive/bdd100k issue 74). That is what FFmpeg's filter `fps=5` gives, which for output k takes the last
/// frame whose time, in fifths of a second, rounds to k, halves up: frame 6k + 2 at 30 Hz. This type counts like that.
public struct LabelClock: Equatable, Sendable {
    /// Labelled frames a second.
    public let rate: Double

    /// BDD100K's tracking labels.
    public static let bdd100k = LabelClock(rate: 5)

    /// Creates a clock for labels at a rate above 0.
    public init(rate: Double) {
        precondition(rate > 0, "labels come at some rate")
        self.rate = rate
    }

    /// The number, from 1, of the video's frame that a labelled frame, also counted from 1, belongs to.
    ///
    /// A video that is hardly faster than the labels is taken frame by frame.
    public func videoFrame(of labelled: Int, videoRate: Double) -> Int {
        guard videoRate.isFinite, videoRate > 1.5 * rate else { return labelled }
        // The last n with round(n · rate / videoRate) ≤ k is the last before (k + ½) · videoRate / rate.
        let limit = (Double(labelled - 1) + 0.5) * (videoRate / rate)
        guard limit < 1e15 else { return labelled }
        return max(1, Int(limit.rounded(.up)))
    }

    /// The labelled frame of a frame of the video, both counted from 1; nil for the frames between.
    public func labelledFrame(of frame: Int, videoRate: Double) -> Int? {
        guard videoRate.isFinite, videoRate > 1.5 * rate else { return frame }
        let guess = Int((Double(frame) * (rate / videoRate)).rounded())
        return (max(1, guess - 1)...max(1, guess) + 2).first { videoFrame(of: $0, videoRate: videoRate) == frame }
    }
}

import Geometry
import Testing

@testable import Evaluation

@Suite struct RetrievalDeltaTests {
    @Test(arguments: [
        ("1", RetrievalDelta.frames(1)), (" 25 ", .frames(25)), ("1000000", .frames(1_000_000)),
        ("0.5s", .seconds(0.5)), ("2s", .seconds(2)), ("1e-1s", .seconds(0.1)),
    ])
    func gapsAreRead(_ text: String, _ delta: RetrievalDelta) throws {
        #expect(try RetrievalDelta(argument: text) == delta)
    }

    @Test(arguments: ["", "0", "-1", "1.5", "x", "s", "0s", "-1s", "nans", "infs", "1000001", "9999999999999999999999"])
    func otherTextIsRefused(_ text: String) {
        let error = #expect(throws: EvaluationError.delta(text)) { try RetrievalDelta(argument: text) }
        #expect(error?.category == .usage)
    }

    // Seconds, rate, frames: to the nearest frame, at least one.
    @Test(arguments: [
        (1.0, 25.0, 25), (0.5, 30, 15), (0.1, 14, 1), (0.001, 25, 1), (0.2, 29.97, 6), (1e6, 1e300, 1_000_000),
    ])
    func secondsBecomeFrames(_ seconds: Double, _ rate: Double, _ frames: Int) {
        #expect(RetrievalDelta.seconds(seconds).frames(at: rate) == frames)
    }
}

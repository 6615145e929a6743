import Testing

@testable import Tracker

@Suite struct CameraMotionTests {
    private func common(
        _ values: [(Double, Double)], minimum: Int = 3, agreement: Double = 0.2, certainty: Double = 2
    ) -> (x: Double, y: Double)? {
        var motion = CameraMotion()
        for value in values { motion.append(x: value.0, y: value.1, scale: 50) }
        return motion.common(minimum: minimum, agreement: agreement, certainty: certainty)
    }

    // All boxes moved alike: nothing is taken off.
    @Test func agreementIsTheMedian() throws {
        let found = try #require(common([(8, -3), (8, -3), (8, -3), (8, -3)]))
        #expect(found == (8, -3))
    }

    // One box that goes its own way is outvoted; what the others differ by is taken off.
    @Test func outliersAreOutvoted() throws {
        let found = try #require(common([(8, 0), (8.5, 0), (7.5, 0), (-40, 3), (8, 0)]))
        #expect(found.x > 7.5 && found.x < 8)
        #expect(found.y == 0)
    }

    @Test(arguments: [
        // Too few.
        [(8.0, 0.0), (8, 0)],
        // No majority.
        [(8, 0), (-30, 0), (60, 0), (120, 0), (-90, 0)],
        // As much noise as displacement.
        [(3, 0), (-4, 2), (1, -5), (5, 4), (-3, -1)],
        // Nothing moved.
        [(0, 0), (0, 0), (0, 0)],
        [],
    ])
    func nothingIsAssumed(values: [(Double, Double)]) {
        #expect(common(values) == nil)
    }

    // Values of the frame before are forgotten.
    @Test func startsAfresh() {
        var motion = CameraMotion()
        for _ in 0..<5 { motion.append(x: 9, y: 9, scale: 50) }
        motion.removeAll()
        #expect(motion.common(minimum: 1, agreement: 1, certainty: 0) == nil)
    }
}

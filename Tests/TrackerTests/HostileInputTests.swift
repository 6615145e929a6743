import Geometry
import Testing

@testable import Tracker

/// Random boxes of every unpleasant kind: no result may depend on a NaN, nothing may trap, memory stays bounded.
@Suite struct HostileInputTests {
    private static let lengths: [Double] = [
        0, -0.0, .leastNonzeroMagnitude, 1e-9, 1, 40, 1e6, 1e15, 1e300, 1.7e308, -1, -1e300, .infinity, -.infinity,
        .nan,
    ]

    private func box(_ random: inout Numbers) -> Box {
        func length(_ random: inout Numbers) -> Double {
            random.below(3) == 0 ? Self.lengths[random.below(Self.lengths.count)] : random.uniform(0...200)
        }
        return Box(
            x: length(&random), y: length(&random), width: length(&random), height: length(&random))
    }

    @Test(arguments: 0..<30)
    func costsNeverHoldANaN(seed: Int) throws {
        var random = Numbers(seed: seed)
        var tracker = try ObjectTracker(frameWidth: 640, frameHeight: 360)
        var seconds = 0.0
        for _ in 0..<120 {
            let times = [0, -0.04, 0.04, 0.04, 0.04, 1e-300, 3, 1e9, .nan, .infinity]
            seconds += times[random.below(times.count)]
            if !seconds.isFinite { seconds = 0 }
            let observations = (0..<random.below(12)).map { _ in
                Observation(
                    box: box(&random), confidence: [1, 0.5, 0, .nan, .infinity, -1][random.below(6)],
                    classID: random.below(2) == 0 ? 1 : .min)
            }
            var vectors: FeatureVectors?
            if seed % 2 == 0 {
                let pool: [Float] = [0, 1, -1, 1e-30, 1e30, .nan, .infinity, 0.3]
                // The dimension may even change.
                let dimension = random.below(20) == 0 ? 5 : 3
                vectors = FeatureVectors(
                    count: observations.count, dimension: dimension,
                    values: (0..<observations.count * dimension).map { _ in pool[random.below(pool.count)] })
            }
            let result = tracker.update(seconds: seconds, observations: observations, vectors: vectors)
            #expect(tracker.frame.candidates.allSatisfy { $0.cost.isFinite })
            #expect(result.allSatisfy { $0.similarity?.isFinite ?? true })
            #expect(Set(result.map(\.track)).count == result.count)
            for assignment in result { #expect(observations[assignment.observation].box.isWellFormed) }
            for track in tracker.tracks {
                let motion = track.motion
                #expect(motion.box.isWellFormed)
                #expect((motion.velocityX + motion.velocityY + motion.centre.velocity + motion.size.velocity).isFinite)
            }
        }
    }

    // An endless stream of objects that appear and go: lost tracks expire, with vectors and without.
    @Test(arguments: [false, true])
    func memoryIsBounded(hasVectors: Bool) throws {
        var configuration = TrackerConfiguration()
        configuration.maximumLost = 50
        var tracker = try ObjectTracker(configuration: configuration)
        var random = Numbers(seed: 1)
        var largest = 0
        for frame in 0..<3000 {
            let observations = (0..<4).map { _ in
                Observation(
                    box: Box(x: random.uniform(0...1e6), y: random.uniform(0...1e6), width: 10, height: 10))
            }
            let values = (0..<4 * 8).map { _ in Float(random.uniform(-1...1)) }
            _ = tracker.update(
                seconds: Double(frame) / 25, observations: observations,
                vectors: hasVectors ? FeatureVectors(count: 4, dimension: 8, values: values) : nil)
            largest = max(largest, tracker.tracks.count)
        }
        #expect(largest <= 50 + 2 * 4)
        #expect(tracker.memory.capacity <= 50 + 3 * 4)
    }
}

import Foundation
import Geometry
import Tracker

/// How good a configuration is on ground-truth boxes and on public ones, sequence by sequence.
struct Scores: Sendable {
    var groundTruth: [HOTACounts]
    var detections: [HOTACounts]

    /// The pooled HOTA, without the sequence `leftOut`, or of `only` one.
    static func hota(_ counts: [HOTACounts], leftOut: Int? = nil) -> Double {
        counts.enumerated().filter { $0.offset != leftOut }.map(\.element).reduce(HOTACounts(), +).hota
    }

    /// What the search maximises.
    func value(leftOut: Int?) -> Double {
        Self.hota(groundTruth, leftOut: leftOut) + Self.hota(detections, leftOut: leftOut)
    }
}

/// Random local search over the numbers of a configuration.
///
/// One to three numbers at a time are multiplied by a random factor, and the change is kept if it is better. To prefer
/// plateaus over peaks, what is compared is the mean over the configuration itself and over one whose numbers are all
/// off by a fixed random few per cent.
struct LocalSearch {
    /// The numbers that motion on its own depends on, and where the search starts: round values chosen beforehand.
    static let start: [(key: String, value: Double)] = [
        ("minimum_confidence", 0.1), ("high_confidence", 0.6), ("birth_confidence", 0.6), ("centre_noise", 0.05),
        ("centre_acceleration", 1), ("centre_initial_velocity", 2), ("size_noise", 0.05), ("size_acceleration", 0.3),
        ("size_initial_velocity", 0.5), ("velocity_fade_seconds", 0.5), ("overlap_buffer", 0.1),
        ("distance_weight", 0.3), ("vertical_weight", 1), ("height_weight", 0.1), ("height_tolerance", 0.05),
        ("width_weight", 0.1), ("width_tolerance", 0.1), ("lost_weight", 0.01), ("match_limit", 1.2),
        ("low_match_limit", 0.6), ("lost_seconds", 1.5), ("camera_agreement", 0.1), ("birth_agreement", 1),
    ]

    let evaluate: (TrackerConfiguration, Int?) async throws -> Scores
    var random: RandomNumbers

    init(seed: UInt64, evaluate: @escaping (TrackerConfiguration, Int?) async throws -> Scores) {
        random = RandomNumbers(state: seed)
        self.evaluate = evaluate
    }

    /// The best configuration found in `rounds` tries that never look at the sequence `leftOut`.
    mutating func run(
        from start: [(key: String, value: Double)], rounds: Int, leftOut: Int?, report: (Int, Double, [Double]) -> Void
    ) async throws -> [Double] {
        let keys = start.map(\.key)
        let offsets = keys.map { _ in exp(0.06 * random.normal()) }
        var best = start.map(\.value)
        guard var bestValue = try await value(keys, best, offsets: offsets, leftOut: leftOut) else { return best }
        report(0, bestValue, best)
        for round in 1...max(rounds, 1) {
            var candidate = best
            let spread = [0.1, 0.3, 0.8][random.below(3)]
            for _ in 0...random.below(3) { candidate[random.below(keys.count)] *= exp(spread * random.normal()) }
            guard let value = try await value(keys, candidate, offsets: offsets, leftOut: leftOut), value > bestValue
            else { continue }
            (best, bestValue) = (candidate, value)
            report(round, value, best)
        }
        return best
    }

    /// The mean over a configuration and its neighbour; nil if a number is out of range.
    private func value(_ keys: [String], _ values: [Double], offsets: [Double], leftOut: Int?) async throws -> Double? {
        var sum = 0.0
        for factors in [offsets.map { _ in 1 }, offsets] {
            var configuration = TrackerConfiguration()
            for (index, key) in keys.enumerated() { try configuration.set(key, to: values[index] * factors[index]) }
            guard (try? configuration.validate()) != nil else { return nil }
            sum += try await evaluate(configuration, leftOut).value(leftOut: leftOut)
        }
        return sum / 2
    }
}

/// Whole numbers, and normal ones by Box and Muller.
struct RandomNumbers {
    private var bits: SplitMix64

    init(state: UInt64) { bits = SplitMix64(seed: state) }

    mutating func below(_ bound: Int) -> Int { Int(bits.next() % UInt64(bound)) }

    mutating func normal() -> Double {
        let radius = (Double(bits.next() >> 12) + 1) / 4_503_599_627_370_496
        let angle = Double(bits.next() >> 11) / 9_007_199_254_740_992
        return (-2 * log(radius)).squareRoot() * cos(2 * .pi * angle)
    }
}

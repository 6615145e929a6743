import Geometry
import Testing

@testable import Tracker

/// The plain twin: the textbook filter with full 8×8 matrices, state (x, y, w, h, and their velocities).
private struct PlainKalmanFilter {
    var state: [Double]
    var covariance: [[Double]]

    init(box: Box, centreNoise: KalmanFilter.Noise, sizeNoise: KalmanFilter.Noise) {
        state = [box.centreX, box.centreY, box.width, box.height, 0, 0, 0, 0]
        covariance = Self.zeros()
        let scale = (box.width * box.height).squareRoot()
        for index in 0..<4 {
            let noise = index < 2 ? centreNoise : sizeNoise
            covariance[index][index] = (noise.measurement * scale) * (noise.measurement * scale)
            covariance[index + 4][index + 4] = (noise.initialVelocity * scale) * (noise.initialVelocity * scale)
        }
    }

    static func zeros() -> [[Double]] { [[Double]](repeating: [Double](repeating: 0, count: 8), count: 8) }

    static func product(_ left: [[Double]], _ right: [[Double]]) -> [[Double]] {
        var result = zeros()
        for row in 0..<8 {
            for column in 0..<8 {
                for inner in 0..<8 { result[row][column] += left[row][inner] * right[inner][column] }
            }
        }
        return result
    }

    static func transposed(_ matrix: [[Double]]) -> [[Double]] {
        var result = zeros()
        for row in 0..<8 { for column in 0..<8 { result[row][column] = matrix[column][row] } }
        return result
    }

    /// x ← F x, P ← F P Fᵀ + Q.
    mutating func predict(step: Double, centreNoise: KalmanFilter.Noise, sizeNoise: KalmanFilter.Noise) {
        let scale = (state[2] * state[3]).squareRoot()
        var transition = Self.zeros()
        var noise = Self.zeros()
        for index in 0..<8 { transition[index][index] = 1 }
        for index in 0..<4 {
            transition[index][index + 4] = step
            let deviation = (index < 2 ? centreNoise : sizeNoise).acceleration * scale
            let density = deviation * deviation
            noise[index][index] = density * step * step * step / 3
            noise[index][index + 4] = density * step * step / 2
            noise[index + 4][index] = density * step * step / 2
            noise[index + 4][index + 4] = density * step
        }
        state = (0..<8).map { row in (0..<8).reduce(0) { $0 + transition[row][$1] * state[$1] } }
        covariance = Self.product(Self.product(transition, covariance), Self.transposed(transition))
        for row in 0..<8 { for column in 0..<8 { covariance[row][column] += noise[row][column] } }
    }

    /// One coordinate after the other, which is the same as all four at once where their noises are independent.
    mutating func update(box: Box, centreNoise: KalmanFilter.Noise, sizeNoise: KalmanFilter.Noise) {
        let scale = (box.width * box.height).squareRoot()
        let measured = [box.centreX, box.centreY, box.width, box.height]
        for index in 0..<4 {
            let deviation = (index < 2 ? centreNoise : sizeNoise).measurement * scale
            let innovation = covariance[index][index] + deviation * deviation
            let gain = (0..<8).map { covariance[$0][index] / innovation }
            let error = measured[index] - state[index]
            let row = covariance[index]
            for first in 0..<8 {
                state[first] += gain[first] * error
                for second in 0..<8 { covariance[first][second] -= gain[first] * row[second] }
            }
        }
    }
}

@Suite struct KalmanFilterTests {
    private let centreNoise = KalmanFilter.Noise(measurement: 0.05, acceleration: 1.2, initialVelocity: 2)
    private let sizeNoise = KalmanFilter.Noise(measurement: 0.04, acceleration: 0.3, initialVelocity: 0.4)

    // Irregular steps, repeated times, missed boxes.
    @Test(arguments: 0..<20)
    func agreesWithFullMatrices(seed: Int) {
        var random = Numbers(seed: seed)
        var box = Box(x: 100, y: 200, width: random.uniform(20...90), height: random.uniform(20...200))
        var filter = KalmanFilter(box: box, centreNoise: centreNoise, sizeNoise: sizeNoise)
        var plain = PlainKalmanFilter(box: box, centreNoise: centreNoise, sizeNoise: sizeNoise)
        for _ in 0..<60 {
            let step = random.below(8) == 0 ? 0 : random.uniform(0.01...0.3)
            filter.predict(step: step, centreNoise: centreNoise, sizeNoise: sizeNoise)
            plain.predict(step: step, centreNoise: centreNoise, sizeNoise: sizeNoise)
            box.x += random.uniform(-5...9)
            box.y += random.uniform(-4...4)
            box.width = max(5, box.width + random.uniform(-1...1))
            box.height = max(5, box.height + random.uniform(-1...1))
            if random.below(5) > 0 {
                filter.update(box: box, centreNoise: centreNoise, sizeNoise: sizeNoise)
                plain.update(box: box, centreNoise: centreNoise, sizeNoise: sizeNoise)
            }
            let fast = [
                filter.centreX, filter.centreY, filter.width, filter.height, filter.velocityX, filter.velocityY,
                filter.velocityWidth, filter.velocityHeight,
            ]
            for (value, expected) in zip(fast, plain.state) {
                #expect(abs(value - expected) <= 1e-8 * max(1, abs(expected)))
            }
            #expect(abs(filter.centre.position - plain.covariance[1][1]) <= 1e-8 * plain.covariance[1][1])
            #expect(abs(filter.size.velocity - plain.covariance[7][7]) <= 1e-8 * plain.covariance[7][7])
        }
    }

    // The velocity is per second: frame rate does not change where a steadily moving box is expected.
    @Test(arguments: [10.0, 25, 60])
    func learnsVelocityInSeconds(rate: Double) {
        let start = Box(x: 0, y: 50, width: 40, height: 80)
        var filter = KalmanFilter(box: start, centreNoise: centreNoise, sizeNoise: sizeNoise)
        for frame in 1...Int(2 * rate) {
            filter.predict(step: 1 / rate, centreNoise: centreNoise, sizeNoise: sizeNoise)
            let box = Box(x: 30 * Double(frame) / rate, y: 50, width: 40, height: 80)
            filter.update(box: box, centreNoise: centreNoise, sizeNoise: sizeNoise)
        }
        #expect(abs(filter.velocityX - 30) < 0.5)
        #expect(abs(filter.velocityY) < 1e-9)
    }
}

import Geometry
import Testing

@testable import Features

@Suite struct TokenSumTests {
    @Test(arguments: [1, 3, 4, 5, 9], [1, 7, 32])
    func isTheWeightedSumOfTheListedTokens(_ listed: Int, _ channels: Int) {
        var random = SplitMix64(seed: UInt64(listed * 100 + channels))
        let values = (0..<12 * channels).map { _ in Float.random(in: -1...1, using: &random) }
        var sum = TokenSum()
        var expected = [Double](repeating: 0, count: channels)
        for _ in 0..<listed {
            let token = Int.random(in: 0..<12, using: &random)
            let weight = Float.random(in: 0.1...1, using: &random)
            sum.append(token: token, weight: weight)
            for channel in 0..<channels { expected[channel] += Double(weight * values[token * channels + channel]) }
        }
        // One number before and one behind must stay as they are.
        var output = [Float](repeating: 0, count: channels + 2)
        sum.add(values: values, channels: channels, to: &output, at: 1)
        for channel in 0..<channels { #expect(abs(Double(output[channel + 1]) - expected[channel]) < 1e-5) }
        #expect(output.first == 0)
        #expect(output.last == 0)
    }

    @Test func aTokenOfNoWeightIsNotRead() {
        // A product of two weights of ROIAlign may be too small for a Float.
        let tiny = Float(1e-30 * 1e-30)
        var sum = TokenSum()
        for (token, weight) in [(0, tiny), (1, 0.5), (2, 0), (3, -0)] { sum.append(token: token, weight: weight) }
        #expect(sum.tokens == [1])
        var output: [Float] = [0]
        sum.add(values: [.nan, 3, .infinity, .nan], channels: 1, to: &output, at: 0)
        #expect(output == [1.5])
    }

    @Test func anEmptyMapAddsNothing() {
        var output: [Float] = [2]
        TokenSum().add(values: [], channels: 1, to: &output, at: 0)
        TokenSum().add(values: [], channels: 0, to: &output, at: 1)
        #expect(output == [2])
    }
}

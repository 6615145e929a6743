import Geometry
import Testing

@Suite struct SplitMix64Tests {
    // The first numbers of the published generator (https://prng.di.unimi.it/splitmix64.c) from seed 1234567.
    @Test func theGeneratorIsSplitMix64() {
        var random = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect((0..<5).map { _ in random.next() } == expected)
    }

    @Test(arguments: [1, 2, 7, 1_000_000])
    func indicesStayBelowTheBound(_ bound: Int) {
        var random = SplitMix64(seed: 1)
        for _ in 0..<100 { #expect((0..<bound).contains(random.index(below: bound))) }
    }
}

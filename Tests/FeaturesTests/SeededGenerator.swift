import Features

/// Random numbers that are the same in every run: SplitMix64, Steele and others, 2014.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension TokenMap {
    /// A map of numbers between −1 and 1.
    static func random(rows: Int, columns: Int, channels: Int, using random: inout SeededGenerator) -> TokenMap {
        var map = TokenMap(rows: rows, columns: columns, channels: channels)
        for index in map.values.indices { map.values[index] = .random(in: -1...1, using: &random) }
        return map
    }
}

import Features
import Geometry

extension TokenMap {
    /// A map of numbers between −1 and 1.
    static func random(rows: Int, columns: Int, channels: Int, using random: inout SplitMix64) -> TokenMap {
        var map = TokenMap(rows: rows, columns: columns, channels: channels)
        for index in map.values.indices { map.values[index] = .random(in: -1...1, using: &random) }
        return map
    }
}

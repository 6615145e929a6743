import Features
import Geometry

/// Which taps of a joined token map a feature is made of, end to end.
struct TapCut: Hashable, Sendable {
    /// The taps' places in the map, in the order in which they are joined.
    let positions: [Int]

    /// The channels of the map that it takes, for taps of `width` numbers.
    func channels(width: Int) -> [Int] {
        positions.flatMap { $0 * width..<($0 + 1) * width }
    }

    /// Its share of vectors that were pooled from the whole map.
    ///
    /// Pooling treats every channel alike, so these are the bits that pooling the taps alone would give.
    ///
    /// - Parameters:
    ///   - taps: How many taps the map has.
    ///   - cells: Groups of channels in a vector.
    func slice(_ vectors: FeatureVectors, taps: Int, cells: Int) -> FeatureVectors {
        guard positions.count != taps || positions != Array(0..<taps) else { return vectors }
        let width = vectors.dimension / (cells * taps)
        var values: [Float] = []
        values.reserveCapacity(vectors.count * cells * positions.count * width)
        for group in 0..<vectors.count * cells {
            for position in positions {
                let start = (group * taps + position) * width
                values.append(contentsOf: vectors.values[start..<start + width])
            }
        }
        return FeatureVectors(count: vectors.count, dimension: cells * positions.count * width, values: values)
    }
}

/// One way of making vectors from a shared pass.
struct Lane: Hashable, Sendable {
    let cut: TapCut
    /// Which of the pass's poolings.
    let pooling: Int
    let dropVariance: Int
    let standardize: Bool

    var needsStatistics: Bool { dropVariance > 0 || standardize }
}

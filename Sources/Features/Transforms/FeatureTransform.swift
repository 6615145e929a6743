public import Geometry

/// What is done to vectors before they are compared: drop channels, standardise, L2-normalise, in this order.
///
/// Source: arXiv 2401.00463: the few channels of highest variance ruin the nearest neighbours of MAE, and dropping 200
/// of 768 repairs them.
///
/// With `Pooling.grid` every cell has the same channels, so a channel is dropped, or standardised, in all of them.
public struct FeatureTransform: Equatable, Sendable {
    /// Which channels stay, rising.
    public let keptChannels: [Int]
    /// Numbers of a vector as it comes in.
    public let inputDimension: Int
    /// Numbers of a vector as it comes out.
    public var dimension: Int { kept.count }

    /// Positions in the incoming vector that stay, all cells.
    private let kept: [Int]
    /// What to subtract and what to multiply by, for each of `kept`; empty without standardising.
    private let shifts: [Double]
    private let scales: [Double]

    /// Decides what to do.
    ///
    /// Edge cases: channels of equal variance go lower index first; a channel that never varied becomes 0 when
    /// standardised, for it carries nothing.
    ///
    /// - Parameters:
    ///   - dropVariance: How many channels of highest variance to drop.
    ///   - standardize: Whether to subtract the channel's mean and divide by its standard deviation.
    ///   - statistics: Needed by both; not looked at where neither is asked for.
    ///   - channels: Numbers per token.
    ///   - pooling: How tokens became vectors.
    /// - Throws: `FeatureError.dropsEveryChannel` unless 0 ≤ `dropVariance` < `channels`; `.statisticsMissing`;
    ///   `.statisticsChannels` where the statistics are of another number of channels.
    public init(
        dropVariance: Int = 0, standardize: Bool = false, statistics: ChannelStatistics? = nil, channels: Int,
        pooling: Pooling
    ) throws(FeatureError) {
        guard dropVariance >= 0, dropVariance < channels else {
            throw .dropsEveryChannel(drop: dropVariance, channels: channels)
        }
        var keptChannels = Array(0..<channels)
        var shifts: [Double] = []
        var scales: [Double] = []
        if dropVariance > 0 || standardize {
            guard let statistics else { throw .statisticsMissing }
            guard statistics.channels == channels else {
                throw .statisticsChannels(found: statistics.channels, expected: channels)
            }
            // In single precision, as a file of saved statistics has them.
            let means = statistics.means.map { Double(Float($0)) }
            let variances = statistics.variances.map { Double(Float($0)) }
            let falling = keptChannels.sorted { (variances[$0], $1) > (variances[$1], $0) }
            keptChannels = falling.dropFirst(dropVariance).sorted()
            if standardize {
                for _ in 0..<pooling.cells {
                    shifts += keptChannels.map { means[$0] }
                    scales += keptChannels.map { variances[$0] > 0 ? 1 / variances[$0].squareRoot() : 0 }
                }
            }
        }
        self.keptChannels = keptChannels
        self.shifts = shifts
        self.scales = scales
        inputDimension = pooling.dimension(channels: channels)
        kept = (0..<pooling.cells).flatMap { cell in keptChannels.map { cell * channels + $0 } }
    }

    /// Transforms every vector of a frame; the results have length 1.
    ///
    /// Edge cases: a zero vector (a box that no sample reached) stays zero, and a vector whose length is 0 or not
    /// finite after standardising becomes zero: similarity 0 to everything.
    ///
    /// - Parameters:
    ///   - vectors: Pooled vectors.
    ///   - normalizing: Whether to take the last step; without it, vectors keep their length.
    /// - Precondition: the vectors have `inputDimension` numbers.
    /// - Complexity: O(count · dimension).
    public func apply(_ vectors: FeatureVectors, normalizing: Bool = true) -> FeatureVectors {
        precondition(vectors.dimension == inputDimension, "the vectors are not the ones this transform was made for")
        var output = FeatureVectors(zeros: vectors.count, dimension: dimension)
        var row = [Double](repeating: 0, count: dimension)
        for index in 0..<vectors.count {
            let start = index * inputDimension
            guard vectors.values[start..<start + inputDimension].contains(where: { $0 != 0 }) else { continue }
            var squares = 0.0
            for position in row.indices {
                var value = Double(vectors.values[start + kept[position]])
                if !scales.isEmpty { value = (value - shifts[position]) * scales[position] }
                row[position] = value
                squares += value * value
            }
            guard squares > 0, squares.isFinite else { continue }
            let factor = normalizing ? 1 / squares.squareRoot() : 1
            for position in row.indices {
                output.values[index * dimension + position] = Float(row[position] * factor)
            }
        }
        return output
    }
}

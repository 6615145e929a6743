/// Mean and variance of every channel over the tokens of the frames that were added.
///
/// Source: Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1982:
/// each map's own mean first, then its squared deviations, then the merge, so that a channel whose mean is large
/// against its spread keeps its digits.
///
/// Design §4: the statistics of a run are those of its first 32 frames with boxes, or a saved file's.
public struct ChannelStatistics: Equatable, Sendable {
    /// Tokens added so far.
    public private(set) var count: Int
    /// The mean of each channel.
    public private(set) var means: [Double]
    /// Sum of the squared deviations from the mean, by channel.
    private var deviations: [Double]

    /// Population variance of each channel; 0 before any token was added.
    public var variances: [Double] {
        count > 0 ? deviations.map { $0 / Double(count) } : deviations
    }

    /// How many channels there are.
    public var channels: Int { means.count }

    /// Creates statistics of no tokens.
    public init(channels: Int) {
        count = 0
        means = [Double](repeating: 0, count: channels)
        deviations = means
    }

    /// Restores saved statistics.
    ///
    /// - Parameter source: Where they come from, for the message.
    /// - Throws: `FeatureError.statistics` where the arrays differ in length or are empty, the count is not positive,
    ///   a number is not finite or a variance is negative.
    public init(count: Int, means: [Double], variances: [Double], source: String) throws(FeatureError) {
        func fail(_ reason: String) -> FeatureError { .statistics(source: source, reason: reason) }
        guard count > 0 else { throw fail("the statistics are of \(count) tokens; at least 1 is needed") }
        guard !means.isEmpty, means.count == variances.count else {
            throw fail("\(means.count) means and \(variances.count) variances; both must have one number a channel")
        }
        if let channel = means.indices.first(where: { !means[$0].isFinite || !variances[$0].isFinite }) {
            throw fail("the mean or the variance of channel \(channel) is not a finite number")
        }
        if let channel = variances.firstIndex(where: { $0 < 0 }) {
            throw fail("the variance of channel \(channel) is negative: \(variances[channel])")
        }
        self.count = count
        self.means = means
        deviations = variances.map { $0 * Double(count) }
    }

    /// The statistics of some channels, in the order given.
    ///
    /// A channel's numbers do not depend on the others: these are the bits that the channels alone would have given.
    ///
    /// - Precondition: every channel is one of these.
    public func selecting(_ channels: [Int]) -> ChannelStatistics {
        var selected = ChannelStatistics(channels: channels.count)
        selected.count = count
        selected.means = channels.map { means[$0] }
        selected.deviations = channels.map { deviations[$0] }
        return selected
    }

    /// Adds all tokens of a frame.
    ///
    /// - Throws: `FeatureError.statisticsChannels` where the map has another number of channels.
    /// - Complexity: O(tokens · channels), two passes.
    public mutating func add(_ map: TokenMap) throws(FeatureError) {
        guard map.channels == channels else {
            throw .statisticsChannels(found: channels, expected: map.channels)
        }
        let tokens = map.rows * map.columns
        guard tokens > 0, channels > 0 else { return }
        var mapMeans = [Double](repeating: 0, count: channels)
        Self.accumulate(map.values, into: &mapMeans) { value, _ in value }
        for channel in mapMeans.indices { mapMeans[channel] /= Double(tokens) }
        var mapDeviations = [Double](repeating: 0, count: channels)
        let means = mapMeans
        Self.accumulate(map.values, into: &mapDeviations) { value, channel in
            let difference = value - means[channel]
            return difference * difference
        }
        merge(tokens: tokens, means: mapMeans, deviations: mapDeviations)
    }

    /// Adds a function of every value to its channel's sum, token by token.
    @inline(__always)
    private static func accumulate(
        _ values: [Float], into sums: inout [Double], _ term: (_ value: Double, _ channel: Int) -> Double
    ) {
        let channels = sums.count
        var position = 0
        while position < values.count {
            for channel in 0..<channels {
                sums[channel] += term(Double(values[position + channel]), channel)
            }
            position += channels
        }
    }

    private mutating func merge(tokens: Int, means other: [Double], deviations added: [Double]) {
        let total = Double(count + tokens)
        let share = Double(tokens) / total
        let cross = Double(count) * share
        for channel in means.indices {
            let difference = other[channel] - means[channel]
            means[channel] += difference * share
            deviations[channel] += added[channel] + difference * difference * cross
        }
        count += tokens
    }
}

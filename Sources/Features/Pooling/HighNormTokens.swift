/// From which length on a token counts as an artefact.
public enum LengthCutoff: Equatable, Sendable {
    /// A robust rule over the tokens of each frame.
    case automatic
    /// This length.
    case length(Float)
}

/// The tokens of a map that are far longer than the others.
///
/// Source: Darcet et al., "Vision Transformers Need Registers", 2023 (https://arxiv.org/abs/2309.16588) §2.1: large models
/// turn a few patches of plain background into scratch space; their tokens are several times as long as the others and
/// say little about their place. The length is that of the deepest tap, a block's output before the final LayerNorm,
/// which would level it.
///
/// `automatic`: max(2 · m, m + 8 · s) with the median m and s = 1.4826 · the median absolute deviation, which is the
/// standard deviation where lengths are normally distributed. The first bound keeps the tokens of a plain picture, where
/// the deviation is next to nothing, the second those of a model whose lengths spread widely.
public struct HighNormTokens: Sendable {
    /// Whether each token is one of them.
    public private(set) var flags: [Bool] = []
    /// How many there are.
    public private(set) var count = 0
    /// The length from which on a token counts.
    public private(set) var cutoff: Float = .infinity

    private var sorted: [Float] = []

    /// Creates a finder that has seen nothing.
    public init() {}

    /// Finds them in a map whose tokens have lengths, all of them computed.
    ///
    /// Edge cases: a length that is no number counts as too long; a map without lengths has no such token.
    ///
    /// - Complexity: O(tokens · log tokens).
    public mutating func find(in map: TokenMap, cutoff rule: LengthCutoff) {
        switch rule {
        case .automatic: cutoff = automaticCutoff(map.lengths)
        case .length(let length): cutoff = length
        }
        flags.removeAll(keepingCapacity: true)
        count = 0
        for length in map.lengths {
            let isHigh = !(length <= cutoff)
            flags.append(isHigh)
            if isHigh { count += 1 }
        }
    }

    private mutating func automaticCutoff(_ lengths: [Float]) -> Float {
        sorted.removeAll(keepingCapacity: true)
        for length in lengths where length.isFinite { sorted.append(length) }
        guard let median = takeMedian() else { return .infinity }
        for index in sorted.indices { sorted[index] = abs(sorted[index] - median) }
        guard let deviation = takeMedian() else { return .infinity }
        return max(2 * median, median + 8 * 1.4826 * deviation)
    }

    /// The middle number, the upper of two.
    private mutating func takeMedian() -> Float? {
        sorted.sort()
        return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }
}

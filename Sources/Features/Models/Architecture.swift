import Geometry

/// A known model's sizes with random weights in place of trained ones.
///
/// Weights are drawn as timm initialises them in spirit (standard deviation 0.02 for matrices and positions), with
/// small random biases and LayerNorm gains near 1, so that a test notices any tensor that is mixed up or left out.
struct Architecture: Sendable {
    let description: ModelDescription
    let seed: UInt64
    let standardDeviation: Float

    init(description: ModelDescription, seed: UInt64, standardDeviation: Float = 0.02) {
        self.description = description
        self.seed = seed
        self.standardDeviation = standardDeviation
    }

    /// The names that `init(name:seed:)` knows.
    static let names = known.map(\.name)

    init?(name: String, seed: UInt64) {
        guard let sizes = Self.known.first(where: { $0.name == name }) else { return nil }
        self.init(
            description: ModelDescription(
                name: name, dialect: .random, family: nil, structure: sizes.structure, width: sizes.width,
                depth: sizes.depth, heads: sizes.heads, hiddenWidth: sizes.hiddenWidth ?? 4 * sizes.width,
                patch: sizes.patch, inputSide: sizes.side, layerNormEpsilon: sizes.epsilon,
                mean: Checkpoint.imageNetMean, std: Checkpoint.imageNetStd, preferredLayer: nil, preferredPool: nil),
            seed: seed)
    }

    /// A part's numbers, the same for the same seed whatever else has been asked for.
    func values(of part: ModelPart) -> [Float] {
        let count = description.shape(of: part).reduce(1, *)
        let centre: Float
        switch part {
        case .preNormWeight, .finalNormWeight, .block(_, .norm1Weight), .block(_, .norm2Weight),
            .block(_, .queryNormWeight), .block(_, .keyNormWeight), .rotaryPeriods:
            centre = 1
        default: centre = 0
        }
        // FNV-1a of the part's name starts each tensor's own sequence.
        var random = SplitMix64(
            seed: "\(part)".utf8.reduce(seed ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
        // The sum of four uniform 16-bit numbers is close to normal, with variance 4/12 of their range squared.
        let scale = standardDeviation / (65536 * (1.0 / 3).squareRoot())
        return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count {
                let mixed = random.next()
                let sum = (mixed & 0xFFFF) + (mixed >> 16 & 0xFFFF) + (mixed >> 32 & 0xFFFF) + (mixed >> 48)
                unsafe buffer[index] = centre + (Float(sum) - 131070) * scale
            }
            initialized = count
        }
    }
}

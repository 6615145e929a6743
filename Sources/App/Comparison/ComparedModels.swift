import Features
import Geometry

/// The models of a comparison, with as few passes of a network as they need.
///
/// Variants of one checkpoint that see the same pixels in the same precision share a pass: each takes its own taps,
/// pooling and transform of it (`SharedPass`).
struct ComparedModels {
    /// A variant that is a model, and where its vectors come from.
    struct Member {
        let variant: Variant
        let appearance: Appearance
        let pass: Int
        let lane: Int
    }

    private(set) var passes: [SharedPass] = []
    private(set) var members: [Member] = []

    /// What variants must agree in to share a pass.
    private struct Key: Hashable {
        let path: String
        let input: PreparationPlan.Input
        let precision: PrecisionAsked
        let family: String?
        /// The variant itself where its pass serves no other: its mean is made in the network, the lengths of its
        /// tokens are of its deepest layer, or its precision is chosen by its own tokens.
        let own: String?

        init(_ appearance: Appearance, _ variant: Variant) {
            path = appearance.path
            input = appearance.input
            precision = appearance.precision
            family = variant.family
            let isMean = appearance.selection.join == .mean && appearance.selection.taps.count > 1
            let isOwn = isMean || appearance.artefacts != nil || precision == .auto
            own = isOwn ? variant.text : nil
        }
    }

    /// Loads everything; what fails is named.
    init(
        _ variants: [Variant], base: Preset.FeatureChoices, overrides: CheckpointOverrides, threads: Int
    ) throws {
        var appearances: [(variant: Variant, appearance: Appearance)] = []
        for variant in variants where variant.subject == .model {
            var preset = Preset(features: base)
            preset.overlay(Preset(features: variant.choices))
            var overrides = overrides
            overrides.family = variant.family ?? overrides.family
            let appearance = try AppError.naming(variant.text) { [overrides] in
                try Appearance(choices: preset.features, overrides: overrides)
            }
            if let appearance { appearances.append((variant, appearance)) }
        }
        var order: [Key] = []
        var groups: [Key: [Int]] = [:]
        for (index, entry) in appearances.enumerated() {
            let key = Key(entry.appearance, entry.variant)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(index)
        }
        var places = [(pass: Int, lane: Int)](repeating: (0, 0), count: appearances.count)
        for (number, key) in order.enumerated() {
            let indices = groups[key] ?? []
            let names = indices.map { appearances[$0].variant.text }.joined(separator: ", ")
            passes.append(
                try AppError.naming(names) { try Self.pass(indices.map { appearances[$0].appearance }, threads) })
            for (lane, index) in indices.enumerated() { places[index] = (number, lane) }
        }
        members = appearances.indices.map {
            Member(
                variant: appearances[$0].variant, appearance: appearances[$0].appearance, pass: places[$0].pass,
                lane: places[$0].lane)
        }
    }

    /// A pass with a lane for each appearance, in their order.
    private static func pass(_ appearances: [Appearance], _ threads: Int) throws(FeatureError) -> SharedPass {
        var taps: [LayerTap] = []
        var poolings: [Pooling] = []
        var lanes: [Lane] = []
        let first = appearances[0]
        let isMean = first.selection.join == .mean && first.selection.taps.count > 1
        for appearance in appearances {
            let positions = appearance.selection.taps.map { tap in
                taps.firstIndex(of: tap)
                    ?? {
                        taps.append(tap)
                        return taps.count - 1
                    }()
            }
            if !poolings.contains(appearance.pooling) { poolings.append(appearance.pooling) }
            lanes.append(
                Lane(
                    cut: TapCut(positions: isMean ? [0] : positions),
                    pooling: poolings.firstIndex(of: appearance.pooling) ?? 0,
                    dropVariance: appearance.dropVariance, standardize: appearance.standardize))
        }
        return try SharedPass(
            checkpoint: first.checkpoint, input: first.input,
            selection: LayerSelection(taps: taps, join: isMean ? .mean : .concat), precision: first.precision,
            poolings: poolings, lanes: lanes, artefacts: first.artefacts, threads: threads)
    }
}

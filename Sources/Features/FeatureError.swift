public import Geometry

/// Why features could not be computed.
///
/// Cases carry the numbers; `description` makes the sentence: what was found, what was expected, and what to do.
public enum FeatureError: Error, Equatable, Sendable {
    // Tiling.
    /// A frame with no pixels, or with more than can be addressed, cannot be tiled.
    case frameSize(width: Int, height: Int)
    /// The model's input side is not a positive multiple of its patch side.
    case inputSide(side: Int, patch: Int)
    /// The bound on the longer side of a whole frame does not hold one patch.
    case longSide(Int, patch: Int)
    /// The tiles of a frame would make more tokens than a map may hold.
    case mapSize(rows: Int, columns: Int)

    // Pooling.
    /// No pooling has this name.
    case poolingName(String)

    // Transforms.
    /// More channels were to be dropped than there are.
    case dropsEveryChannel(drop: Int, channels: Int)
    /// A transform that needs statistics was made without.
    case statisticsMissing
    /// Statistics belong to another number of channels than the features have.
    case statisticsChannels(found: Int, expected: Int)
    /// Saved statistics cannot be used.
    case statistics(source: String, reason: String)

    // Weights and the network.
    /// The weights cannot be used.
    case weights(WeightsError)
    /// The network cannot run as asked.
    case engine(EngineError)
}

extension FeatureError {
    /// Which exit code the failure has.
    public var category: FailureCategory {
        switch self {
        case .frameSize, .inputSide, .mapSize, .statistics, .statisticsChannels: .badData
        case .longSide, .poolingName, .dropsEveryChannel: .usage
        case .statisticsMissing: .bug
        case .weights(let error): error.category
        case .engine(let error): error.category
        }
    }
}

extension FeatureError: CustomStringConvertible {
    /// The failure as a sentence.
    public var description: String {
        switch self {
        case .frameSize(let width, let height):
            "a frame of \(width)x\(height) pixels cannot be tiled: both sides must be at least 1 and at most "
                + "\(TileGrid.maximumSide)"
        case .inputSide(let side, let patch):
            "an input side of \(side) with patches of \(patch) cannot be tiled: the side must be a positive multiple "
                + "of the patch"
        case .longSide(let bound, let patch):
            "a long side of \(bound) pixels does not hold one patch of \(patch): use --long-side \(patch) or more"
        case .mapSize(let rows, let columns):
            "the frame would make a map of \(rows)x\(columns) tokens, more than \(TileGrid.maximumTokens): "
                + "use a smaller picture or --tiling fit"
        case .poolingName(let name):
            "no pooling is called \"\(name)\": use mean, mean-patches, or gridN with N from 1 to \(Pooling.maximumGrid)"
        case .dropsEveryChannel(let drop, let channels):
            "cannot drop \(drop) of \(channels) channels: --drop-variance must be less than \(channels)"
        case .statisticsMissing:
            "a transform that drops or standardises channels was made without their statistics"
        case .statisticsChannels(let found, let expected):
            "the statistics are of \(found) channels, the features have \(expected): they belong to another model or "
                + "choice of layers"
        case .statistics(let source, let reason):
            "\(source): \(reason)"
        case .weights(let error): error.description
        case .engine(let error): error.description
        }
    }
}

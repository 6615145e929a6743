import Features
import Formats
import Geometry

/// A frame whose boxes have their pooled vectors.
struct EmbeddedFrame: Sendable {
    var frame: PreparedFrame
    /// One row per box, in the order of the file, unit length once transformed; nil without a model.
    var vectors: FeatureVectors?
    /// The same before the last step, L2-normalisation, where they are to be written.
    var unnormalised: FeatureVectors?
    /// How many of its tokens are outliers; nil where nobody asked.
    var highNormTokens: Int?
}

/// Holds frames back until the channel statistics that a transform needs have been collected, then transforms.
///
/// Statistics run over all tokens of the first 32 frames with boxes; nothing is held when they come from a file or
/// no transform needs them. At most 1,024 frames are held (64 with their pictures), so that memory stays bounded
/// where boxes are rare.
struct StatisticsHold {
    /// Frames whose maps are wanted whole.
    static let framesWithBoxes = 32
    /// Frames that are held at most.
    static let framesHeld = 1024
    /// The same where decoded pictures are held with them, for drawing.
    private static let picturesHeld = 64

    private let transform: TransformChoice
    private var statistics: ChannelStatistics?
    private var ready: FeatureTransform?
    private var collected = 0
    private var held: [EmbeddedFrame] = []

    /// Which transform is wanted.
    struct TransformChoice {
        var dropVariance: Int
        var standardize: Bool
        var pooling: Pooling
        /// Numbers per token.
        var channels: Int
        /// The vectors before L2-normalisation are wanted too.
        var keepsUnnormalised: Bool
        /// Saved statistics; nil collects them.
        var saved: ChannelStatistics?

        var needsStatistics: Bool { dropVariance > 0 || standardize }
    }

    /// Prepares for a transform.
    init(transform: TransformChoice) throws(FeatureError) {
        self.transform = transform
        if !transform.needsStatistics || transform.saved != nil { try build(transform.saved) }
    }

    /// What was collected, once it is complete.
    var finalStatistics: ChannelStatistics? { ready == nil ? nil : statistics ?? transform.saved }

    /// How many of the first frames with boxes must be embedded whole: those that statistics are collected from.
    var wholeFrames: Int { ready == nil ? Self.framesWithBoxes : 0 }

    /// Takes a frame, and its tokens if it has boxes; returns the frames that are ready, in order.
    mutating func add(_ frame: EmbeddedFrame, map: TokenMap?) throws(FeatureError) -> [EmbeddedFrame] {
        if let ready { return [apply(ready, to: frame)] }
        if let map {
            if statistics == nil { statistics = ChannelStatistics(channels: map.channels) }
            try statistics?.add(map)
            collected += 1
        }
        // Frames before the first box need no transform and so nobody waits for them.
        if collected == 0 { return [frame] }
        held.append(frame)
        return collected >= Self.framesWithBoxes
            || held.count >= (frame.frame.frame == nil ? Self.framesHeld : Self.picturesHeld) ? try flush() : []
    }

    /// Releases what is held, with the statistics there are.
    mutating func flush() throws(FeatureError) -> [EmbeddedFrame] {
        guard !held.isEmpty else { return [] }
        try build(statistics)
        guard let ready else { return [] }
        defer { held.removeAll() }
        return held.map { apply(ready, to: $0) }
    }

    private mutating func build(_ statistics: ChannelStatistics?) throws(FeatureError) {
        ready = try FeatureTransform(
            dropVariance: transform.dropVariance, standardize: transform.standardize, statistics: statistics,
            channels: transform.channels, pooling: transform.pooling)
    }

    private func apply(_ ready: FeatureTransform, to frame: EmbeddedFrame) -> EmbeddedFrame {
        guard let vectors = frame.vectors else { return frame }
        var result = frame
        result.vectors = ready.apply(vectors)
        if transform.keepsUnnormalised { result.unnormalised = ready.apply(vectors, normalizing: false) }
        return result
    }
}

import Evaluation
import Features

/// What `--report` writes: one JSON object; rates from 0 to 1, times in seconds, what is absent is `null`.
struct Report: Encodable {
    /// The network and what was taken of it.
    struct Model: Encodable {
        var name: String
        /// SHA-256 of the checkpoint file, hexadecimal.
        var digest: String
        /// Numbers per box.
        var dim: Int
        var tiling: String
        var layer: String
        /// How several layers were joined; null for one.
        var join: String?
        var token: String
        var pool: String
        var similarity: String
        var dropVariance: Int
        var standardize: Bool
        /// What the products were computed in, and what `--precision` asked for.
        var precision: String
        var precisionAsked: String
        /// Median cosine to f32 of the tokens of each precision that `auto` tried; null where one was named.
        var precisionCosine: [String: Double]?
        /// Boxes that no token sample reached.
        var boxesUnreached: Int

        enum CodingKeys: String, CodingKey {
            case name, digest, dim, tiling, layer, join, token, pool, similarity, standardize, precision
            case dropVariance = "drop_variance"
            case precisionAsked = "precision_asked"
            case precisionCosine = "precision_cosine"
            case boxesUnreached = "boxes_unreached"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(digest, forKey: .digest)
            try container.encode(dim, forKey: .dim)
            try container.encode(tiling, forKey: .tiling)
            try container.encode(layer, forKey: .layer)
            try container.encode(join, forKey: .join)
            try container.encode(token, forKey: .token)
            try container.encode(pool, forKey: .pool)
            try container.encode(similarity, forKey: .similarity)
            try container.encode(dropVariance, forKey: .dropVariance)
            try container.encode(standardize, forKey: .standardize)
            try container.encode(precision, forKey: .precision)
            try container.encode(precisionAsked, forKey: .precisionAsked)
            try container.encode(precisionCosine, forKey: .precisionCosine)
            try container.encode(boxesUnreached, forKey: .boxesUnreached)
        }
    }

    /// Tokens far longer than the others, of the frames with boxes.
    struct HighNormTokens: Encodable {
        /// `auto`, or the length from which on a token counts.
        var cutoff: String
        /// Whether pooling left them out.
        var dropped: Bool
        /// How many, of how many tokens, and on how many of the frames.
        var count = 0
        var tokens = 0
        var frames = 0

        init(_ choice: ArtefactChoice) {
            switch choice.cutoff {
            case .automatic: cutoff = "auto"
            case .length(let length): cutoff = "\(length)"
            }
            dropped = choice.drops
        }

        /// Adds a frame.
        mutating func add(_ found: Int, of all: Int) {
            count += found
            tokens += all
            if found > 0 { frames += 1 }
        }
    }

    /// Tiles of the frames with boxes.
    struct Tiles: Encodable {
        /// Computed.
        var embedded = 0
        /// Left out, since no box reads them.
        var skipped = 0
        /// Taken over from an earlier frame.
        var reused = 0
    }

    /// Wall-clock seconds by stage; stages overlap, so they do not add up to the total.
    struct Seconds: Encodable {
        var total = 0.0
        /// Before the first frame: opening inputs, reading and packing the model.
        var load = 0.0
        var decode = 0.0
        var embed = 0.0
        var pool = 0.0
        var associate = 0.0
    }

    var version = VTrack.version
    var source: String?
    var boxesSource: String
    var model: Model?
    /// What became of the tiles; nil without a model.
    var tiles: Tiles?
    /// nil where nobody asked.
    var highNormTokens: HighNormTokens?
    var frames = 0
    var boxes = 0
    var tracks = 0
    /// Boxes that no track took: too little confidence for the tracker's configuration.
    var boxesUntracked = 0
    var frameRate: Double?
    var seconds = Seconds()
    var degraded = false
    var decodeErrors = 0
    var irregularFrames = 0
    var boxesWithoutFrame = 0
    var interrupted = false
    var retrieval: [RetrievalResult] = []

    enum CodingKeys: String, CodingKey {
        case version, source, model, tiles, frames, boxes, tracks, seconds, degraded, interrupted, retrieval
        case boxesSource = "boxes_source"
        case highNormTokens = "high_norm_tokens"
        case boxesUntracked = "boxes_untracked"
        case frameRate = "frame_rate"
        case decodeErrors = "decode_errors"
        case irregularFrames = "irregular_frames"
        case boxesWithoutFrame = "boxes_without_frame"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(version, forKey: .version)
        // `encode` and not `encodeIfPresent`: what is absent is null, not missing.
        try container.encode(source, forKey: .source)
        try container.encode(boxesSource, forKey: .boxesSource)
        try container.encode(model, forKey: .model)
        try container.encode(tiles, forKey: .tiles)
        try container.encode(highNormTokens, forKey: .highNormTokens)
        try container.encode(frames, forKey: .frames)
        try container.encode(boxes, forKey: .boxes)
        try container.encode(tracks, forKey: .tracks)
        try container.encode(boxesUntracked, forKey: .boxesUntracked)
        try container.encode(frameRate, forKey: .frameRate)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(degraded, forKey: .degraded)
        try container.encode(decodeErrors, forKey: .decodeErrors)
        try container.encode(irregularFrames, forKey: .irregularFrames)
        try container.encode(boxesWithoutFrame, forKey: .boxesWithoutFrame)
        try container.encode(interrupted, forKey: .interrupted)
        try container.encode(retrieval, forKey: .retrieval)
    }
}

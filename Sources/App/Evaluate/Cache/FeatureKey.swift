import Decode
import Features
import Geometry

/// Everything that the vectors and colour histograms of a sequence depend on; its digest is their name in the cache.
struct FeatureKey: Encodable {
    /// Grows with the form of the cache's files.
    static let formatVersion = 1

    /// What is made of the pixels; nil without a model.
    var model: ModelSettings?
    /// `--reuse`.
    var reuse: Double?
    /// `ContentDigest.ofSource` of the pictures or the video.
    var source: String
    /// `ContentDigest.of` the boxes.
    var boxes: String
    /// Whether colour histograms are there.
    var histograms: Bool
    /// How frames are numbered and which of them are taken.
    var numbering: String
    var frameRate: Double
    var first: Int
    var last: Int
    var maxPixels: Int

    private let program = VTrack.version
    private let format = FeatureKey.formatVersion
    private let processor = Processor.instructionSet
    private let libraries = LibraryVersions.text
    // Channel statistics run over the first frames with boxes (StatisticsHold).
    private let statistics = "\(StatisticsHold.framesWithBoxes) of \(StatisticsHold.framesHeld)"

    init(
        model: ModelSettings?, reuse: Double?, source: String, boxes: String, histograms: Bool, numbering: String,
        frameRate: Double, frames: ClosedRange<Int>, maxPixels: Int
    ) {
        self.model = model
        self.reuse = reuse
        self.source = source
        self.boxes = boxes
        self.histograms = histograms
        self.numbering = numbering
        self.frameRate = frameRate
        first = frames.lowerBound
        last = frames.upperBound
        self.maxPixels = maxPixels
    }

    /// The name in the cache: 64 hexadecimal digits.
    func digest() throws -> String { try ContentDigest.of(self) }
}

/// A model and what is taken of it, as far as vectors depend on it.
struct ModelSettings: Codable, Equatable, Sendable {
    /// What it is called; vectors do not depend on it.
    var name: String
    /// SHA-256 of the checkpoint's files.
    var digest: String
    /// What the files may leave to options.
    var family: String?
    var heads: Int
    var layerNormEpsilon: Double
    var mean: [Double]
    var std: [Double]
    var tiling: String
    var longSide: Int
    var layer: String
    var layers: [Int]
    var token: String
    var join: String
    var pool: String
    var dropVariance: Int
    var standardize: Bool
    var similarity: String
    var artefacts: String?
    /// What the network computes in: never `auto`.
    var precision: String

    enum CodingKeys: String, CodingKey {
        case name, digest, family, heads, mean, std, tiling, layer, layers, token, join, pool, standardize
        case similarity, artefacts, precision
        case layerNormEpsilon = "layer_norm_epsilon"
        case longSide = "long_side"
        case dropVariance = "drop_variance"
    }

    init(_ appearance: Appearance, precision: Precision) {
        let model = appearance.checkpoint.description
        name = model.name
        digest = appearance.digest
        family = model.family
        heads = model.heads
        layerNormEpsilon = model.layerNormEpsilon
        mean = model.mean
        std = model.std
        tiling = appearance.tiling.rawValue
        longSide = appearance.longSide
        layer = appearance.layer.description
        layers = appearance.selection.layers
        token = appearance.token.rawValue
        join = appearance.selection.join.rawValue
        pool = appearance.pooling.name
        dropVariance = appearance.dropVariance
        standardize = appearance.standardize
        similarity = appearance.similarity.rawValue
        artefacts = appearance.artefacts.map { "\($0.cutoff), \($0.drops ? "dropped" : "counted")" }
        self.precision = precision.rawValue
    }

    /// The settings without what vectors do not depend on.
    var ofVectors: ModelSettings {
        var settings = self
        settings.name = ""
        settings.layer = ""
        settings.similarity = ""
        return settings
    }
}

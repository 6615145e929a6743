import Evaluation
import Features
import Geometry
import Tracker

/// What a preset or configuration file may set; nil where it leaves the choice to what comes before it.
///
/// Order of precedence, the later one wins: built-in defaults, the checkpoint's metadata, the preset, `--config`, options.
struct Preset {
    /// `features:` — which vectors are made.
    struct FeatureChoices {
        var model: String?
        var tiling: Tiling?
        var longSide: Int?
        var layer: LayerChoice?
        var join: LayerJoin?
        var token: TokenKind?
        var pool: Pooling?
        var dropVariance: Int?
        var standardize: Bool?
        var similarity: Similarity?
        var precision: PrecisionAsked?
        var artefactCutoff: LengthCutoff?
        var dropArtefacts: Bool?
    }

    /// `boxes:` — which boxes are used.
    struct BoxChoices {
        var classes: Set<Int>?
        var minimumConfidence: Double?
        var maximumBoxes: Int?
    }

    var features = FeatureChoices()
    var boxes = BoxChoices()
    /// `retrieval: deltas:`.
    var deltas: [RetrievalDelta]?
    /// `tracker:`, complete: what the file leaves out has its default.
    var tracker: TrackerConfiguration?

    /// Lays `other` over this one.
    mutating func overlay(_ other: Preset) {
        features.model = other.features.model ?? features.model
        features.tiling = other.features.tiling ?? features.tiling
        features.longSide = other.features.longSide ?? features.longSide
        features.layer = other.features.layer ?? features.layer
        features.join = other.features.join ?? features.join
        features.token = other.features.token ?? features.token
        features.pool = other.features.pool ?? features.pool
        features.dropVariance = other.features.dropVariance ?? features.dropVariance
        features.standardize = other.features.standardize ?? features.standardize
        features.similarity = other.features.similarity ?? features.similarity
        features.precision = other.features.precision ?? features.precision
        features.artefactCutoff = other.features.artefactCutoff ?? features.artefactCutoff
        features.dropArtefacts = other.features.dropArtefacts ?? features.dropArtefacts
        boxes.classes = other.boxes.classes ?? boxes.classes
        boxes.minimumConfidence = other.boxes.minimumConfidence ?? boxes.minimumConfidence
        boxes.maximumBoxes = other.boxes.maximumBoxes ?? boxes.maximumBoxes
        deltas = other.deltas ?? deltas
        tracker = other.tracker ?? tracker
    }
}

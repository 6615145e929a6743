public import Geometry

/// The boxes of one frame, as the retrieval study takes them.
///
/// Shapes: every array has one entry a box, in the shuffled order of the leak guard (docs/features.md), so that a tie, which
/// falls to the lower index, favours nobody.
public struct RetrievalFrame: Equatable, Sendable {
    /// The frame's number.
    public let number: FrameIndex
    /// The boxes, pixels.
    public let boxes: [Box]
    /// Who each box is; nil for a box that nobody knows, which is never a query but may be taken for one.
    public let identities: [Int64?]
    /// The class of each box.
    public let classes: [Int]
    /// The feature of each box; nil where there is no model.
    public let vectors: FeatureVectors?
    /// The colour histogram of each box; nil where there are no pixels.
    public let histograms: FeatureVectors?
    /// What labels say about each box, for strata; nil where they say nothing.
    public let traits: [BoxTraits]?

    /// Collects the boxes of a frame; the study checks that the arrays have the same length.
    public init(
        number: FrameIndex, boxes: [Box], identities: [Int64?], classes: [Int], vectors: FeatureVectors? = nil,
        histograms: FeatureVectors? = nil, traits: [BoxTraits]? = nil
    ) {
        self.number = number
        self.boxes = boxes
        self.identities = identities
        self.classes = classes
        self.vectors = vectors
        self.histograms = histograms
        self.traits = traits
    }
}

public import Geometry

/// What a study found in one sequence, to be saved, loaded and added to a study again.
///
/// Adding the records of all sequences in the order of their names gives exactly what one study over the sequences in
/// that order gives: the same bits. JSON brings every number back as it was.
///
/// Size: for every gap the bins of the ROC curve that are not empty (about four bytes each), a line a stratum and the
/// worst misses.
public struct RetrievalRecord: Equatable, Sendable {
    /// The sequence's name.
    public let sequence: String
    /// What labels say about the whole sequence.
    public let attributes: [String: String]
    /// Frames a second; nil where it is not known.
    public let frameRate: Double?
    /// How alike two vectors are.
    public let similarity: Similarity
    /// Whether only boxes of the query's class were in its gallery.
    public let classGate: Bool
    /// What the frames have; nil where no frame has boxes.
    let shape: VectorShape?
    /// What was found, a gap each, in the order of the study.
    public let gaps: [Gap]

    /// What was found at one gap.
    public struct Gap: Equatable, Sendable {
        /// The gap that was asked for.
        public let requested: RetrievalDelta
        /// The gap in frames.
        public let frames: Int
        /// What was counted over all queries.
        public let counts: RetrievalCounts
        /// What was counted over the queries of each stratum, in order; those of the sequence's attributes left out.
        public let strata: [Stratum]
        /// The worst misses, worst first.
        public let worstMisses: [WorstMiss]
        /// Similarities of the pairs; nil where there are none.
        let pairs: SparsePairs?
    }

    /// What was counted over the queries of a stratum.
    public struct Stratum: Equatable, Sendable {
        /// What the queries have in common.
        public let stratum: RetrievalStratum
        /// What was counted.
        public let counts: RetrievalCounts
    }
}

/// Of which vectors and histograms the frames of a study are.
struct VectorShape: Equatable, Sendable, Codable {
    /// Numbers of a vector; nil without a model.
    let vectors: Int?
    /// Bins of a colour histogram; nil without pixels.
    let histograms: Int?
}

extension RetrievalRecord.Gap {
    /// What a study counted in a sequence.
    init(requested: RetrievalDelta, frames: Int, tally: SequenceTally) {
        self.init(
            requested: requested, frames: frames, counts: tally.counts,
            strata: tally.strata.sorted { $0.key < $1.key }.map { .init(stratum: $0.key, counts: $0.value) },
            worstMisses: tally.misses.sorted, pairs: tally.pairs.map(SparsePairs.init))
    }

    /// The same as a study counts it.
    func tally(range: ClosedRange<Float>) -> SequenceTally {
        SequenceTally(
            counts: counts,
            strata: Dictionary(strata.map { ($0.stratum, $0.counts) }, uniquingKeysWith: { first, _ in first }),
            pairs: pairs?.histogram(range: range), misses: WorstMisses(limit: worstMisses.count, worstMisses))
    }
}

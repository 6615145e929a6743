import Evaluation
import Formats
import Geometry
import Tracker

/// Retrieval of one sequence: with all classes in one gallery, and, where there are several, with a gate by class too.
struct SequenceStudies {
    /// The studies' settings: what records of all sequences must share.
    struct Settings: Sendable {
        var deltas: [RetrievalDelta]
        var similarity: Similarity
        var hasSeveralClasses: Bool

        /// Misses that a sequence keeps for each gap, and that are shown of all.
        static let recording = RetrievalRecording(missesPerSequence: 4, misses: 12)

        /// One study, or two.
        func studies() throws(EvaluationError) -> [RetrievalStudy] {
            var studies: [RetrievalStudy] = []
            for gate in hasSeveralClasses ? [false, true] : [false] {
                studies.append(
                    try RetrievalStudy(
                        deltas: deltas, similarity: similarity, classGate: gate, recording: Self.recording))
            }
            return studies
        }
    }

    private var studies: [RetrievalStudy]
    /// What labels say of each true box, by its ordinal.
    private let traits: [BoxTraits]
    private(set) var seconds = 0.0

    init(
        _ settings: Settings, sequence: String, frameRate: Double, truth: Truth
    ) throws(EvaluationError) {
        studies = try settings.studies()
        traits = truth.frames.flatMap { $0.map(BoxTraits.init) }
        for index in studies.indices {
            try studies[index].beginSequence(name: sequence, frameRate: frameRate, attributes: truth.attributes)
        }
    }

    /// Judges a frame, its boxes in the leak guard's order: ties must not profit from one that identities have shaped.
    mutating func add(_ frame: FeatureFrame, records: [BoxRecord]) throws(EvaluationError) {
        guard !records.isEmpty else { return }
        let started = ContinuousClock.now
        let order = LeakGuard.order(
            records.map { Observation(box: $0.box, confidence: $0.confidence, classID: $0.classID) })
        let judged = RetrievalFrame(
            number: frame.number, boxes: order.map { records[$0].box },
            identities: order.map { records[$0].identity }, classes: order.map { records[$0].classID },
            vectors: frame.vectors?.selecting(order), histograms: frame.histograms?.selecting(order),
            traits: order.map {
                traits.indices.contains(records[$0].row - 1) ? traits[records[$0].row - 1] : BoxTraits()
            })
        for index in studies.indices { try studies[index].add(judged) }
        seconds += (ContinuousClock.now - started).seconds
    }

    /// What was found, a record a study.
    mutating func records() -> [RetrievalRecord] {
        studies.indices.map { studies[$0].record() }
    }
}

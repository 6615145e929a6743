import Evaluation
import Formats
import Geometry
import Tracker

/// The last stages of a run: embedded frame → tracks and retrieval.
///
/// Identities stop here: the tracker gets boxes, confidences, classes and vectors, nothing else.
struct Association {
    private var tracker: ObjectTracker
    private var study: RetrievalStudy?
    private let frameRate: Double
    /// Highest track number so far; numbers have no gaps, so it is their count.
    private(set) var tracks = 0
    /// Whether a frame carried identities, so that retrieval means something.
    private(set) var sawIdentities = false
    /// Time spent in the tracker, in seconds.
    private(set) var associateSeconds = 0.0

    /// Prepares for frames of one video.
    init(
        configuration: TrackerConfiguration, frameWidth: Double?, frameHeight: Double?, frameRate: Double,
        study: RetrievalStudy?
    ) throws {
        tracker = try ObjectTracker(configuration: configuration, frameWidth: frameWidth, frameHeight: frameHeight)
        self.frameRate = frameRate
        self.study = study
        try self.study?.beginSequence(name: "", frameRate: frameRate)
    }

    /// Links one frame's boxes; rows come sorted by track.
    mutating func add(
        frame: FrameIndex, records: [BoxRecord], vectors: FeatureVectors?, histograms: FeatureVectors?
    ) throws(EvaluationError) -> [TrackRow] {
        let observations = records.map { Observation(box: $0.box, confidence: $0.confidence, classID: $0.classID) }
        let started = ContinuousClock.now
        let assignments = tracker.update(
            seconds: Double(frame.rawValue - 1) / frameRate, observations: observations, vectors: vectors)
        associateSeconds += (ContinuousClock.now - started).seconds
        if study != nil { try measure(frame, records, observations, vectors, histograms) }

        var rows: [TrackRow] = []
        rows.reserveCapacity(assignments.count)
        for assignment in assignments {
            tracks = max(tracks, assignment.track)
            rows.append(
                TrackRow(
                    frame: frame, track: assignment.track, record: records[assignment.observation],
                    similarity: assignment.similarity, state: assignment.state.rawValue))
        }
        rows.sort { $0.track < $1.track }
        return rows
    }

    /// The retrieval results; empty where no box had an identity.
    mutating func retrieval() -> [RetrievalResult] {
        let results = study?.finish() ?? []
        return sawIdentities ? results : []
    }

    private mutating func measure(
        _ frame: FrameIndex, _ records: [BoxRecord], _ observations: [Observation], _ vectors: FeatureVectors?,
        _ histograms: FeatureVectors?
    ) throws(EvaluationError) {
        if !sawIdentities { sawIdentities = records.contains { $0.identity != nil } }
        guard !records.isEmpty else { return }
        // Ties must not profit from an order that the identities may have shaped.
        let order = LeakGuard.order(observations)
        try study?.add(
            RetrievalFrame(
                number: frame,
                boxes: order.map { records[$0].box },
                identities: order.map { records[$0].identity },
                classes: order.map { records[$0].classID },
                vectors: vectors?.selecting(order),
                histograms: histograms?.selecting(order)))
    }
}

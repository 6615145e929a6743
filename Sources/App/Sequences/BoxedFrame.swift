import Evaluation
import Formats
import Geometry
import Tracker

/// The boxes of one frame in the shuffled order in which retrieval sees them.
struct BoxedFrame: Sendable {
    let number: FrameIndex
    let boxes: [Box]
    let identities: [Int64?]
    let classes: [Int]
    /// Colour histograms of the boxes, where they are wanted.
    let histograms: FeatureVectors?

    /// Takes a frame's boxes as `Association` does, so that ties fall as in a run.
    init(_ frame: PreparedFrame) {
        let records = frame.boxes
        let order = LeakGuard.order(
            records.map { Observation(box: $0.box, confidence: $0.confidence, classID: $0.classID) })
        number = frame.number
        boxes = order.map { records[$0].box }
        identities = order.map { records[$0].identity }
        classes = order.map { records[$0].classID }
        histograms = frame.histograms?.selecting(order)
    }

    /// The frame as a study takes it.
    func retrieval(vectors: FeatureVectors?, histograms: FeatureVectors?) -> RetrievalFrame {
        RetrievalFrame(
            number: number, boxes: boxes, identities: identities, classes: classes, vectors: vectors,
            histograms: histograms)
    }
}

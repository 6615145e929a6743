internal import Geometry

/// A frame that may still be asked for, with its identities turned into a table.
struct StoredFrame: Sendable {
    let number: Int
    let boxes: [Box]
    let identities: [Int64?]
    let classes: [Int]
    let vectors: FeatureVectors?
    let histograms: FeatureVectors?
    /// The strata of each box; empty where nobody asks for them.
    let strata: [[RetrievalStratum]]
    /// Where each identity is.
    private let places: [Int64: Int]

    /// How many boxes there are.
    var count: Int { boxes.count }

    /// Checks a frame and stores it.
    ///
    /// - Parameter isStratified: Whether anybody asks for strata.
    /// - Throws: `EvaluationError.frameShape`, `.duplicateIdentity`.
    init(
        _ frame: RetrievalFrame, sequence: String, isStratified: Bool = false
    ) throws(EvaluationError) {
        let count = frame.boxes.count
        let lengths = [
            frame.identities.count, frame.classes.count, frame.vectors?.count ?? count,
            frame.histograms?.count ?? count, frame.traits?.count ?? count,
        ]
        if let other = lengths.first(where: { $0 != count }) {
            throw .frameShape(sequence: sequence, frame: frame.number, boxes: count, found: other)
        }
        var places: [Int64: Int] = [:]
        for (index, identity) in frame.identities.enumerated() {
            guard let identity else { continue }
            guard places.updateValue(index, forKey: identity) == nil else {
                throw .duplicateIdentity(sequence: sequence, frame: frame.number, identity: identity)
            }
        }
        number = frame.number.rawValue
        boxes = frame.boxes
        identities = frame.identities
        classes = frame.classes
        vectors = frame.vectors
        histograms = frame.histograms
        self.places = places
        strata =
            isStratified
            ? frame.boxes.indices.map { index in
                RetrievalStratum.of(
                    frame.boxes[index], classID: frame.classes[index], traits: frame.traits.map { $0[index] })
            } : []
    }

    /// Where an identity is; nil where it is not in the frame or is not known.
    func place(of identity: Int64?) -> Int? {
        guard let identity else { return nil }
        return places[identity]
    }

    /// A box as a miss shows it.
    func place(at index: Int) -> WorstMiss.Place {
        WorstMiss.Place(
            frame: FrameIndex(number), box: boxes[index], identity: identities[index], classID: classes[index])
    }
}

internal import Geometry

/// A frame that may still be asked for, with its identities turned into a table.
struct StoredFrame: Sendable {
    let number: Int
    let boxes: [Box]
    let identities: [Int64?]
    let classes: [Int]
    let vectors: FeatureVectors?
    let histograms: FeatureVectors?
    /// Where each identity is.
    private let places: [Int64: Int]

    /// How many boxes there are.
    var count: Int { boxes.count }

    /// Checks a frame and stores it.
    ///
    /// - Throws: `EvaluationError.frameShape`, `.duplicateIdentity`.
    init(_ frame: RetrievalFrame, sequence: String) throws(EvaluationError) {
        let count = frame.boxes.count
        let lengths = [
            frame.identities.count, frame.classes.count, frame.vectors?.count ?? count,
            frame.histograms?.count ?? count,
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
    }

    /// Where an identity is; nil where it is not in the frame or is not known.
    func place(of identity: Int64?) -> Int? {
        guard let identity else { return nil }
        return places[identity]
    }
}

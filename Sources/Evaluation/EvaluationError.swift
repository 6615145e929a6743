public import Formats
public import Geometry

/// Why a study could not be made.
///
/// Cases carry the numbers; `description` makes the sentence.
public enum EvaluationError: Error, Equatable, Sendable {
    /// A gap is not between one frame and the limit, or not a positive number of seconds.
    case delta(String)
    /// A gap in seconds needs the rate of the sequence.
    case rateMissing(sequence: String)
    /// The rate of a sequence is not a positive number.
    case rate(Double, sequence: String)
    /// Frames must come in rising order.
    case frameOrder(sequence: String, previous: FrameIndex, found: FrameIndex)
    /// A frame's arrays do not have one entry a box.
    case frameShape(sequence: String, frame: FrameIndex, boxes: Int, found: Int)
    /// Two boxes of a frame have the same identity.
    case duplicateIdentity(sequence: String, frame: FrameIndex, identity: Int64)
    /// A frame has vectors, or histograms, where the ones before had none or others, or the other way round.
    case vectorShape(sequence: String, frame: FrameIndex, found: Int?, expected: Int?)
    /// A saved record is of other gaps, another similarity, another gate or other vectors than the study.
    case recordMismatch(sequence: String)
    /// A file of labels, results or sequence facts cannot be read.
    case reading(FormatError)
    /// A benchmark's folder, its results or what was asked of them do not fit.
    case dataset(DatasetFault)
}

extension EvaluationError {
    /// Which exit code the failure has.
    public var category: FailureCategory {
        switch self {
        case .delta, .rateMissing: .usage
        case .rate, .duplicateIdentity, .recordMismatch: .badData
        case .frameOrder, .frameShape, .vectorShape: .bug
        case .reading(let error): error.category
        case .dataset(let fault): fault.category
        }
    }
}

extension EvaluationError: CustomStringConvertible {
    /// The failure as a sentence.
    public var description: String {
        switch self {
        case .delta(let text):
            "\"\(text)\" is no gap: use frames from 1 to \(RetrievalDelta.maximumFrames), as in 5, or seconds, as in 0.5s"
        case .rateMissing(let sequence):
            "\(sequence): a gap in seconds needs the frame rate: name it with --fps"
        case .rate(let rate, let sequence):
            "\(sequence): a rate of \(rate) frames a second is not possible: it must be a positive number"
        case .frameOrder(let sequence, let previous, let found):
            "\(sequence): frame \(found) came after frame \(previous); frames must come in rising order"
        case .frameShape(let sequence, let frame, let boxes, let found):
            "\(sequence), frame \(frame): \(boxes) boxes, but \(found) entries that belong to them"
        case .duplicateIdentity(let sequence, let frame, let identity):
            "\(sequence), frame \(frame): two boxes have the identity \(identity); an object can be in a frame once"
        case .vectorShape(let sequence, let frame, let found, let expected):
            "\(sequence), frame \(frame): vectors of \(found.map(String.init) ?? "no") numbers, "
                + "where the frames before had \(expected.map(String.init) ?? "none")"
        case .recordMismatch(let sequence):
            "\(sequence): its retrieval record is of another study (gaps, similarity, class gate or vectors); "
                + "evaluate all parts with the same options"
        case .reading(let error): error.description
        case .dataset(let fault): fault.description
        }
    }
}

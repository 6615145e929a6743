internal import Formats

/// Which place a frame of a file has among the frames that are scored.
struct FrameNumbers {
    /// What has to be said about the numbers, sentences.
    private(set) var notes: [String] = []
    /// How many frames are scored.
    let count: Int
    /// The number of the first frame in the file, 1 or 0.
    private let first: Int
    /// How many frames the file may have.
    private let length: Int
    /// The first frame that is scored, counted from 0, and where the rest is left out.
    private let start: Int
    /// Whether frames behind the last one are left out instead of being an error.
    private let isOpen: Bool
    /// Whether the file seems to count from 0 what is counted from 1.
    private let seemsToStartAtZero: Bool
    private let path: String

    /// The numbers of a ground truth, whose last labelled frame is `last`.
    ///
    /// - Throws: where that is further than any sequence goes and nothing says how long it is.
    init(sequence: DatasetSequence, last: Int, first: Int = 1, path: String) throws(EvaluationError) {
        self.path = path
        self.first = first
        length = sequence.length ?? last - first + 1
        if length > MOTFolder.longestSequence {
            throw .reading(
                .malformed(
                    SourcePlace(source: printable(path, limit: 4096)), found: "frame \(last)",
                    expected: "at most \(MOTFolder.longestSequence) frames"))
        }
        start = (sequence.frames?.lowerBound ?? 1) - 1
        count = sequence.frames?.count ?? max(0, length)
        isOpen = false
        seemsToStartAtZero = false
    }

    /// The numbers of a result, for as many frames as the truth has.
    ///
    /// Results for the second half of a sequence may be numbered as the pictures are, or from 1, as ByteTrack's
    /// conversion of the data set does: none of the second half's frames can be told by both.
    init(
        sequence: DatasetSequence, result numbers: some Sequence<Int>, count: Int, first: Int = 1, path: String
    ) {
        self.path = path
        self.first = first
        self.count = count
        length = sequence.length ?? count
        isOpen = sequence.length == nil
        seemsToStartAtZero = first == 1 && numbers.min() == 0
        var start = (sequence.frames?.lowerBound ?? 1) - 1
        if start > 0, let last = numbers.max(), last <= count {
            start = 0
            notes.append("\(printable(path, limit: 4096)): its frames are taken as numbered from the half's first one")
        }
        self.start = start
    }

    /// The place of a frame, from 0; nil where it is not scored.
    ///
    /// - Throws: `reading` for a frame that the sequence does not have.
    func index(of frame: Int, line: Int) throws(EvaluationError) -> Int? {
        let place = frame - first
        if place < 0 || place >= length {
            if isOpen, place >= 0 { return nil }
            let range = isOpen ? "\(first) or more" : "\(first) to \(length - 1 + first)"
            throw .reading(
                .malformed(
                    SourcePlace(source: printable(path, limit: 4096), line: line), found: "frame \(frame)",
                    expected: "a frame of the sequence, \(range)"
                        + (seemsToStartAtZero ? "; are the file's frames counted from 0? Add 1 to each" : "")))
        }
        let index = place - start
        return index >= 0 && index < count ? index : nil
    }
}

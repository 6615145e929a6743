internal import Formats
internal import Geometry

/// Reads ground truths and results in Scalabel's form.
///
/// Sources: bdd100k doc/source/format.rst and label/to_scalabel.py; TrackEval datasets/bdd100k.py:106-180; scalabel
/// eval/mot.py:64-100 and label/io.py.
enum BDD100KLabels {
    /// The most boxes of one video that are kept in memory.
    private static let maximumBoxes = 1 << 22

    /// The true boxes of a sequence.
    ///
    /// Crowds, labels marked `ignored` and the distractor categories are regions. Frames stand in the order of their
    /// indices, and `Truth.numbers` says which they are.
    static func truth(
        contentsOf path: String, sequence: DatasetSequence, library: LabelLibrary
    ) throws(EvaluationError) -> Truth {
        var video = LabelledVideo<TruthBox>(path: path)
        let found = try LabelSource(path: path, sequence: sequence.name, library: library).read {
            (frame) throws(FormatError) in
            try video.add(frame) { (label, identity) throws(FormatError) in
                let (box, classID) = try measure(label, path: path)
                guard let box else { return nil }
                let isDistractor = ScalabelCategory.distractorID(of: label.category) != nil
                var truth = TruthBox(box: box, identity: identity ?? -1, classID: classID)
                truth.isRegion = label.isCrowd || label.isIgnored || isDistractor
                truth.isMarkedIgnored = label.isIgnored && !label.isCrowd && !isDistractor
                truth.isOccluded = label.isOccluded
                truth.isTruncated = label.isTruncated
                if identity == nil, !truth.isRegion || truth.isMarkedIgnored { throw noIdentity(label, path: path) }
                return truth
            }
        }
        guard found, !video.frames.isEmpty else {
            throw .reading(.videoNotFound(source: printable(path, limit: 4096), name: sequence.name))
        }
        let (numbers, frames) = try video.finish {
            $0.identity = $1
        } identity: {
            $0.identity
        }
        let known = library.attributes[sequence.name] ?? [:]
        var truth = Truth(frames: frames, attributes: video.attributes.merging(known) { own, _ in own })
        if numbers != Array(1...frames.count) { truth.numbers = numbers }
        return truth
    }

    /// A tracker's boxes of a sequence.
    ///
    /// - Returns: What the file says, frame by frame; without frames where the file does not hold the video and the
    ///   profile takes that for no boxes.
    static func result(
        contentsOf path: String, sequence: DatasetSequence, truth: Truth, profile: ScoringProfile,
        library: LabelLibrary
    ) throws(EvaluationError) -> TrackResult {
        var video = LabelledVideo<ResultBox>(path: path)
        let found = try LabelSource(path: path, sequence: sequence.name, library: library).read {
            (frame) throws(FormatError) in
            try video.add(frame) { (label, identity) throws(FormatError) in
                let (box, classID) = try measure(label, path: path)
                guard let box else { return nil }
                guard let identity else { throw noIdentity(label, path: path) }
                var result = ResultBox(box: box, identity: identity, classID: classID, confidence: label.score ?? 1)
                result.isMarkedIgnored = label.isCrowd || label.isIgnored
                return result
            }
        }
        if !found {
            if profile == .scalabel { return .none(frames: truth.frames.count, of: sequence.name, in: path) }
            throw .dataset(
                .missingResults(
                    tracker: Folder.name(of: path), sequences: [sequence.name],
                    example: "frames with videoName “\(sequence.name)” in \(path)"))
        }
        let (numbers, frames) = try video.finish {
            $0.identity = $1
        } identity: {
            $0.identity
        }
        var result = TrackResult(frames: frames)
        try check(numbers, against: truth, of: sequence.name, in: path, profile: profile, notes: &result.notes)
        return result
    }

    /// Refuses a result whose frames are not those of the truth.
    ///
    /// Sources: TrackEval datasets/bdd100k.py:123-129 compares how many there are and pairs them in order; scalabel
    /// eval/mot.py:121-134 wants the same indices too.
    private static func check(
        _ numbers: [Int], against truth: Truth, of sequence: String, in path: String, profile: ScoringProfile,
        notes: inout [String]
    ) throws(EvaluationError) {
        let expected = truth.frames.indices.map(truth.number(at:))
        let place = "\(printable(path, limit: 4096)): \(printable(sequence, limit: 100))"
        if numbers.count != expected.count {
            let known = Set(expected)
            let given = Set(numbers)
            let surplus = numbers.filter { !known.contains($0) }.prefix(3).map { "\($0 - 1)" }
            let lacking = expected.filter { !given.contains($0) }.prefix(3).map { "\($0 - 1)" }
            var found = "\(numbers.count) frames"
            if !lacking.isEmpty { found += ", without frameIndex \(lacking.joined(separator: ", "))" }
            if !surplus.isEmpty { found += ", with frameIndex \(surplus.joined(separator: ", "))" }
            throw .dataset(
                .rule(
                    sequence: place, found: found,
                    expected: "the \(expected.count) frames of the labels: a frame without boxes has an empty list "
                        + "of labels"))
        }
        guard let index = numbers.indices.first(where: { numbers[$0] != expected[$0] }) else { return }
        if profile == .scalabel {
            throw .dataset(
                .rule(
                    sequence: place, found: "frameIndex \(numbers[index] - 1)",
                    expected: "\(expected[index] - 1), as in the labels"))
        }
        notes.append(
            "\(place): frames are numbered otherwise than the labels' (\(numbers[index] - 1) for "
                + "\(expected[index] - 1)) and are taken in their order, as TrackEval does")
    }

    /// Box and class of a label; no box where it has none, as the kits' server passes such labels over.
    private static func measure(
        _ label: ScalabelLabel, path: String
    ) throws(FormatError) -> (box: Box?, classID: Int) {
        let place = SourcePlace(source: printable(path, limit: 4096), line: label.line)
        guard
            let classID = ScalabelCategory.classID(of: label.category)
                ?? ScalabelCategory.distractorID(of: label.category)
        else {
            let names = ScalabelCategory.names + ScalabelCategory.distractors
            throw .malformed(
                place, found: "the category “\(printable(label.category, limit: 40))”",
                expected: "one of \(names.joined(separator: ", "))")
        }
        guard let corners = label.corners else { return (nil, classID) }
        let limit = BoxFault.largestMagnitude
        for value in [corners.x1, corners.y1, corners.x2, corners.y2] where !(abs(value) <= limit) {
            throw .malformed(place, found: "a corner at \(value)", expected: "numbers within ±1e9 pixels")
        }
        return (Box(left: corners.x1, top: corners.y1, right: corners.x2, bottom: corners.y2), classID)
    }

    private static func noIdentity(_ label: ScalabelLabel, path: String) -> FormatError {
        .malformed(
            SourcePlace(source: printable(path, limit: 4096), line: label.line), found: "a label without `id`",
            expected: "the object that it is, as a text or a number")
    }

    /// Frames of one video as they are gathered.
    private struct LabelledVideo<Element> {
        let path: String
        private(set) var frames: [(number: Int, line: Int, boxes: [Element])] = []
        private(set) var attributes: [String: String] = [:]
        private var identities = ScalabelIdentities()
        private var count = 0

        init(path: String) { self.path = path }

        /// Adds a frame; `make` gets the place of an identity among those met so far, nil for a label without one.
        mutating func add(
            _ frame: ScalabelFrame, make: (ScalabelLabel, Int64?) throws(FormatError) -> Element?
        ) throws(FormatError) {
            guard let number = frame.number ?? frame.numberInName else {
                throw .malformed(
                    SourcePlace(source: printable(path, limit: 4096), line: frame.line),
                    found: "a frame without `frameIndex`", expected: "its index in the video, from 0")
            }
            if frames.count == MOTFolder.longestSequence {
                throw .inputTooLarge(
                    source: printable(path, limit: 4096), limit: MOTFolder.longestSequence, unit: "frames of a video")
            }
            count += frame.labels.count
            if count > maximumBoxes {
                throw .inputTooLarge(
                    source: printable(path, limit: 4096), limit: maximumBoxes, unit: "boxes of a video")
            }
            attributes.merge(frame.attributes) { first, _ in first }
            var boxes: [Element] = []
            for label in frame.labels {
                // Labels without a box count for the order of identities, as everywhere.
                let ordinal = label.identity.map { identities.ordinal(of: $0) }
                if let element = try make(label, ordinal) { boxes.append(element) }
            }
            frames.append((Int(number), frame.line, boxes))
        }

        /// Numbers and boxes of the frames in the order of the numbers, identities as numbers where all are numbers.
        mutating func finish(
            set: (inout Element, Int64) -> Void, identity: (Element) -> Int64
        ) throws(EvaluationError) -> (numbers: [Int], frames: [[Element]]) {
            frames.sort { $0.number < $1.number }
            for index in frames.indices.dropFirst() where frames[index].number == frames[index - 1].number {
                throw .reading(
                    .malformed(
                        SourcePlace(source: printable(path, limit: 4096), line: frames[index].line),
                        found: "frameIndex \(frames[index].number - 1) for the second time",
                        expected: "every frame of a video once"))
            }
            if let values = identities.numericValues {
                for frame in frames.indices {
                    for index in frames[frame].boxes.indices {
                        let ordinal = identity(frames[frame].boxes[index])
                        if ordinal > 0 { set(&frames[frame].boxes[index], values[Int(ordinal) - 1]) }
                    }
                }
            }
            return (frames.map(\.number), frames.map(\.boxes))
        }
    }
}

extension TrackResult {
    /// No boxes for a video that a result does not have, as the BDD100K server takes it.
    static func none(frames count: Int, of sequence: String, in path: String) -> TrackResult {
        TrackResult(
            frames: [[ResultBox]](repeating: [], count: count),
            notes: [
                "\(printable(path, limit: 4096)): no results for \(printable(sequence, limit: 100)), which counts as no "
                    + "boxes"
            ])
    }
}

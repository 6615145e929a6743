import Decode
import Evaluation
import Features
import Formats
import Geometry
import Tracker

/// One sequence from its features to its record: association, retrieval, scores.
struct TrackingPass {
    private let evaluation: SequenceEvaluation
    private let sequence: DatasetSequence
    private let truth: Truth
    private let boxes: EvaluatedBoxes
    private let range: ClosedRange<Int>
    private(set) var seconds: SequenceSeconds

    private var opening = FeatureOpening(frameRate: 1, width: 0, height: 0)
    private var closing = FeatureClosing()
    /// The frames that the source has, numbered as the truth's.
    private var present: [Int] = []
    private var tracked = 0
    private var untracked = 0
    private var tracks = 0
    private var tracksDigest: String?
    private var retrieval: [RetrievalRecord] = []

    init(
        _ evaluation: SequenceEvaluation, sequence: DatasetSequence, truth: Truth, boxes: EvaluatedBoxes,
        range: ClosedRange<Int>, seconds: SequenceSeconds
    ) {
        self.evaluation = evaluation
        self.sequence = sequence
        self.truth = truth
        self.boxes = boxes
        self.range = range
        self.seconds = seconds
    }

    /// Tracks the boxes and writes the tracks.
    mutating func run(
        content: SequenceEvaluation.Content, slot: NetworkSlot, frameDone: @escaping () throws -> Void
    ) throws {
        do {
            try attempt(content, slot, ignoringCache: false, frameDone)
        } catch DecodeError.noFrames(_, errors: 0, _) where PictureFolder(sequence.pictures ?? "") != nil {
            // None of the folder's pictures is of a frame that is evaluated: the record will say so.
            present = []
        } catch is FeatureFileReader.Damage {
            // The file was right a moment ago: whatever happened to it, the pixels are still there.
            try attempt(content, slot, ignoringCache: true, frameDone)
        }
    }

    private mutating func attempt(
        _ content: SequenceEvaluation.Content, _ slot: NetworkSlot, ignoringCache: Bool,
        _ frameDone: @escaping () throws -> Void
    ) throws {
        let (features, live) = try evaluation.features(
            of: sequence, source: content.source, boxes: boxes, range: range, slot: slot, ignoringCache: ignoringCache)
        seconds.cached = live == nil
        do {
            try consume(features, frameDone)
        } catch {
            features.cancel()
            throw error
        }
        if let live {
            seconds.decode = live.seconds.decode
            seconds.embed = live.seconds.embed
            seconds.pool = live.seconds.pool
        }
    }

    private mutating func consume(_ features: any FeatureSource, _ frameDone: () throws -> Void) throws {
        opening = features.opening
        present = []
        tracked = 0
        untracked = 0
        var association = try Association(
            configuration: evaluation.setup.configuration.tracker, frameWidth: Double(opening.width),
            frameHeight: Double(opening.height), frameRate: opening.frameRate, study: nil)
        let byFrame = boxes.byFrame()
        var studies = try evaluation.setup.studies.map { settings throws(EvaluationError) in
            try SequenceStudies(settings, sequence: sequence.name, frameRate: opening.frameRate, truth: truth)
        }
        let path = evaluation.tracksPath(sequence.name)
        var sink = try SequenceTracks(
            path: path, benchmark: evaluation.setup.dataset.benchmark, name: sequence.name,
            frames: truth.numbers ?? Array(range))
        let labelled = truth.numbers.map(Set.init)
        while let frame = try features.next() {
            try evaluation.check()
            // Between the frames that labels count, the source may have others.
            guard labelled?.contains(frame.number.rawValue) ?? true else { continue }
            let records = byFrame[frame.number.rawValue] ?? []
            guard range.contains(frame.number.rawValue),
                [frame.vectors?.count, frame.histograms?.count].allSatisfy({
                    $0 == nil || $0 == records.count
                })
            else { throw FeatureFileReader.Damage(text: "it is of other boxes") }
            let rows = try association.add(
                frame: frame.number, records: records, vectors: frame.vectors, histograms: frame.histograms)
            try sink.write(rows)
            try studies?.add(frame, records: records)
            present.append(frame.number.rawValue - (labelled == nil ? range.lowerBound - 1 : 0))
            tracked += records.count
            untracked += records.count - rows.count
            try frameDone()
        }
        closing = try features.close()
        try requireSoundPictures()
        try sink.finish()
        retrieval = studies?.records() ?? []
        tracks = association.tracks
        seconds.retrieval = studies?.seconds ?? 0
        seconds.associate = association.associateSeconds
        tracksDigest = try FileDigest.sha256(of: [path])
    }

    /// A published benchmark's pictures are never damaged: figures made from damaged ones would be of something else.
    private func requireSoundPictures() throws(AppError) {
        guard closing.decodeErrors > 0 else { return }
        if evaluation.setup.configuration.strict {
            throw .degraded(errors: closing.decodeErrors, source: sequence.pictures ?? sequence.name)
        }
        guard let pictures = closing.pictures else { return }
        throw .unsuitable(
            path: sequence.pictures ?? sequence.name,
            message: "\(closing.decodeErrors) of \(pictures) pictures are damaged; get them again, or leave the "
                + "sequence out with --sequences")
    }

    /// Scores the tracks, as they stand in the file, and cuts the pictures of the worst misses.
    mutating func record(content: SequenceEvaluation.Content) throws -> SequenceRecord {
        var record = SequenceRecord(
            name: sequence.name, configuration: evaluation.configurationDigest, digest: content.digest)
        guard !present.isEmpty else {
            record.skipped = "none of its \(truth.frames.count) frames has a picture"
            return record
        }
        record.facts = SequenceFacts(
            length: truth.frames.count, frames: present.count, frameRate: opening.frameRate, width: opening.width,
            height: opening.height, boxes: tracked, boxesUntracked: untracked, boxesUnreached: closing.boxesUnreached,
            tracks: tracks, decodeErrors: closing.decodeErrors, irregularFrames: closing.irregularFrames,
            processor: Processor.instructionSet)
        record.tracks = tracksDigest
        record.notes = notes
        let started = ContinuousClock.now
        record.scores = try scores()
        seconds.score = (ContinuousClock.now - started).seconds
        record.retrieval = retrieval
        if evaluation.setup.configuration.pictures { record.pictures = try pictures() }
        return record
    }

    /// The figures of every class, as `vtrack score` would find them in the tracks file.
    private func scores() throws(EvaluationError) -> [ClassScores] {
        let dataset = evaluation.setup.dataset
        let result = try dataset.result(
            of: sequence, contentsOf: evaluation.tracksPath(sequence.name), truth: truth)
        let scored = present.count < truth.frames.count ? Set(present) : nil
        let classes = try dataset.metricSequences(
            truth: truth, result: result, sequence: sequence.name, frames: scored)
        return classes.map { classID, boxes in
            ClassScores(classID: classID, scores: ProfileScores(boxes, profile: dataset.options.profile))
        }
    }

    /// Pictures of the misses that the record keeps; those that cannot be cut are missing.
    private func pictures() throws -> [StoredPicture?] {
        guard let misses = retrieval.first?.gaps.flatMap(\.worstMisses), !misses.isEmpty,
            let source = sequence.pictures
        else { return [] }
        var options = evaluation.setup.decodeOptions
        let folder = PictureFolder(source)
        if folder != nil, options.frameRate == nil { options.frameRate = sequence.frameRate }
        let shift = evaluation.shift(of: folder)
        let clock = LabelClock(rate: opening.frameRate)
        do {
            return try MissPictures.cut(source: .path(source), options: options, misses: misses) { [opening] frame in
                opening.sourceRate.map { clock.videoFrame(of: frame, videoRate: $0) } ?? frame - shift
            }.flatMap { triple in
                [triple.query, triple.wrong, triple.right].map { $0.map(StoredPicture.init) }
            }
        } catch {
            try evaluation.check()
            return []
        }
    }

    private var notes: [String] {
        var notes = boxes.notes + closing.notices
        if present.count < truth.frames.count {
            notes.append(
                "only \(present.count) of \(truth.frames.count) frames have a picture: these alone are scored")
        }
        if closing.boxesWithoutFrame > 0, present.count == truth.frames.count {
            notes.append("\(closing.boxesWithoutFrame) boxes lie on frames that the source does not have")
        }
        if closing.decodeErrors > 0 { notes.append("degraded: \(closing.decodeErrors) decoding errors") }
        return notes
    }
}

import Decode
import Evaluation
import Features
import Formats
import Geometry
import Logging
import Synchronization
import Tracker

/// Evaluates single sequences: decodes, embeds, pools, associates, measures retrieval and scores.
///
/// Several threads may evaluate different sequences at the same time.
final class SequenceEvaluation: Sendable {
    /// What all sequences share.
    struct Setup: Sendable {
        var dataset: Dataset
        var configuration: EvaluationConfiguration
        var boxes: BoxChoice
        var appearance: Appearance?
        /// nil where retrieval is not measured.
        var studies: SequenceStudies.Settings?
        var boxOptions: BoxOptions
        var decodeOptions: DecodeOptions
    }

    let setup: Setup
    let configurationDigest: String
    private let cache: FeatureCache?
    private let folder: EvaluationFolder
    private let interruption: Interruption
    private let logger: Logger
    /// Digests of files that several sequences may share.
    private let digests = Mutex<[String: String]>([:])

    init(
        _ setup: Setup, cache: FeatureCache?, folder: EvaluationFolder, interruption: Interruption, logger: Logger
    ) throws {
        self.setup = setup
        configurationDigest = try setup.configuration.digest()
        self.cache = cache
        self.folder = folder
        self.interruption = interruption
        self.logger = logger
    }

    /// What a sequence is made from, by content.
    struct Content {
        /// Of pictures or video.
        var source: String
        /// Of everything, the configuration included: the record's.
        var digest: String
    }

    /// Reads everything that a sequence is made from.
    func content(of sequence: DatasetSequence) throws -> Content {
        struct Parts: Encodable {
            var configuration: String
            var name: String
            var source: String
            var truth: String
            var boxes: String?
            var attributes: [String: String]?
            var length: Int?
            var first: Int?
            var last: Int?
            var frameRate: Double?
        }
        let check: () throws -> Void = { [interruption] in try interruption.check() }
        let source = try ContentDigest.ofSource(sequence.pictures ?? "", check: check)
        let boxes = try setup.boxes.file(of: sequence).map { try fileDigest($0) }
        // What BDD100K says about weather and time of day may stand in files of other labels.
        let attributes =
            setup.dataset.benchmark == .bdd100k ? (try? setup.dataset.truth(of: sequence))?.attributes : nil
        let parts = Parts(
            configuration: configurationDigest, name: sequence.name, source: source,
            truth: try fileDigest(sequence.truth ?? ""), boxes: boxes, attributes: attributes,
            length: sequence.length,
            first: sequence.frames?.lowerBound, last: sequence.frames?.upperBound, frameRate: sequence.frameRate)
        return Content(source: source, digest: try ContentDigest.of(parts))
    }

    /// Evaluates a sequence and writes its tracks.
    func evaluate(
        _ sequence: DatasetSequence, content: Content, slot: NetworkSlot, seconds: inout SequenceSeconds,
        frameDone: @escaping () throws -> Void
    ) throws -> SequenceRecord {
        let (truth, boxes, range) = try EvaluatedBoxes.of(
            sequence, dataset: setup.dataset, choice: setup.boxes, options: setup.boxOptions)
        var pass = TrackingPass(self, sequence: sequence, truth: truth, boxes: boxes, range: range, seconds: seconds)
        try pass.run(content: content, slot: slot, frameDone: frameDone)
        let record = try pass.record(content: content)
        seconds = pass.seconds
        return record
    }

    /// Frames with their features: from the cache, or computed and kept there.
    func features(
        of sequence: DatasetSequence, source: String, boxes: EvaluatedBoxes, range: ClosedRange<Int>,
        slot: NetworkSlot, ignoringCache: Bool
    ) throws -> (features: any FeatureSource, live: LiveFeatures?) {
        var options = setup.decodeOptions
        let pictures = PictureFolder(sequence.pictures ?? "")
        if pictures != nil, options.frameRate == nil { options.frameRate = sequence.frameRate }
        // Of a folder, pictures outside of the part that is evaluated need not be looked at.
        if pictures != nil, options.frameNumbering == .timestamps {
            let shift = shift(of: pictures)
            options.wantedFrames = Set(range.lazy.map { $0 - shift })
        }
        let plan = LiveFeatures.Plan(
            source: sequence.pictures ?? "", options: options, boxes: boxes.frames,
            histograms: measuresRetrieval, frames: range,
            frameRate: setup.decodeOptions.frameRate ?? sequence.frameRate, shift: shift(of: pictures))
        let make = { [setup, interruption] in
            try LiveFeatures(plan, appearance: setup.appearance, slot: slot, interruption: interruption)
        }
        guard let cache else {
            let live = try make()
            return (live, live)
        }
        let key = try FeatureKey(
            model: setup.configuration.model?.ofVectors, reuse: setup.configuration.reuse, source: source,
            boxes: ContentDigest.of(boxes.frames), histograms: measuresRetrieval,
            numbering: "\(options.frameNumbering.rawValue) \(plan.shift)", frameRate: plan.frameRate ?? 0,
            frames: range,
            maxPixels: options.maxPixels
        ).digest()
        if !ignoringCache, let kept = try cache.open(key, check: { [interruption] in try interruption.check() }) {
            return (kept, nil)
        }
        let live = try make()
        let counts = boxes.byFrame().mapValues(\.count)
        let logger = logger
        let keeping = KeptFeatures(
            live, writer: cache.create(key, opening: live.opening), boxes: { counts[$0] ?? 0 },
            complain: { error in
                logger.warning("not kept in the feature cache: \(ExitStatus.describe(error).message ?? "stopped")")
            })
        return (keeping, live)
    }

    /// What is added to the numbers that the decoder gives a folder's pictures.
    ///
    /// KITTI's count from 0, and the decoder sees that only where the first one is there.
    func shift(of pictures: PictureFolder?) -> Int {
        setup.dataset.benchmark == .kitti && (pictures?.firstNumber ?? 0) > 0 ? 1 : 0
    }

    var measuresRetrieval: Bool { setup.studies != nil }

    /// Where a sequence's tracks go.
    func tracksPath(_ name: String) -> String { folder.tracksPath(name, ending: tracksEnding) }

    var tracksEnding: String { SequenceTracks.ending(of: setup.dataset.benchmark) }

    /// Ends the work of all threads once a signal has arrived.
    func check() throws(AppError) { try interruption.check() }

    /// Deletes what the cache has no room for.
    func makeRoom() { cache?.makeRoom() }

    private func fileDigest(_ path: String) throws -> String {
        if let known = digests.withLock({ $0[path] }) { return known }
        let digest = try FileDigest.sha256(of: [path], check: { [interruption] in try interruption.check() })
        digests.withLock { $0[path] = digest }
        return digest
    }
}

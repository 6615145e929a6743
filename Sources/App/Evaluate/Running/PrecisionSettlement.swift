import Decode
import Evaluation
import Features
import Formats
import Geometry

/// What a network computes in when it is left to measuring: settled once, on the first frame with boxes of the data
/// set's first sequence that has one.
///
/// Measured anew, every shard and every resumed run settles on the same, whichever sequences are its own; measured on
/// each sequence, one evaluation would mix precisions.
enum PrecisionSettlement {
    /// What was settled before is found again by this.
    private struct Key: Encodable {
        var model: ModelSettings
        var source: String
        var boxes: String
        var program = VTrack.version
        var processor = Processor.instructionSet
    }

    /// The precision, and a warning where this processor cannot run what was named.
    ///
    /// - Parameters:
    ///   - cache: Where what is settled is noted, so that the network need not be loaded for it again.
    ///   - boxes: The boxes of a sequence; a sequence for which that fails is passed over.
    static func settle(
        _ appearance: Appearance, sequences: [DatasetSequence], options: DecodeOptions, threads: Int,
        cache: FeatureCache?, interruption: Interruption, boxes: (DatasetSequence) throws -> [FrameBoxes]
    ) throws -> (precision: Precision, warning: String?) {
        if let named = appearance.precision.named { return PrecisionAsked.runnable(named) }
        let slot = NetworkSlot(appearance, settings: Network.Settings(threads: threads))
        for sequence in sequences {
            try interruption.check()
            guard let frames = try? boxes(sequence), let first = frames.first(where: { !$0.boxes.isEmpty }) else {
                continue
            }
            var model = ModelSettings(appearance, precision: .f32).ofVectors
            model.precision = PrecisionAsked.auto.rawValue
            let source = try ContentDigest.ofSource(sequence.pictures ?? "", check: { try interruption.check() })
            let key = try ContentDigest.of(Key(model: model, source: source, boxes: ContentDigest.of([first])))
            if let noted = cache?.note(key).flatMap(Precision.init) { return (noted, nil) }
            guard
                let precision = try? precision(
                    sequence, first, appearance: appearance, options: options, slot: slot, interruption: interruption)
            else { continue }
            cache?.write(note: precision.rawValue, key)
            return (precision, nil)
        }
        return (.f32, nil)
    }

    private static func precision(
        _ sequence: DatasetSequence, _ boxes: FrameBoxes, appearance: Appearance, options: DecodeOptions,
        slot: NetworkSlot, interruption: Interruption
    ) throws -> Precision? {
        let number = boxes.frame.rawValue
        let plan = LiveFeatures.Plan(
            source: sequence.pictures ?? "", options: options, boxes: [boxes], histograms: false,
            frames: number...number, frameRate: options.frameRate ?? sequence.frameRate)
        let features = try LiveFeatures(plan, appearance: appearance, slot: slot, interruption: interruption)
        defer { features.cancel() }
        guard try features.next() != nil else { return nil }
        return try slot.get()?.precision
    }
}

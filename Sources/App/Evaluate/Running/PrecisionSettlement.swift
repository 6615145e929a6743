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
    /// The precision, and a warning where this processor cannot run what was named.
    ///
    /// - Parameter boxes: The boxes of a sequence; a sequence for which that fails is passed over.
    static func settle(
        _ appearance: Appearance, sequences: [DatasetSequence], options: DecodeOptions, threads: Int,
        interruption: Interruption, boxes: (DatasetSequence) throws -> [FrameBoxes]
    ) throws -> (precision: Precision, warning: String?) {
        if let named = appearance.precision.named { return PrecisionAsked.runnable(named) }
        let slot = NetworkSlot(appearance, settings: Network.Settings(threads: threads))
        for sequence in sequences {
            try interruption.check()
            guard let frames = try? boxes(sequence), let first = frames.first(where: { !$0.boxes.isEmpty }),
                let precision = try? precision(
                    sequence, first, appearance: appearance, options: options, slot: slot, interruption: interruption)
            else { continue }
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
            source: sequence.pictures ?? "", options: options, boxes: [boxes], maximumBoxes: .max, histograms: false,
            frames: number...number, frameRate: options.frameRate ?? sequence.frameRate)
        let features = try LiveFeatures(plan, appearance: appearance, slot: slot, interruption: interruption)
        defer { features.cancel() }
        guard try features.next() != nil else { return nil }
        return try slot.get()?.precision
    }
}

import Decode
import Formats
import Geometry
import Logging

/// Decodes sequences one after the other and hands out every frame once, with its boxes.
///
/// Frames are decoded and their colours counted on another thread while the caller works on the one before.
final class SequencePass {
    /// What was read, over all sequences.
    struct Totals {
        var frames = 0
        var boxes = 0
        var decodeErrors = 0
        var boxesWithoutFrame = 0
    }

    private let arguments: SequenceArguments
    private let common: CommonArguments
    private let boxChoices: Preset.BoxChoices
    private let interruption: Interruption
    private let logger: Logger
    private(set) var totals = Totals()
    /// The signal that ended the pass.
    private(set) var stopped: Int32?

    init(
        _ arguments: SequenceArguments, common: CommonArguments, boxes: Preset.BoxChoices, interruption: Interruption,
        logger: Logger
    ) {
        self.arguments = arguments
        self.common = common
        boxChoices = boxes
        self.interruption = interruption
        self.logger = logger
    }

    /// Reads one sequence to its end or to a signal.
    ///
    /// - Parameters:
    ///   - histograms: Whether colour histograms of boxes are wanted.
    ///   - begin: Called once with the rate, frames a second.
    ///   - body: Called with every frame; the decoded picture is in `frame`.
    func run(
        _ sequence: SequenceInput, histograms: Bool, begin: (Double) throws -> Void,
        body: (PreparedFrame) throws -> Void
    ) throws {
        guard stopped == nil else { return }
        let location = try BoxLocation.checked(sequence.boxes)
        let reader = try VideoReader(
            source: VideoSource(argument: sequence.source),
            options: arguments.decoding.options(threads: common.decoderThreads(besidesNetwork: true)))
        interruption.onSignal { [weak reader] in reader?.cancel() }
        let rate = reader.info.frameRate
        let boxes = try BoxReader(
            location: location,
            options: arguments.filter.options(preset: boxChoices, frameRate: rate, strict: common.strict))
        interruption.onSignal { [weak boxes] in boxes?.cancel() }
        for notice in reader.info.notices { logger.notice("\(sequence.name): \(notice)") }
        try begin(rate)

        let preparation = FramePreparation(
            reader: reader, boxes: boxes, plan: PreparationPlan(histograms: histograms, keepsFrame: true), ahead: 2)
        var progress = Progress(mode: common.progress, total: reader.info.frameCountEstimate)
        preparation.start()
        var done = 0
        do {
            while let frame = try preparation.next() {
                try interruption.check()
                try body(frame)
                done += 1
                totals.boxes += frame.boxes.count
                progress.update(done: done, frame: frame.number.rawValue)
            }
        } catch {
            progress.finish()
            _ = preparation.finish()
            guard let signal = interruption.signal, !AppError.isOutputFailure(error) else { throw error }
            stopped = signal
        }
        progress.finish()
        let outcome = preparation.finish()
        totals.frames += done
        totals.boxesWithoutFrame += outcome.boxesOnMissingFrames + outcome.boxesBehindEnd
        let decoded = reader.statistics
        totals.decodeErrors += decoded.decodeErrors
        if common.strict, decoded.decodeErrors > 0 {
            throw AppError.degraded(errors: decoded.decodeErrors, source: sequence.source)
        }
        for sentence in decoded.notices + boxes.summary.sentences { logger.notice("\(sequence.name): \(sentence)") }
    }
}

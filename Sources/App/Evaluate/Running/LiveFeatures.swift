import Decode
import Evaluation
import Features
import Formats
import Geometry

/// A network that is loaded when the first sequence needs it, and serves the sequences of one job after the other.
final class NetworkSlot {
    private let appearance: Appearance?
    private let settings: Network.Settings
    private var network: Network?

    init(_ appearance: Appearance?, settings: Network.Settings) {
        self.appearance = appearance
        self.settings = settings
    }

    /// The network; nil without a model.
    ///
    /// With `--reuse` every sequence has its own: which tiles are like earlier ones must not depend on what was
    /// evaluated before.
    func get() throws(FeatureError) -> Network? {
        guard let appearance else { return nil }
        if let network, settings.reuse == nil { return network }
        let made = try Network(appearance, settings: settings)
        network = made
        return made
    }
}

/// Decodes, embeds and pools one sequence, and hands out its frames with their features.
final class LiveFeatures: FeatureSource {
    /// What is to be decoded.
    struct Plan: Sendable {
        var source: String
        var options: DecodeOptions
        var boxes: [FrameBoxes]
        var histograms: Bool
        /// The frames that are evaluated, by their numbers.
        var frames: ClosedRange<Int>
        /// Frames a second of what is evaluated, where the data set says; else the source's own.
        var frameRate: Double?
        /// What is added to the numbers of the source.
        var shift = 0
    }

    let opening: FeatureOpening
    /// What it took, in seconds; decoding is known at the end.
    private(set) var seconds = SequenceSeconds()
    private let source: String
    private let reader: VideoReader
    private let stage: EmbedStage
    private let network: Network?
    private let networkSeconds: Double
    private var pool: PoolStage?
    private var hold: StatisticsHold
    private var ready: [EmbeddedFrame] = []
    private var hasEnded = false
    private var frames = 0

    /// Opens the source.
    init(
        _ plan: Plan, appearance: Appearance?, slot: NetworkSlot, interruption: Interruption
    ) throws {
        source = plan.source
        reader = try VideoReader(source: .path(plan.source), options: plan.options)
        let videoReader = reader
        interruption.onSignal { [weak videoReader] in videoReader?.cancel() }
        let info = reader.info
        let labels = Self.labels(info, frameRate: plan.frameRate)
        opening = FeatureOpening(
            frameRate: plan.frameRate ?? info.frameRate, sourceRate: labels?.rate, width: info.width,
            height: info.height)
        let boxes = try BoxReader(frames: plan.boxes, name: "the boxes", maximumBoxes: .max)
        let network = try slot.get()
        self.network = network
        networkSeconds = network?.seconds ?? 0
        if let appearance, let network {
            pool = PoolStage(
                pooling: appearance.pooling, channels: network.channels, artefacts: appearance.artefacts)
        }
        hold = try StatisticsHold(
            transform: .init(
                dropVariance: appearance?.dropVariance ?? 0, standardize: appearance?.standardize ?? false,
                pooling: appearance?.pooling ?? .mean, channels: network?.channels ?? 1, keepsUnnormalised: false,
                saved: nil))
        let preparation = FramePreparation(
            reader: reader, boxes: boxes,
            plan: PreparationPlan(
                input: appearance?.input, histograms: plan.histograms, frames: plan.frames,
                labels: labels, shift: plan.shift))
        stage = EmbedStage(preparation: preparation, network: network, wholeFrames: hold.wholeFrames)
        stage.start()
    }

    /// Which frames are evaluated of a video that has more than the labels: BDD100K's have 30 a second, its labels 5.
    static func labels(_ info: StreamInfo, frameRate: Double?) -> (clock: LabelClock, rate: Double)? {
        guard !info.isImageFolder, let frameRate, frameRate > 0, info.frameRate > 1.5 * frameRate else { return nil }
        return (LabelClock(rate: frameRate), info.frameRate)
    }

    func next() throws -> FeatureFrame? {
        while ready.isEmpty, !hasEnded {
            guard var tokens = try stage.next() else {
                hasEnded = true
                ready = try hold.flush()
                break
            }
            let frame = tokens.frame
            let map = tokens.map.take()
            let vectors =
                frame.boxes.isEmpty ? nil : pool?.vectors(of: frame.boxes.map(\.box), map: map, grid: frame.grid)
            ready = try hold.add(EmbeddedFrame(frame: frame, vectors: vectors), map: map)
            if let map = consume map { stage.recycle(consume map) }
        }
        guard !ready.isEmpty else { return nil }
        let next = ready.removeFirst()
        frames += 1
        return FeatureFrame(
            number: next.frame.number, width: next.frame.width, height: next.frame.height, vectors: next.vectors,
            histograms: next.frame.histograms)
    }

    func close() throws -> FeatureClosing {
        let outcome = stage.finish()
        let decoded = reader.statistics
        seconds.decode = outcome.busySeconds
        seconds.embed = (network?.seconds ?? 0) - networkSeconds
        seconds.pool = pool?.seconds ?? 0
        return FeatureClosing(
            frames: frames, pictures: reader.info.isImageFolder ? reader.info.frameCountEstimate : nil,
            decodeErrors: decoded.decodeErrors, irregularFrames: decoded.irregularFrames,
            boxesUnreached: pool?.boxesUnreached ?? 0,
            boxesWithoutFrame: outcome.boxesOnMissingFrames + outcome.boxesBehindEnd,
            notices: (reader.info.notices + decoded.notices).map(withoutPath))
    }

    func cancel() { _ = stage.finish() }

    /// A notice without the place of the source, which is not part of its content.
    private func withoutPath(_ notice: String) -> String {
        notice.hasPrefix("\(source): ") ? String(notice.dropFirst(source.count + 2)) : notice
    }
}

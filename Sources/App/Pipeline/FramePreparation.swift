import Decode
import Evaluation
import Features
import Formats
import Foundation
import Geometry
import Synchronization

/// What must be made of every frame before it is embedded.
struct PreparationPlan: Sendable {
    /// Model input that frames are cut for; nil without a model.
    struct Input: Hashable, Sendable {
        var tiling: Tiling
        var inputSide: Int
        var patch: Int
        var longSide: Int
    }

    var input: Input?
    /// Frames without boxes are embedded as well.
    var embedsEveryFrame = false
    /// Colour histograms of the boxes are needed.
    var histograms = false
    /// The decoded frame is needed later, for drawing.
    var keepsFrame = false
    /// Only these frame numbers; nil means all.
    var frames: ClosedRange<Int>?
    /// Which frames of a video at `rate` frames a second labels have, and what they call them; nil: all, as they are.
    var labels: (clock: LabelClock, rate: Double)?

    /// What is added to the numbers of the source.
    var shift = 0

    /// What a frame of the source is called; nil where it is left out.
    func number(of frame: FrameIndex) -> FrameIndex? {
        guard let labels else { return FrameIndex(frame.rawValue + shift) }
        return labels.clock.labelledFrame(of: frame.rawValue, videoRate: labels.rate).map { FrameIndex($0) }
    }
}

/// Any of the errors that reading the inputs may end with.
typealias PreparationFailure = any Error

/// The decoding thread: source → frames → boxes, tile picture and histograms → bounded queue.
///
/// It owns the reader, the boxes and the scaler; the consumer sees finished values only.
final class FramePreparation: @unchecked Sendable {
    // The thread alone touches the reader, cursor and scaler until it has ended; `outcome` is guarded by its mutex.
    private let reader: VideoReader
    private let boxes: BoxReader?
    private var cursor: BoxCursor?
    private let plan: PreparationPlan
    private let scaler = FrameScaler()
    private let spare = Mutex<[RGBImage]>([])
    private let queue: BoundedQueue<PreparedFrame, PreparationFailure>
    private let outcome = Mutex(Outcome())
    private let ended = DispatchSemaphore(value: 0)

    /// What the thread counted, valid once the queue has ended.
    struct Outcome: Sendable {
        /// Time spent decoding, scaling and counting colours, in seconds; waiting for the queue is not in it.
        var busySeconds = 0.0
        /// Boxes on frames that the video lacks, and behind its end.
        var boxesOnMissingFrames = 0
        var boxesBehindEnd = 0
    }

    /// Prepares; nothing happens until `start`.
    init(reader: VideoReader, boxes: BoxReader?, plan: PreparationPlan, ahead: Int = 4) {
        self.reader = reader
        self.boxes = boxes
        self.cursor = boxes.map(BoxCursor.init(reader:))
        self.plan = plan
        queue = BoundedQueue(capacity: ahead)
    }

    /// Starts the thread.
    func start() {
        queue.fill(onThread: "vtrack.decode", ended: ended) { [self] in try produce() }
    }

    /// The next prepared frame; nil at the end of the video.
    func next() throws -> PreparedFrame? { try queue.pop() }

    /// Gives a picture back, so that its storage is used again.
    func recycle(_ picture: consuming RGBImage) {
        // Moved and not copied: a picture with two owners would be copied when it is written.
        var moved: RGBImage? = picture
        spare.withLock { spare in
            if spare.count < 8, let picture = moved.take() { spare.append(picture) }
        }
    }

    /// Stops the thread, waits for it, and returns what it counted.
    func finish() -> Outcome {
        reader.cancel()
        boxes?.cancel()
        queue.cancel()
        ended.wait()
        ended.signal()
        return outcome.withLock { $0 }
    }

    private func produce() throws {
        let clock = ContinuousClock()
        var grid: TileGrid?
        while true {
            let started = clock.now
            guard let frame = try reader.next() else { break }
            let decoded = clock.now
            guard let number = plan.number(of: frame.number) else { continue }
            if let range = plan.frames {
                if number.rawValue > range.upperBound { break }
                if number.rawValue < range.lowerBound { continue }
            }
            // Waiting for live boxes is not decoding time.
            let boxes = try cursor?.boxes(at: number) ?? []
            let boxed = clock.now
            var prepared = PreparedFrame(
                number: number, seconds: frame.seconds, width: frame.width, height: frame.height, boxes: boxes)
            if let input = plan.input, plan.embedsEveryFrame || !boxes.isEmpty {
                if grid?.frameWidth != frame.width || grid?.frameHeight != frame.height {
                    grid = try input.grid(frameWidth: frame.width, frameHeight: frame.height)
                }
                if let grid {
                    prepared.picture = try picture(of: frame, grid: grid)
                    prepared.grid = grid
                }
            }
            if plan.histograms, !boxes.isEmpty { prepared.histograms = try histograms(of: frame, boxes: boxes) }
            if plan.keepsFrame { prepared.frame = frame }
            let busy = (decoded - started).seconds + (clock.now - boxed).seconds
            outcome.withLock { $0.busySeconds += busy }
            guard queue.push(prepared) else { return }
        }
        let rest = try cursor?.countRest() ?? 0
        outcome.withLock {
            $0.boxesBehindEnd = rest
            $0.boxesOnMissingFrames = cursor?.boxesOnMissingFrames ?? 0
        }
    }

    private func picture(of frame: VideoFrame, grid: TileGrid) throws -> RGBImage {
        var picture = spare.withLock { $0.popLast() } ?? RGBImage()
        try scaler.scale(frame, to: grid, into: &picture)
        return picture
    }

    private func histograms(of frame: VideoFrame, boxes: [BoxRecord]) throws -> FeatureVectors {
        var values: [Float] = []
        values.reserveCapacity(boxes.count * ColourHistogram.dimension)
        var crop = RGBImage()
        for record in boxes {
            let region = ColourHistogram.region(of: record.box, frameWidth: frame.width, frameHeight: frame.height)
            try scaler.crop(frame, region: region, into: &crop)
            values.append(contentsOf: ColourHistogram.vector(of: crop))
        }
        return FeatureVectors(count: boxes.count, dimension: ColourHistogram.dimension, values: values)
    }
}

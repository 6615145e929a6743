import Features
import Formats
import Foundation
import Geometry
import Synchronization

/// A frame on its way from the network to pooling.
struct TokenFrame: Sendable {
    var frame: PreparedFrame
    /// Its tokens; nil where it was not embedded.
    var map: TokenMap?
}

/// The embedding thread: prepared frames → network → bounded queue.
///
/// While the consumer pools, associates and writes frame n, frame n + 1 is in the network. Three token maps go round:
/// one that is computed, one that waits, one that is read. Frames come out in the order they went in, each as soon as
/// it is done, and an error comes behind the frames before it.
final class EmbedStage: @unchecked Sendable {
    /// Maps that exist at a time.
    private static let maps = 3

    // From `start` to `finish` the thread alone touches the network; `spare` is guarded by its mutex.
    private let preparation: FramePreparation
    private let network: Network?
    private let wholeFrames: Int
    private let spare = Mutex<[TokenMap]>([])
    private let queue = BoundedQueue<TokenFrame, PreparationFailure>(capacity: maps - 2)
    private let ended = DispatchSemaphore(value: 0)

    /// Prepares; nothing happens until `start`.
    ///
    /// - Parameters:
    ///   - preparation: The stage before, which is started and finished with this one.
    ///   - network: nil passes frames on as they are.
    ///   - wholeFrames: So many frames are embedded whole; of later ones, the tokens that their boxes read. Counting
    ///     here, and not asking the consumer, makes the choice the same in every run.
    init(preparation: FramePreparation, network: Network?, wholeFrames: Int) {
        self.preparation = preparation
        self.network = network
        self.wholeFrames = wholeFrames
    }

    /// Starts the thread, and the stage before.
    func start() {
        preparation.start()
        queue.fill(onThread: "vtrack.embed", ended: ended) { [self] in try produce() }
    }

    /// The next frame with its tokens; nil at the end of the video.
    func next() throws -> TokenFrame? { try queue.pop() }

    /// Gives a map back, so that its storage is used again.
    func recycle(_ map: consuming TokenMap) {
        // Moved and not copied: a map with two owners would be copied when it is written.
        var moved: TokenMap? = map
        spare.withLock { spare in
            if let map = moved.take() { spare.append(map) }
        }
    }

    /// Stops this thread and the stage before, waits for both, and returns what the stage before counted.
    func finish() -> FramePreparation.Outcome {
        queue.cancel()
        let outcome = preparation.finish()
        ended.wait()
        ended.signal()
        return outcome
    }

    private func produce() throws {
        var embedded = 0
        while var frame = try preparation.next() {
            guard let network, let picture = frame.picture.take(), let grid = frame.grid else {
                guard queue.push(TokenFrame(frame: frame)) else { return }
                continue
            }
            var map = spare.withLock { $0.popLast() } ?? TokenMap()
            try network.embed(
                picture, grid: grid, boxes: embedded < wholeFrames ? nil : frame.boxes.map(\.box), into: &map)
            embedded += 1
            preparation.recycle(consume picture)
            guard queue.push(TokenFrame(frame: frame, map: consume map)) else { return }
        }
    }
}

import Dispatch
import Evaluation
import Features
import Foundation
import Geometry
import Synchronization

/// Judges all configurations of a sweep, frame by frame, on all cores.
///
/// Memory: the pooled vectors of the frames of the longest gap, before any transform; transforms are computed again for
/// each gap, which takes less time than the pass took and none of the memory that keeping them would.
final class SweepTallies {
    /// The tallies of the configurations of one lane; a thread works on a lane at a time.
    private final class LaneTallies: Sendable {
        let tallies: Mutex<[NearestTally]>

        init(_ tallies: [NearestTally]) { self.tallies = Mutex(tallies) }
    }

    private let grid: SweepGrid
    private let threads: Int
    private let lanes: [LaneTallies]
    /// The place of each configuration among those of its lane.
    private let places: [Int]
    private var queries: RetrievalQueries
    private var window: [FrameIndex: SharedPass.Ready] = [:]

    /// - Parameter threads: How many threads judge; 0 is one per processor.
    init(_ grid: SweepGrid, deltas: [RetrievalDelta], threads: Int) throws(EvaluationError) {
        self.grid = grid
        self.threads = threads == 0 ? ProcessInfo.processInfo.activeProcessorCount : threads
        queries = try RetrievalQueries(deltas: deltas)
        var tallies = [[NearestTally]](repeating: [], count: grid.lanes.count)
        var places: [Int] = []
        for configuration in grid.configurations {
            places.append(tallies[configuration.lane].count)
            tallies[configuration.lane].append(
                NearestTally(similarity: configuration.similarity, gaps: deltas.count))
        }
        lanes = tallies.map(LaneTallies.init)
        self.places = places
    }

    /// Starts a sequence.
    func beginSequence(name: String, frameRate: Double) throws(EvaluationError) {
        try queries.beginSequence(name: name, frameRate: frameRate)
        window = [:]
        for lane in lanes {
            lane.tallies.withLock { tallies in
                for index in tallies.indices { tallies[index].beginSequence() }
            }
        }
    }

    /// Judges a frame against the earlier ones.
    func add(_ frame: SharedPass.Ready) throws(EvaluationError) {
        let pairs = try queries.add(frame.frame.retrieval(vectors: nil, histograms: nil))
        let oldest = queries.oldest
        window = window.filter { $0.key >= oldest }
        window[frame.frame.number] = frame
        guard !pairs.isEmpty else { return }
        let earlier = window
        let lanes = lanes
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: min(threads, lanes.count)) { _ in
            while true {
                let lane = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard lane < lanes.count else { return }
                let later = frame.vectors(lane)
                lanes[lane].tallies.withLock { tallies in
                    for pair in pairs {
                        guard let vectors = earlier[pair.earlier]?.vectors(lane) else { continue }
                        for index in tallies.indices { tallies[index].judge(vectors, later, pair) }
                    }
                }
            }
        }
    }

    /// What was counted for a configuration, by sequence and gap.
    func counts(of configuration: Int) -> [[NearestCounts]] {
        lanes[grid.configurations[configuration].lane].tallies.withLock { $0[places[configuration]].sequences }
    }
}

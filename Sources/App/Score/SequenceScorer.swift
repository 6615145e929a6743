import Evaluation
import Synchronization

/// Scores trackers sequence by sequence, several sequences at the same time.
///
/// A thread holds the boxes of one sequence: its truth, and one tracker's result after the other. What comes out does not
/// depend on the number of threads.
final class SequenceScorer: Sendable {
    /// What came of it.
    struct Outcome {
        var trackers: [ScoreDocument.Tracker]
        var notes: [String]
        /// The first error, where nothing at all could be scored.
        var onlyError: EvaluationError?
    }

    /// One tracker in one sequence.
    private enum Cell {
        case scores([Int: ProfileScores], notes: [String])
        case failure(EvaluationError)
        case missing
    }

    private let dataset: Dataset
    private let trackers: [TrackerResults]
    private let families: [MetricFamily]
    /// The places of the sequences, those with most to read first, so that no thread is left alone with a long one.
    private let order: [Int]
    private let next = Atomic<Int>(0)
    private let cells: Mutex<[[Cell]]>

    /// Takes a data set, the files of trackers, and the figures that are wanted.
    init(dataset: Dataset, trackers: [TrackerResults], families: [MetricFamily]) {
        self.dataset = dataset
        self.families = families
        self.trackers = trackers
        let sizes = dataset.sequences.map { $0.truth.flatMap { FilePlace.size(of: $0) } ?? 0 }
        order = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
        cells = Mutex(Array(repeating: [], count: dataset.sequences.count))
    }

    /// Scores everything.
    func run(threads: Int) -> Outcome {
        WorkerThreads.run(max(1, min(threads, dataset.sequences.count)), name: "vtrack.score") { [self] in work() }
        return outcome()
    }

    private func work() {
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < order.count else { return }
            let scored = score(dataset.sequences[order[index]])
            cells.withLock { $0[order[index]] = scored }
        }
    }

    /// All trackers in one sequence.
    private func score(_ sequence: DatasetSequence) -> [Cell] {
        let truth: Truth
        do {
            truth = try dataset.truth(of: sequence)
        } catch {
            let isMissing = !dataset.takesMissingResultsAsEmpty
            return trackers.map { $0.files[sequence.name] == nil && isMissing ? .missing : .failure(error) }
        }
        return trackers.map { tracker in
            let path = tracker.files[sequence.name]
            if path == nil, !dataset.takesMissingResultsAsEmpty { return .missing }
            do throws(EvaluationError) {
                let result =
                    if let path {
                        try dataset.result(of: sequence, contentsOf: path, truth: truth)
                    } else {
                        dataset.emptyResult(of: sequence, tracker: tracker.name, truth: truth)
                    }
                let sequences = try dataset.metricSequences(truth: truth, result: result, sequence: sequence.name)
                let scores = ScoreTable.scores(
                    sequences, profile: dataset.options.profile, families: families)
                let remark = dataset.remark(onCopy: result, of: truth, sequence: sequence.name, judged: sequences)
                return .scores(scores, notes: result.notes + (remark.map { [$0] } ?? []))
            } catch {
                return .failure(error)
            }
        }
    }

    private func outcome() -> Outcome {
        let cells = cells.withLock { $0 }
        var outcome = Outcome(trackers: [], notes: [], onlyError: nil)
        var firstError: EvaluationError?
        for (column, tracker) in trackers.enumerated() {
            var scored = ScoreDocument.Tracker(
                name: tracker.name,
                table: ScoreTable(classes: dataset.classes, profile: dataset.options.profile))
            for (row, sequence) in dataset.sequences.enumerated() {
                switch cells[row][column] {
                case .scores(let scores, let notes):
                    scored.table.add(sequence: sequence.name, scores: scores)
                    outcome.notes += notes
                case .failure(let error):
                    firstError = firstError ?? error
                    scored.failed.append(
                        SkippedSequence(name: sequence.name, reason: error.description, isDamaged: true))
                case .missing: scored.missing.append(sequence.name)
                }
            }
            outcome.trackers.append(scored)
        }
        if outcome.trackers.allSatisfy({ $0.table.sequences.isEmpty }) { outcome.onlyError = firstError }
        return outcome
    }
}

import Evaluation
import Logging
import Synchronization

/// Evaluates sequences, several at a time, and writes the record of each as it is done.
final class SequencePool: Sendable {
    private struct State {
        var next = 0
        var seconds: [String: SequenceSeconds] = [:]
        /// What ends everything: a signal, or an output that cannot be written.
        var failure: (any Error)?
    }

    private let evaluation: SequenceEvaluation
    private let folder: EvaluationFolder
    private let jobs: JobPlan
    private let settings: Network.Settings
    private let resumes: Bool
    private let progress: EvaluationProgress
    private let logger: Logger
    private let state = Mutex(State())

    init(
        evaluation: SequenceEvaluation, folder: EvaluationFolder, jobs: JobPlan, settings: Network.Settings,
        resumes: Bool, progress: EvaluationProgress, logger: Logger
    ) {
        self.evaluation = evaluation
        self.folder = folder
        self.jobs = jobs
        self.settings = settings
        self.resumes = resumes
        self.progress = progress
        self.logger = logger
    }

    /// Evaluates all of them; returns what each took.
    func run(_ sequences: [DatasetSequence]) throws -> [String: SequenceSeconds] {
        WorkerThreads.run(jobs.jobs, name: "vtrack.sequence") { [self] in work(sequences) }
        progress.finish()
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.seconds
        }
    }

    private func work(_ sequences: [DatasetSequence]) {
        let slot = NetworkSlot(evaluation.setup.appearance, settings: settings)
        while let sequence = take(sequences) {
            do {
                let seconds = try complete(sequence, slot)
                state.withLock { $0.seconds[sequence.name] = seconds }
                progress.sequenceDone()
                evaluation.makeRoom()
            } catch {
                state.withLock { if $0.failure == nil { $0.failure = error } }
            }
        }
    }

    private func take(_ sequences: [DatasetSequence]) -> DatasetSequence? {
        state.withLock { state in
            guard state.failure == nil, state.next < sequences.count else { return nil }
            defer { state.next += 1 }
            return sequences[state.next]
        }
    }

    /// Makes sure that a sequence's record is there; throws only what must end everything.
    private func complete(_ sequence: DatasetSequence, _ slot: NetworkSlot) throws -> SequenceSeconds {
        let started = ContinuousClock.now
        var seconds = SequenceSeconds()
        var record = SequenceRecord(
            name: sequence.name, configuration: evaluation.configurationDigest, digest: "")
        do {
            let content = try evaluation.content(of: sequence)
            seconds.digest = (ContinuousClock.now - started).seconds
            if resumes, let kept = folder.record(sequence.name), kept.failure == nil {
                let isSame = kept.digest == content.digest
                if isSame, folder.hasTracks(of: kept, ending: evaluation.tracksEnding) {
                    seconds.resumed = true
                    return seconds
                }
                // Of another configuration it was said before, for all of them.
                if kept.configuration == evaluation.configurationDigest {
                    let why =
                        isSame
                        ? "its tracks are not as they were written"
                        : "its pictures, ground truth or boxes are not what they were"
                    logger.notice("\(sequence.name) is done again: \(why)")
                }
            }
            record.digest = content.digest
            record = try evaluation.evaluate(sequence, content: content, slot: slot, seconds: &seconds) { [self] in
                progress.frameDone()
                try state.withLock { if let failure = $0.failure { throw failure } }
            }
        } catch {
            try evaluation.check()
            if AppError.isOutputFailure(error) || state.withLock({ $0.failure != nil }) { throw error }
            let reason = ExitStatus.describe(error).message ?? "stopped"
            logger.error("\(sequence.name): \(reason)")
            record.failure = reason
        }
        try folder.write(record)
        seconds.total = (ContinuousClock.now - started).seconds
        return seconds
    }
}

import Evaluation
import Geometry

/// Everything pooled over the sequences of an evaluation, from their records alone.
///
/// Records are read one by one, and their pictures let go of, so that memory stays bounded for thousands of sequences.
struct EvaluationSummary {
    /// One sequence, without what only its record needs.
    struct Sequence {
        var name: String
        var failure: String?
        var skipped: String?
        /// Whether it has results.
        var isDone: Bool { failure == nil && skipped == nil }
        var notes: [String]
        var facts: SequenceFacts?
        /// Retrieval of the sequence by itself, a result a gap.
        var retrieval: [RetrievalResult]
    }

    /// Retrieval of all sequences under one study's settings.
    struct Retrieval {
        var classGate: Bool
        var results: [RetrievalResult]
        var strata: [[StratumResult]]
        var misses: [[WorstMiss]]
    }

    let manifest: EvaluationManifest
    let benchmark: Benchmark
    private(set) var sequences: [Sequence] = []
    /// Sequences without a record.
    private(set) var missing: [String] = []
    /// With one gallery, then, where there are several classes, with a gate by class; empty where not measured.
    private(set) var retrieval: [Retrieval] = []
    private(set) var document: ScoreDocument

    /// Reads the records of a folder.
    init(_ manifest: EvaluationManifest, folder: EvaluationFolder) throws {
        self.manifest = manifest
        let configuration = manifest.configuration
        guard let benchmark = Benchmark(rawValue: configuration.benchmark),
            let profile = ScoringProfile(rawValue: configuration.profile)
        else {
            throw AppError.unsuitable(
                path: folder.manifestPath, message: "it names a benchmark or profile that this vtrack does not know")
        }
        self.benchmark = benchmark
        var dataset = Dataset(benchmark: benchmark, root: manifest.root)
        // The profile decides the order of classes and what groups are called.
        dataset.options.profile = profile
        let classes = dataset.classes
        var table = ScoreTable(classes: classes, profile: profile)
        let settings = try SequenceStudies.Settings(configuration, classes: classes)
        var studies = try settings?.studies() ?? []
        let digest = try configuration.digest()
        for name in manifest.own {
            guard let record = folder.record(name), record.configuration == digest else {
                missing.append(name)
                continue
            }
            var alone: [RetrievalResult] = []
            if record.failure == nil, record.skipped == nil {
                table.add(
                    sequence: name,
                    scores: Dictionary(
                        record.scores.map { ($0.classID, $0.scores) }, uniquingKeysWith: { first, _ in first }))
                for index in studies.indices where index < record.retrieval.count {
                    try studies[index].add(record.retrieval[index])
                }
                if let settings, let found = record.retrieval.first, var own = try settings.studies().first {
                    try own.add(found)
                    alone = own.finish()
                }
            }
            sequences.append(
                Sequence(
                    name: name, failure: record.failure, skipped: record.skipped, notes: record.notes,
                    facts: record.facts, retrieval: alone))
        }
        for index in studies.indices {
            let results = studies[index].finish()
            retrieval.append(
                Retrieval(
                    classGate: studies[index].classGate, results: results, strata: studies[index].strata,
                    misses: studies[index].worstMisses))
        }
        document = ScoreDocument(
            benchmark: benchmark, profile: profile, split: configuration.split,
            half: configuration.half.flatMap(TrainHalf.init), families: MetricFamily.allCases,
            trackers: [ScoreDocument.Tracker(name: "vtrack", table: table)])
        document.skipped = skipped
        document.trackers[0].failed = failed
        document.trackers[0].missing = missing
    }

    /// Sequences that cannot be evaluated since something is not there.
    var skipped: [SkippedSequence] {
        manifest.skipped.filter { !$0.isDamaged }.map { SkippedSequence(name: $0.name, reason: $0.reason) }
            + sequences.compactMap { sequence in
                sequence.skipped.map { SkippedSequence(name: sequence.name, reason: $0) }
            }
    }

    /// Sequences that failed.
    var failed: [SkippedSequence] {
        sequences.compactMap { sequence in
            sequence.failure.map { SkippedSequence(name: sequence.name, reason: $0, isDamaged: true) }
        }
            + manifest.skipped.filter(\.isDamaged).map {
                SkippedSequence(name: $0.name, reason: $0.reason, isDamaged: true)
            }
    }

    /// Why figures are not of everything, sentences; empty where they are.
    var partial: [String] {
        var reasons: [String] = []
        if !failed.isEmpty {
            reasons.append(
                "\(failed.count) of \(manifest.own.count + failed.count - sequences.count { $0.failure != nil }) "
                    + "sequences failed: \(failed.map(\.name).joined(separator: ", "))")
        }
        if !missing.isEmpty {
            reasons.append("\(missing.count) sequences are missing: \(missing.joined(separator: ", "))")
        }
        if let shard = manifest.shard { reasons.append("this is shard \(shard) of the evaluation") }
        return reasons
    }

    /// The processors that vectors were computed on, where there is a model.
    var processors: [String] { Set(sequences.compactMap { $0.facts?.processor }).sorted() }

    /// What has to be said about all, and about single sequences.
    var notes: [String] {
        var notes = manifest.notes
        if manifest.configuration.deltas == nil {
            notes.append(
                manifest.configuration.boxes == "truth"
                    ? "retrieval was not measured (--no-retrieval)"
                    : "retrieval was not measured: it needs the identities of the true boxes (--boxes truth)")
        }
        return notes + sequences.flatMap { sequence in sequence.notes.map { "\(sequence.name): \($0)" } }
    }
}

extension SequenceStudies.Settings {
    /// The settings that a configuration says; nil where retrieval is not measured.
    init?(_ configuration: EvaluationConfiguration, classes: Evaluation.ClassList) throws(EvaluationError) {
        guard let texts = configuration.deltas else { return nil }
        var deltas: [RetrievalDelta] = []
        for text in texts { deltas.append(try RetrievalDelta(argument: text)) }
        self.init(
            deltas: deltas,
            similarity: configuration.model.flatMap { Similarity(rawValue: $0.similarity) } ?? .cosine,
            hasSeveralClasses: classes.evaluated.count > 1)
    }
}

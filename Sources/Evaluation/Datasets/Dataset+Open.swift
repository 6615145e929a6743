internal import Formats

extension Dataset {
    /// Looks through a benchmark's folder.
    ///
    /// What folders may look like: docs/datasets.md. Labels are not read, only looked for.
    ///
    /// - Throws: `dataset` where the folder is not as expected, with the layout expected and what was found, or where
    ///   options do not fit; `reading` for lists of sequences that cannot be read.
    public static func open(
        _ benchmark: Benchmark, root: String, options: DatasetOptions = DatasetOptions()
    ) throws(EvaluationError) -> Dataset {
        let root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        switch Folder.kind(of: root) {
        case .folder: break
        case .missing: throw .dataset(.missing(path: root, what: benchmark.folderTitle))
        case .unreachable(let code): throw .dataset(.cannotList(path: root, code: code))
        case .file:
            // BDD100K's labels may be one file.
            if benchmark != .bdd100k { throw .dataset(.notAFolder(path: root, what: benchmark.folderTitle)) }
        }
        try options.check(for: benchmark)
        var dataset =
            switch benchmark {
            case .mot15, .mot16, .mot17, .mot20, .dancetrack:
                try MOTFolder.open(benchmark, root: root, options: options)
            case .kitti: try KITTIFolder.open(root: root, options: options)
            case .folder: try PlainFolder.open(root: root, options: options)
            case .bdd100k: try BDD100KFolder.open(root: root, options: options)
            }
        dataset.options = options
        try dataset.select(options.sequences)
        dataset.sequences.sort { $0.name.precedesByBytes($1.name) }
        dataset.skipped.sort { $0.name.precedesByBytes($1.name) }
        return dataset
    }

    /// The true boxes of a sequence, frame by frame.
    ///
    /// - Throws: `reading` with the line where the file cannot be read or breaks the format.
    public func truth(of sequence: DatasetSequence) throws(EvaluationError) -> Truth {
        guard let path = sequence.truth else {
            throw .dataset(.missing(path: "\(root)/\(sequence.name)", what: "the ground truth of \(sequence.name)"))
        }
        switch benchmark {
        case .mot15, .mot16, .mot17, .mot20, .dancetrack, .folder:
            return try MOTLabels.truth(contentsOf: path, sequence: sequence, benchmark: benchmark)
        case .kitti: return try KITTILabels.truth(contentsOf: path, sequence: sequence)
        case .bdd100k: return try BDD100KLabels.truth(contentsOf: path, sequence: sequence, library: library)
        }
    }

    /// A tracker's boxes of a sequence, frame by frame; frames are renumbered as the truth's.
    ///
    /// - Parameters:
    ///   - path: A file in the benchmark's result format.
    ///   - truth: The sequence's truth, which says how many frames there are.
    /// - Throws: `reading` and `dataset` with the line where the file cannot be read or breaks the rules.
    public func result(
        of sequence: DatasetSequence, contentsOf path: String, truth: Truth
    ) throws(EvaluationError) -> TrackResult {
        switch benchmark {
        case .mot15, .mot16, .mot17, .mot20, .dancetrack, .folder:
            return try MOTLabels.result(
                contentsOf: path, sequence: sequence, frames: truth.frames.count,
                ignoresClasses: options.ignoresResultClasses)
        case .kitti: return try KITTILabels.result(contentsOf: path, sequence: sequence, frames: truth.frames.count)
        case .bdd100k:
            return try BDD100KLabels.result(
                contentsOf: path, sequence: sequence, truth: truth, profile: options.profile, library: library)
        }
    }

    /// Each evaluated class after the benchmark's preprocessing, under the profile's rules, in the order of `classes`.
    ///
    /// - Parameters:
    ///   - sequence: The name, for messages.
    ///   - frames: Only these frames are scored, numbered from 1, as those that have a picture; nil for all.
    /// - Throws: `duplicateIdentity` and `dataset` where a frame breaks the benchmark's rules.
    public func metricSequences(
        truth: Truth, result: TrackResult, sequence: String, frames: Set<Int>? = nil
    ) throws(EvaluationError) -> [(classID: Int, sequence: MetricSequence)] {
        var truth = truth
        var result = result
        if let frames {
            let kept = truth.frames.indices.filter { frames.contains(truth.number(at: $0)) }
            truth.numbers = truth.numbers.map { numbers in kept.map { numbers[$0] } }
            truth.frames = kept.map { truth.frames[$0] }
            result.frames = kept.map { $0 < result.frames.count ? result.frames[$0] : [] }
        }
        switch benchmark {
        case .mot15, .mot16, .mot17, .mot20, .dancetrack, .folder:
            return try MOTRules.metricSequences(
                truth: truth, result: result, sequence: sequence, benchmark: benchmark, options: options)
        case .kitti: return try KITTIRules.metricSequences(truth: truth, result: result, sequence: sequence)
        case .bdd100k:
            return try BDD100KRules.metricSequences(
                truth: truth, result: result, sequence: sequence, options: options)
        }
    }

    /// Keeps the sequences that were asked for.
    private mutating func select(_ names: [String]?) throws(EvaluationError) {
        guard let names else { return }
        let known = Set(sequences.map(\.name) + skipped.map(\.name))
        if let unknown = names.first(where: { !known.contains($0) }) {
            throw .dataset(
                .option(
                    "there is no sequence “\(printable(unknown, limit: 100))”; "
                        + "there are: \(listed(known.sorted { $0.precedesByBytes($1) }, limit: 30))"))
        }
        let wanted = Set(names)
        sequences.removeAll { !wanted.contains($0.name) }
        skipped.removeAll { !wanted.contains($0.name) }
    }
}

extension DatasetOptions {
    /// Refuses options that the benchmark has no use for.
    fileprivate func check(for benchmark: Benchmark) throws(EvaluationError) {
        switch benchmark {
        case .mot15, .mot16, .mot17, .mot20, .dancetrack: break
        case .kitti, .bdd100k, .folder:
            if half != nil { throw .dataset(.option("halves of sequences are for MOT15 to MOT20 and DanceTrack")) }
        }
        if let detector {
            guard benchmark == .mot17 else {
                throw .dataset(.option("only MOT17 has a copy of every sequence for each public detector"))
            }
            guard ["DPM", "FRCNN", "SDP", "all"].contains(detector) else {
                throw .dataset(
                    .option(
                        "“\(printable(detector, limit: 40))” is no public detector of MOT17: "
                            + "use DPM, FRCNN, SDP or all"))
            }
        }
        if profile == .scalabel, benchmark != .bdd100k {
            throw .dataset(.option("the profile scalabel is that of the BDD100K server: it is for bdd100k"))
        }
    }
}

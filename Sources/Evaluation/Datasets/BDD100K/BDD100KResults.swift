internal import Formats

/// Which videos are in a tracker's files, and which should be.
///
/// Source: scalabel eval/utils.py:112-177: a video of the result that the truth does not have is an error, one that the
/// result does not have counts as no boxes. TrackEval datasets/bdd100k.py:78-88: every video has a file, others are not
/// looked at.
extension Dataset {
    /// Whether a video without results counts as one without boxes; otherwise it is an error.
    public var takesMissingResultsAsEmpty: Bool { options.profile == .scalabel }

    /// What a tracker without a file for a sequence is taken to say, where `takesMissingResultsAsEmpty`.
    public func emptyResult(of sequence: DatasetSequence, tracker: String, truth: Truth) -> TrackResult {
        .none(frames: truth.frames.count, of: sequence.name, in: tracker)
    }

    /// The sequences of a file of several videos.
    func sequences(inFile path: String) throws(EvaluationError) -> [String] {
        let index = try library.index(of: path)
        return sequences.map(\.name).filter { index[$0] != nil }
    }

    /// The files of sequences that lie in a folder of files of several videos; none where none is in them.
    func filesOfSeveralVideos(in folder: String) throws(EvaluationError) -> [String: String] {
        var files: [String: String] = [:]
        for name in try Folder.names(in: folder) where name.hasSuffix(".json") {
            let path = "\(folder)/\(name)"
            for sequence in try sequences(inFile: path) {
                if let other = files[sequence] {
                    throw .dataset(
                        .rule(
                            sequence: printable(sequence, limit: 100), found: "results in \(other) and in \(path)",
                            expected: "one file for a video"))
                }
                files[sequence] = path
            }
        }
        return files
    }

    /// Refuses results for videos that the data set does not have, where the profile does.
    ///
    /// - Parameter inFolder: Whether all files of a folder are the tracker's; files that were named one by one may lie
    ///   beside those of others.
    func refuseSurplus(of tracker: TrackerResults, inFolder: Bool) throws(EvaluationError) {
        // Where only some of the sequences were asked for, results of the others are no surplus.
        guard takesMissingResultsAsEmpty, options.sequences == nil, options.seqmap == nil else { return }
        let known = Set(sequences.map(\.name) + skipped.map(\.name))
        var surplus: Set<String> = []
        var folders: Set<String> = []
        for (sequence, path) in tracker.files {
            if Folder.name(of: path) == "\(sequence).json" {
                folders.insert(Folder.parent(of: path))
            } else {
                surplus.formUnion(try library.index(of: path).videos.compactMap(\.name).filter { !known.contains($0) })
            }
        }
        if inFolder {
            for folder in folders {
                for name in try Folder.names(in: folder) where name.hasSuffix(".json") {
                    let stem = String(name.dropLast(5))
                    if !known.contains(stem) { surplus.insert(stem) }
                }
            }
        }
        guard !surplus.isEmpty else { return }
        throw .dataset(
            .rule(
                sequence: printable(tracker.name, limit: 200),
                found: "results for videos that the ground truth does not have: "
                    + listed(surplus.sorted { $0.precedesByBytes($1) }, limit: 8),
                expected: "its videos only, as the BDD100K server does; --profile trackeval leaves others out"))
    }
}

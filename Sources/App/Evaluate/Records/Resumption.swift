/// Going on in a folder that an earlier evaluation wrote: whether that is the same one, and what of it stays.
struct Resumption {
    /// What must be the same, since the sequences' names do not tell.
    struct Subject: Equatable {
        var benchmark: String
        var split: String?
        var half: String?
        var detector: String?

        var description: String {
            ([benchmark]
                + [split.map { "split \($0)" }, half.map { "half \($0)" }, detector.map { "detector \($0)" }]
                .compactMap { $0 }).joined(separator: ", ")
        }
    }

    let folder: EvaluationFolder
    /// What the earlier evaluation was about; nil where that is not known.
    let previous: EvaluationManifest?

    init(_ folder: EvaluationFolder) {
        self.folder = folder
        previous = folder.manifest()
    }

    /// Refuses the folder of another evaluation, whose records would be mixed with this one's.
    ///
    /// - Parameter sequences: Those that the data set has now; nil where only some were asked for by name.
    func refuseOthers(_ subject: Subject, root: String, sequences: [String]?) throws(AppError) {
        guard let previous else { return }
        let configuration = previous.configuration
        let found = Subject(
            benchmark: configuration.benchmark, split: configuration.split, half: configuration.half,
            detector: configuration.detector)
        guard found == subject else {
            throw .usage(
                "\(folder.path) holds an evaluation of \(found.description), and this one is of "
                    + "\(subject.description): name another folder with --out, or delete what it holds with --overwrite"
            )
        }
        guard let sequences, Set(sequences).isDisjoint(with: previous.sequences) else { return }
        throw .usage(
            "\(folder.path) holds an evaluation of \(previous.root), which has no sequence in common with \(root): name "
                + "another folder with --out, or delete what it holds with --overwrite")
    }

    /// Deletes what belongs to no sequence that there is now.
    ///
    /// - Returns: What to tell the user.
    func removeStrays(keeping sequences: [String]) -> [String] {
        // A folder without a manifest is not known to be an evaluation's.
        guard previous != nil else { return [] }
        let strays = folder.removeStrays(keeping: sequences)
        guard !strays.isEmpty else { return [] }
        return ["deleted, since the folder of sequences has them no more: \(strays.joined(separator: ", "))"]
    }

    /// What of the folder stays and what is done again, for the user.
    ///
    /// Whether pictures, ground truth and boxes are still the same shows only when they are read.
    func summary(_ manifest: EvaluationManifest, ending: String) throws -> [String] {
        let digest = try manifest.configuration.digest()
        let own = Set(manifest.own)
        let heads = folder.heads().filter { own.contains($0.name) }
        let finished = heads.filter(\.isFinished)
        let kept = finished.count {
            $0.configuration == digest && folder.hasTracks($0.tracks, of: $0.name, ending: ending)
        }
        let skipped = heads.count { $0.skipped != nil && $0.failure == nil && $0.configuration == digest }
        var lines = [
            "\(Self.sequences(kept, "finished ")) kept, \(manifest.own.count - kept - skipped) to do"
        ]
        let others = finished.count { $0.configuration != digest }
        if others > 0 {
            var why = "their configuration differs"
            if let previous, try finished.contains(where: { $0.configuration == (try previous.configuration.digest()) })
            {
                let keys = try previous.configuration.differences(from: manifest.configuration)
                if !keys.isEmpty { why += " in \(keys.joined(separator: ", "))" }
            }
            lines.append("\(Self.sequences(others, "finished ")) done again: \(why)")
        }
        let failed = heads.count { $0.failure != nil }
        if failed > 0 { lines.append("\(Self.sequences(failed, "failed ")) tried again") }
        return lines
    }

    private static func sequences(_ count: Int, _ kind: String) -> String {
        "\(count) \(kind)\(count == 1 ? "sequence" : "sequences")"
    }
}

/// Where in a MOTChallenge or DanceTrack folder the sequences of a part are.
struct MOTPlace {
    /// The folder whose folders are the sequences.
    var folder: String
    /// The part, as in `train`; nil where neither the folder's name nor the options say it.
    var split: String?
    /// The list of sequences that belongs to it, where there is one.
    var seqmap: String?
    /// Only this folder of `folder`, where the root is a single sequence.
    var only: String?

    /// Looks for the sequences below a root.
    ///
    /// - Throws: `dataset(.layout)` with what was looked for.
    static func find(
        _ benchmark: Benchmark, root: String, split: String?
    ) throws(EvaluationError) -> MOTPlace {
        if isSequence(root) {
            return MOTPlace(folder: Folder.parent(of: root), split: split, seqmap: nil, only: Folder.name(of: root))
        }
        let names = names(of: benchmark)
        let splits = split.map { [$0] } ?? (benchmark == .dancetrack ? ["val", "train", "test"] : ["train", "test"])
        let own = partName(of: root, names: names)
        if own == nil || split == nil || own == split, try holdsSequences(root) {
            let part = own ?? split
            return MOTPlace(
                folder: root, split: part, seqmap: seqmap(names: names, split: part ?? splits[0], near: root))
        }
        for split in splits {
            let folders =
                ["\(root)/\(split)"] + names.map { "\(root)/\($0)-\(split)" } + names.map { "\(root)/\($0)/\(split)" }
                + names.map { "\(root)/gt/mot_challenge/\($0)-\(split)" }
            for folder in folders {
                guard Folder.isFolder(folder), try holdsSequences(folder) else { continue }
                return MOTPlace(
                    folder: folder, split: split, seqmap: seqmap(names: names, split: split, near: folder))
            }
        }
        let name = names[0]
        let part = split ?? splits[0]
        throw .dataset(
            .layout(
                root: root, what: "a \(benchmark.title) folder" + (split.map { " with a part “\($0)”" } ?? ""),
                expected: [
                    "ROOT/SEQUENCE/gt/gt.txt (and seqinfo.ini, img1/, det/det.txt beside gt/)",
                    "ROOT/\(part)/SEQUENCE/gt/gt.txt",
                    "ROOT/\(name)-\(part)/SEQUENCE/gt/gt.txt and ROOT/seqmaps/\(name)-\(part).txt (TrackEval)",
                ], found: Folder.summary(of: root)))
    }

    /// How the benchmark's folders and lists begin.
    static func names(of benchmark: Benchmark) -> [String] {
        switch benchmark {
        case .mot15: ["MOT15", "2DMOT2015"]
        case .dancetrack: ["DanceTrack", "dancetrack"]
        default: [benchmark.title]
        }
    }

    /// Whether a folder is a sequence.
    static func isSequence(_ path: String) -> Bool {
        ["gt/gt.txt", "seqinfo.ini", "img1", "det/det.txt"].contains { Folder.exists("\(path)/\($0)") }
    }

    private static func holdsSequences(_ path: String) throws(EvaluationError) -> Bool {
        for name in try Folder.names(in: path) where isSequence("\(path)/\(name)") { return true }
        return false
    }

    /// `train` of a folder train/ or MOT17-train/.
    private static func partName(of folder: String, names: [String]) -> String? {
        let name = Folder.name(of: folder)
        let parts = ["train", "val", "test", "all"]
        if parts.contains(name) { return name }
        return parts.first { part in names.contains { "\($0)-\(part)" == name } }
    }

    /// TrackEval's seqmaps/MOT17-train.txt, in the folder of sequences or in the one above; DanceTrack's val_seqmap.txt.
    private static func seqmap(names: [String], split: String, near folder: String) -> String? {
        let above = Folder.parent(of: folder)
        let lists = names.map { "seqmaps/\($0)-\(split).txt" } + ["\(split)_seqmap.txt"]
        for place in [folder, above] {
            for list in lists where Folder.kind(of: "\(place)/\(list)") == .file { return "\(place)/\(list)" }
        }
        return nil
    }
}

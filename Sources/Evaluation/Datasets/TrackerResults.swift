internal import Formats

/// A tracker's files of results: which sequence is in which file.
public struct TrackerResults: Equatable, Sendable {
    /// What tables call the tracker.
    public var name: String
    /// The path of each sequence's file; several sequences may be in one file, where the format allows it.
    public var files: [String: String]

    /// Creates a tracker's files.
    public init(name: String, files: [String: String]) {
        self.name = name
        self.files = files
    }

    /// The sequences of a data set that the tracker has no file for, though there should be one.
    public func missing(of dataset: Dataset) -> [String] {
        if dataset.takesMissingResultsAsEmpty { return [] }
        return dataset.sequences.map(\.name).filter { files[$0] == nil }
    }
}

extension Dataset {
    /// Finds the results of trackers in files and folders.
    ///
    /// A folder may hold SEQ.txt files, data/ with such files, or a folder of either kind for every tracker, also below
    /// a folder named as MOT17-train, which is TrackEval's layout. Of a folder that an evaluation wrote its tracks are
    /// taken, under the folder's name. Files named SEQ.txt that lie together belong to one
    /// tracker; where the data set has one sequence, every file is a tracker of its own. BDD100K: .json, and a file may
    /// hold all sequences.
    ///
    /// - Returns: Trackers in the order of the paths, those of one folder by name; none has a name twice.
    /// - Throws: `dataset` where a path leads to no results.
    public func trackers(at paths: [String]) throws(EvaluationError) -> [TrackerResults] {
        var trackers: [TrackerResults] = []
        // Folders of the trackers that are given by their files.
        var places: [Int: String] = [:]
        for path in paths {
            switch Folder.kind(of: path) {
            case .missing: throw .dataset(.missing(path: path, what: "results of a tracker"))
            case .unreachable(let code): throw .dataset(.cannotList(path: path, code: code))
            case .folder:
                let found = try self.trackers(in: path)
                for tracker in found { try refuseSurplus(of: tracker) }
                trackers += found
            case .file:
                let (name, names) = try owner(ofFile: path)
                try refuseSurplus(inFile: path)
                let place = Folder.parent(of: path)
                if sequences.count > 1, names.count == 1, let index = places.first(where: { $0.value == place })?.key {
                    guard trackers[index].files.updateValue(path, forKey: names[0]) == nil else {
                        throw .dataset(
                            .option("\(printable(path, limit: 4096)) stands twice among the files of a tracker"))
                    }
                } else {
                    if sequences.count > 1, names.count == 1 { places[trackers.count] = place }
                    trackers.append(
                        TrackerResults(name: name, files: Dictionary(uniqueKeysWithValues: names.map { ($0, path) })))
                }
            }
        }
        var given = Set(trackers.map(\.name))
        var taken: Set<String> = []
        for index in trackers.indices {
            let name = trackers[index].name
            var count = 1
            while taken.contains(trackers[index].name) || count > 1 && given.contains(trackers[index].name) {
                count += 1
                trackers[index].name = "\(name) (\(count))"
            }
            taken.insert(trackers[index].name)
            given.insert(trackers[index].name)
        }
        return trackers
    }

    /// The extension of the benchmark's files of results.
    private var resultExtension: String { benchmark == .bdd100k ? ".json" : ".txt" }

    private func trackers(in path: String) throws(EvaluationError) -> [TrackerResults] {
        let name = Folder.resolvedName(of: path)
        if Self.isEvaluation(path) {
            let tracks = try files(in: "\(path)/tracks")
            if !tracks.isEmpty { return [TrackerResults(name: name, files: tracks)] }
        }
        let own = try files(in: path)
        if !own.isEmpty {
            let isPart = name == "data" || name == "tracks" && Self.isEvaluation(path + "/..")
            let owner = isPart ? Folder.resolvedName(of: path + "/..") : name
            return [TrackerResults(name: owner, files: own)]
        }
        let data = try files(in: "\(path)/data")
        if !data.isEmpty { return [TrackerResults(name: name, files: data)] }
        let kit = benchmark.kitFolders(split: split)
        let places = [path] + kit.map { "\(path)/\($0)" } + kit.map { "\(path)/\(benchmark.kitParent)/\($0)" }
        for place in places where Folder.isFolder(place) {
            var trackers: [TrackerResults] = []
            for tracker in try Folder.names(in: place) {
                let isEvaluation = Self.isEvaluation("\(place)/\(tracker)")
                var files = try files(in: "\(place)/\(tracker)/\(isEvaluation ? "tracks" : "data")")
                if files.isEmpty { files = try self.files(in: "\(place)/\(tracker)") }
                if !files.isEmpty { trackers.append(TrackerResults(name: tracker, files: files)) }
            }
            if !trackers.isEmpty { return trackers }
        }
        let file = (sequences.first?.name ?? "SEQUENCE") + resultExtension
        throw .dataset(
            .layout(
                root: path, what: "a folder with results of a tracker for these sequences",
                expected: ["DIR/\(file)", "DIR/data/\(file)", "DIR/TRACKER/data/\(file)"]
                    + (places.count > 1 ? ["DIR/\(Folder.name(of: places[1]))/TRACKER/data/\(file)"] : []),
                found: Folder.summary(of: path)))
    }

    /// Whether `vtrack eval` wrote a folder: its tracks are in a folder inside.
    private static func isEvaluation(_ path: String) -> Bool {
        Folder.kind(of: "\(path)/evaluation.json") == .file && Folder.isFolder("\(path)/tracks")
    }

    /// The files of sequences that lie in a folder; none where it is no folder.
    private func files(in folder: String) throws(EvaluationError) -> [String: String] {
        guard Folder.isFolder(folder) else { return [:] }
        let present = Set(try Folder.names(in: folder))
        var files: [String: String] = [:]
        for sequence in sequences where present.contains(sequence.name + resultExtension) {
            files[sequence.name] = "\(folder)/\(sequence.name)\(resultExtension)"
        }
        if files.isEmpty, benchmark == .bdd100k { return try filesOfSeveralVideos(in: folder) }
        return files
    }

    /// The tracker that a file belongs to, and the sequences that are in it.
    private func owner(ofFile path: String) throws(EvaluationError) -> (tracker: String, sequences: [String]) {
        let name = Folder.name(of: path)
        let stem = name.lastIndex(of: ".").map { $0 == name.startIndex ? name : String(name[..<$0]) } ?? name
        let parent = Folder.parent(of: path)
        let parentName = Folder.resolvedName(of: parent)
        let owner = parentName == "data" ? Folder.resolvedName(of: parent + "/..") : parentName
        if sequences.contains(where: { $0.name == stem }) { return (owner, [stem]) }
        if sequences.count == 1 { return (stem, [sequences[0].name]) }
        if benchmark == .bdd100k { return (stem, try sequences(inFile: path)) }
        throw .dataset(
            .option(
                "\(printable(path, limit: 4096)) is named after none of the \(sequences.count) sequences "
                    + "(\(listed(sequences.map(\.name), limit: 8))): name files SEQUENCE\(resultExtension), or choose "
                    + "the sequence with --sequences"))
    }
}

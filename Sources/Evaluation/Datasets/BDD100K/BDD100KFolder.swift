internal import Formats

/// Folders of BDD100K's tracking set, and files of labels alone.
///
/// Sources: bdd100k doc/source/download.rst:257-293 and doc/source/format.rst; TrackEval docs/BDD100k-format.txt for the
/// names of 2020.
enum BDD100KFolder {
    /// Looks through a folder, or takes one file of labels of all sequences.
    static func open(root: String, options: DatasetOptions) throws(EvaluationError) -> Dataset {
        let place = try BDD100KPlace.find(root: root, split: options.split)
        var dataset = Dataset(benchmark: .bdd100k, root: root, split: place.split)
        // Scores do not ask for the weather, and the file is large.
        if options.needsPictures, let path = place.conditions {
            do throws(FormatError) {
                dataset.library.attributes = try ScalabelAttributes.read(contentsOf: path)
            } catch {
                dataset.notes.append("no weather and time of day: \(error.description)")
            }
        }
        var truths: [String: (path: String, length: Int?)] = [:]
        for path in place.labels {
            for (name, length) in try videos(in: path, several: place.hasSetFiles, library: dataset.library) {
                if let other = truths[name] {
                    throw .dataset(
                        .rule(
                            sequence: printable(name, limit: 100), found: "labels in \(other.path) and in \(path)",
                            expected: "one file for a video"))
                }
                truths[name] = (path, length)
            }
        }
        var names = Set(truths.keys).union(place.pictures.keys)
        if let list = options.seqmap {
            let listed = try Seqmap.names(contentsOf: list)
            dataset.skipped = listed.filter { !names.contains($0) }.map {
                SkippedSequence(name: $0, reason: "\(list) names it, but it has neither labels nor pictures here")
            }
            names.formIntersection(listed)
        }
        for name in names {
            guard let truth = truths[name] else {
                dataset.skipped.append(
                    SkippedSequence(
                        name: name,
                        reason: place.split == "test"
                            ? "it has no labels: the benchmark keeps those of its test videos" : "it has no labels"))
                continue
            }
            let pictures = place.pictures[name]
            if options.needsPictures, pictures == nil {
                dataset.skipped.append(SkippedSequence(name: name, reason: "it has no pictures: \(place.whereToLook)"))
                continue
            }
            dataset.sequences.append(
                DatasetSequence(
                    name: name, pictures: pictures, truth: truth.path, length: truth.length,
                    frameRate: LabelClock.bdd100k.rate))
        }
        return dataset
    }

    /// The videos of a label file, with how many frames each has where that is known already.
    private static func videos(
        in path: String, several: Bool, library: LabelLibrary
    ) throws(EvaluationError) -> [(name: String, length: Int?)] {
        let stem = String(Folder.name(of: path).dropLast(5))
        guard several else { return [(stem, nil)] }
        return try library.index(of: path).videos.map { ($0.name ?? stem, $0.frames) }
    }
}

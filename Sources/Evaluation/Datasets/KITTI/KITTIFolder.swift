internal import Formats

/// Folders of KITTI's tracking benchmark.
///
/// Sources: TrackEval datasets/kitti_2d_box.py lines 49–98; the archives that cvlibs.net publishes
/// (training/label_02/0000.txt, training/image_02/0000/000000.png).
enum KITTIFolder {
    /// Looks through a folder.
    static func open(root: String, options: DatasetOptions) throws(EvaluationError) -> Dataset {
        let split = options.split ?? "training"
        let part = split == "testing" || split == "test" ? "testing" : "training"
        let kit = Benchmark.kitti.kitFolders(split: split)[0]
        guard
            let folder = [root, "\(root)/\(part)", "\(root)/\(kit)", "\(root)/kitti/\(kit)", "\(root)/gt/kitti/\(kit)"]
                .first(where: { Folder.isFolder("\($0)/label_02") })
                ?? ["\(root)/\(part)"].first(where: { Folder.isFolder("\($0)/image_02") })
        else {
            throw .dataset(
                .layout(
                    root: root, what: "a KITTI tracking folder",
                    expected: [
                        "ROOT/label_02/0000.txt, with ROOT/evaluate_tracking.seqmap.\(split)",
                        "ROOT/\(kit)/label_02/0000.txt, with a seqmap beside label_02 (TrackEval's gt/kitti)",
                        "ROOT/\(part)/label_02/0000.txt, ROOT/\(part)/image_02/0000/000000.png",
                    ], found: Folder.summary(of: root)))
        }
        var dataset = Dataset(benchmark: .kitti, root: root, split: split)
        let list = try seqmap(root: root, folder: folder, split: split, options: options)
        var lengths: [String: Int] = [:]
        var names: [String]
        if let list {
            let entries = try Self.entries(contentsOf: list)
            names = entries.map(\.name)
            for entry in entries { lengths[entry.name] = entry.length }
        } else {
            names = try present(in: folder)
            dataset.notes.append(
                "no evaluate_tracking.seqmap.\(split): every sequence of \(folder) counts, as long as its pictures or "
                    + "labels are")
        }
        for name in names { add(name, length: lengths[name], in: folder, options: options, to: &dataset) }
        return dataset
    }

    /// The sequences that have labels or pictures.
    private static func present(in folder: String) throws(EvaluationError) -> [String] {
        var names: Set<String> = []
        if Folder.isFolder("\(folder)/label_02") {
            for name in try Folder.names(in: "\(folder)/label_02") where name.hasSuffix(".txt") {
                names.insert(String(name.dropLast(4)))
            }
        }
        if Folder.isFolder("\(folder)/image_02") { names.formUnion(try Folder.names(in: "\(folder)/image_02")) }
        return names.sorted { $0.precedesByBytes($1) }
    }

    private static func seqmap(
        root: String, folder: String, split: String, options: DatasetOptions
    ) throws(EvaluationError) -> String? {
        if let seqmap = options.seqmap { return seqmap }
        let names = ["evaluate_tracking.seqmap.\(split)"] + (split == "training" ? ["evaluate_tracking.seqmap"] : [])
        for place in [folder, root] {
            for name in names where Folder.kind(of: "\(place)/\(name)") == .file { return "\(place)/\(name)" }
        }
        guard ["training", "testing", "test"].contains(split) else {
            throw .dataset(
                .missing(
                    path: "\(root)/\(names[0])",
                    what: "the list of the sequences of “\(printable(split, limit: 40))”"
                        + (split == "train" ? "; the published part is called training" : "")))
        }
        return nil
    }

    /// Name and length of every row `0000 empty 000000 000154`; rows with fewer columns are no sequences.
    private static func entries(
        contentsOf path: String
    ) throws(EvaluationError) -> [(name: String, length: Int)] {
        let rows: [[String]]
        do {
            rows = try TextRows.read(contentsOf: path)
        } catch {
            throw .reading(error)
        }
        var entries: [(name: String, length: Int)] = []
        for row in rows where row.count >= 4 {
            guard let length = Int(row[3]), length >= 0, length <= MOTFolder.longestSequence else {
                throw .dataset(
                    .rule(
                        sequence: "\(path), \(printable(row[0], limit: 40))",
                        found: "\(printable(row[3], limit: 40)) frames",
                        expected: "a number up to \(MOTFolder.longestSequence)"))
            }
            if !entries.contains(where: { $0.name == row[0] }) { entries.append((row[0], length)) }
        }
        return entries
    }

    private static func add(
        _ name: String, length: Int?, in folder: String, options: DatasetOptions, to dataset: inout Dataset
    ) {
        var sequence = DatasetSequence(name: name, length: length, frameRate: 10)
        let pictures = "\(folder)/image_02/\(name)"
        let count = PictureNames.count(in: pictures)
        if count > 0 { sequence.pictures = pictures }
        if length == nil, count > 0 { sequence.length = count }
        let truth = "\(folder)/label_02/\(name).txt"
        guard Folder.exists(truth) else {
            dataset.skipped.append(SkippedSequence(name: name, reason: "it has no labels (label_02/\(name).txt)"))
            return
        }
        sequence.truth = truth
        if options.needsPictures, sequence.pictures == nil {
            dataset.skipped.append(SkippedSequence(name: name, reason: "it has no pictures in \(pictures)"))
            return
        }
        dataset.sequences.append(sequence)
    }
}

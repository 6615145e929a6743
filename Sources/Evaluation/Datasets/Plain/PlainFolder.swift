internal import Formats

/// A folder of videos, or of folders of pictures, with a file of true boxes beside or inside each.
///
/// The boxes of NAME.mp4 are NAME.txt or NAME.gt.txt, those of a folder NAME are NAME/gt/gt.txt, NAME.txt or
/// NAME.gt.txt, in MOT text. Where there are boxes and no video, they can still be scored.
enum PlainFolder {
    private static let videoExtensions = [
        "mp4", "mkv", "mov", "avi", "webm", "m4v", "ts", "m2ts", "mpg", "mpeg", "y4m", "flv", "wmv",
    ]
    private static let truthExtensions = [".gt.txt", ".txt"]

    /// Looks through a folder.
    static func open(root: String, options: DatasetOptions) throws(EvaluationError) -> Dataset {
        if options.split != nil { throw .dataset(.option("a plain folder has no parts such as train and val")) }
        let entries = try Folder.names(in: root)
        var dataset = Dataset(benchmark: .folder, root: root)
        var names = sequenceNames(entries, root: root)
        if let list = options.seqmap {
            let listed = try Seqmap.names(contentsOf: list)
            dataset.skipped = listed.filter { !names.contains($0) }.map {
                SkippedSequence(name: $0, reason: "\(list) names it, but it is not in the folder")
            }
            names = listed.filter { names.contains($0) }
        }
        for name in names { add(name, entries: entries, root: root, options: options, to: &dataset) }
        if dataset.sequences.isEmpty, dataset.skipped.isEmpty {
            throw .dataset(
                .layout(
                    root: root, what: "a folder of videos with boxes",
                    expected: [
                        "ROOT/NAME.mp4 and ROOT/NAME.gt.txt or ROOT/NAME.txt",
                        "ROOT/NAME/000001.jpg and ROOT/NAME.gt.txt or ROOT/NAME.txt",
                        "ROOT/NAME/gt/gt.txt and ROOT/NAME/img1/000001.jpg",
                    ], found: Folder.summary(of: root)))
        }
        return dataset
    }

    /// The names of videos, of folders that look like a sequence, and of files of boxes.
    private static func sequenceNames(_ entries: [String], root: String) -> [String] {
        var names: Set<String> = []
        for entry in entries {
            let path = "\(root)/\(entry)"
            if Folder.isFolder(path) {
                if pictures(of: path) != nil || MOTPlace.isSequence(path) || truth(of: entry, entries, root) != nil {
                    names.insert(entry)
                }
            } else if let point = entry.lastIndex(of: "."),
                videoExtensions.contains(entry[entry.index(after: point)...].lowercased())
            {
                names.insert(String(entry[..<point]))
            } else if let suffix = truthExtensions.first(where: entry.hasSuffix) {
                names.insert(String(entry.dropLast(suffix.count)))
            }
        }
        return names.sorted { $0.precedesByBytes($1) }
    }

    private static func add(
        _ name: String, entries: [String], root: String, options: DatasetOptions, to dataset: inout Dataset
    ) {
        let path = "\(root)/\(name)"
        func skip(_ reason: String, damaged: Bool = false) {
            dataset.skipped.append(SkippedSequence(name: name, reason: reason, isDamaged: damaged))
        }
        guard let truth = truth(of: name, entries, root) else {
            return skip("it has no boxes: neither \(name).gt.txt nor \(name).txt beside nor gt/gt.txt inside")
        }
        var info = SequenceInfo()
        do throws(FormatError) {
            if Folder.exists("\(path)/seqinfo.ini") { info = try SequenceInfo(contentsOf: "\(path)/seqinfo.ini") }
        } catch {
            return skip(error.description, damaged: true)
        }
        let video = entries.first { entry in
            videoExtensions.contains { entry.lowercased() == "\(name.lowercased()).\($0)" }
        }
        let folder = pictures(of: path, named: info.imageDirectory)
        var sequence = DatasetSequence(
            name: name, pictures: folder ?? video.map { "\(root)/\($0)" }, truth: truth, length: info.length,
            frameRate: info.frameRate, width: info.width, height: info.height)
        if sequence.length == nil, let folder { sequence.length = PictureNames.count(in: folder) }
        if let length = sequence.length, length > MOTFolder.longestSequence {
            return skip("\(length) frames; at most \(MOTFolder.longestSequence) are read", damaged: true)
        }
        if Folder.exists("\(path)/det/det.txt") { sequence.detections = "\(path)/det/det.txt" }
        if options.needsPictures, sequence.pictures == nil { return skip("it has neither a video nor pictures") }
        dataset.sequences.append(sequence)
    }

    private static func truth(of name: String, _ entries: [String], _ root: String) -> String? {
        for suffix in truthExtensions where entries.contains(name + suffix) { return "\(root)/\(name)\(suffix)" }
        let inside = "\(root)/\(name)/gt/gt.txt"
        return Folder.exists(inside) ? inside : nil
    }

    /// The folder with a folder's pictures: img1 or what seqinfo.ini says, or itself.
    private static func pictures(of path: String, named name: String? = nil) -> String? {
        ["\(path)/\(name ?? "img1")", path].first { Folder.isFolder($0) && PictureNames.isPresent(in: $0) }
    }
}

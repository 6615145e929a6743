internal import Formats

/// Where the labels and the pictures of a part of BDD100K are.
struct BDD100KPlace {
    /// The part, as in `val`; nil where the labels are in no folder of that name.
    var split: String?
    /// The files of labels.
    var labels: [String]
    /// Whether the files hold several videos each; otherwise each is named after its video.
    var hasSetFiles: Bool
    /// Folders of pictures, and videos, by the name of the video.
    var pictures: [String: String] = [:]
    /// Labels of single pictures of the same videos, which say what the weather was; nil where there are none.
    var conditions: String?
    /// Where pictures were looked for, for messages.
    var whereToLook: String

    private static let splits = ["val", "train", "test"]
    private static let labelFolders = ["labels/box_track_20", "box_track_20", "labels-20/box-track", "box-track"]

    /// Looks for the labels of a part below a folder, and for its pictures beside them.
    ///
    /// - Throws: `dataset` where there are none, with the layout expected.
    static func find(root: String, split: String?) throws(EvaluationError) -> BDD100KPlace {
        if Folder.kind(of: root) == .file {
            var place = BDD100KPlace(
                split: split, labels: [root], hasSetFiles: true, whereToLook: "labels alone were given")
            try place.lookForPictures(from: Folder.parent(of: root))
            return place
        }
        let bases = [root, "\(root)/bdd100k", "\(root)/gt/bdd100k"]
        // The part that was asked for, otherwise the one that is commonly scored.
        for split in split.map({ [$0] }) ?? splits {
            for base in bases {
                for folder in labelFolders.map({ "\(base)/\($0)" }) + [base] {
                    for candidate in [
                        "\(folder)/\(split)", "\(folder)/\(split).json", "\(folder)/box_track_\(split).json",
                        "\(folder)/bdd100k_\(split)",
                    ] {
                        guard let files = try labelFiles(at: candidate) else { continue }
                        return try found(files, split: split, root: root, base: base)
                    }
                }
                // The test part has pictures only.
                if Folder.isFolder("\(base)/images/track/\(split)"), split == "test" {
                    return try found([], split: split, root: root, base: base)
                }
            }
        }
        if let files = try labelFiles(at: root) {
            let name = Folder.resolvedName(of: root)
            return try found(
                files, split: split ?? splits.first { name == $0 || name == "bdd100k_\($0)" }, root: root, base: root)
        }
        let wanted = split ?? "val"
        throw .dataset(
            .layout(
                root: root, what: "a BDD100K tracking folder",
                expected: [
                    "ROOT/labels/box_track_20/\(wanted)/VIDEO.json and ROOT/images/track/\(wanted)/VIDEO/VIDEO-0000001.jpg",
                    "ROOT/labels/box_track_20/\(wanted)/VIDEO.json and ROOT/videos/\(wanted)/VIDEO.mov",
                    "ROOT/bdd100k_\(wanted)/VIDEO.json (TrackEval's gt/bdd100k)",
                    "ROOT/VIDEO.json, a folder of labels alone", "ROOT, one file with the labels of all videos",
                ], found: Folder.summary(of: root)))
    }

    private static func found(
        _ files: [String], split: String?, root: String, base: String
    ) throws(EvaluationError) -> BDD100KPlace {
        var place = BDD100KPlace(split: split, labels: files, hasSetFiles: false, whereToLook: "")
        // One look tells whether files hold a video each: published sets are all of one kind.
        if let first = files.first {
            place.hasSetFiles = try LabelLibrary().index(of: first).videos.count > 1
        }
        try place.lookForPictures(from: base)
        return place
    }

    /// The label files that a path leads to; nil where there are none.
    private static func labelFiles(at path: String) throws(EvaluationError) -> [String]? {
        switch Folder.kind(of: path) {
        case .file: return path.hasSuffix(".json") ? [path] : nil
        case .folder:
            let files = try Folder.names(in: path).filter { $0.hasSuffix(".json") }.map { "\(path)/\($0)" }
            return files.isEmpty ? nil : files
        case .missing: return nil
        case .unreachable(let code): throw .dataset(.cannotList(path: path, code: code))
        }
    }

    /// Finds folders of pictures, and videos, of the part: below the base, or up to four folders above labels.
    private mutating func lookForPictures(from start: String) throws(EvaluationError) {
        let part = split ?? "val"
        var base = start
        for _ in 0..<5 {
            let folders = [
                "\(base)/images/track/\(part)", "\(base)/videos/\(part)", "\(base)/bdd100k/images/track/\(part)",
                "\(base)/bdd100k/videos/\(part)",
            ].filter(Folder.isFolder)
            if conditions == nil { conditions = Self.conditions(base: base, part: part) }
            if !folders.isEmpty {
                for folder in folders { try gather(in: folder) }
                whereToLook = "looked in \(folders.joined(separator: ", "))"
                return
            }
            // A relative path has its parents too, as `..`.
            base = base.hasPrefix("/") ? Folder.parent(of: base) : "\(base)/.."
        }
        whereToLook = "there is no images/track/\(part) or videos/\(part) beside the labels"
    }

    /// The detection labels of a part, of 2020 or of 2018.
    private static func conditions(base: String, part: String) -> String? {
        [
            "\(base)/labels/det_20/det_\(part).json", "\(base)/labels/bdd100k_labels_images_\(part).json",
            "\(base)/bdd100k/labels/det_20/det_\(part).json",
        ].first { Folder.kind(of: $0) == .file }
    }

    /// Takes the folders of pictures in a folder first, its videos second, and what is known already before both.
    private mutating func gather(in folder: String) throws(EvaluationError) {
        let names = try Folder.names(in: folder)
        for name in names where pictures[name] == nil && Folder.isFolder("\(folder)/\(name)") {
            if PictureNames.isPresent(in: "\(folder)/\(name)") { pictures[name] = "\(folder)/\(name)" }
        }
        for name in names {
            let lower = name.lowercased()
            guard lower.hasSuffix(".mov") || lower.hasSuffix(".mp4") else { continue }
            let video = String(name.dropLast(4))
            if pictures[video] == nil { pictures[video] = "\(folder)/\(name)" }
        }
    }
}

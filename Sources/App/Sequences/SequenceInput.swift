import Foundation

/// A source with the boxes that belong to it.
struct SequenceInput: Equatable, Encodable {
    /// Its folder's or file's name, for tables.
    var name: String
    var source: String
    var boxes: String
}

extension SequenceInput {
    /// The sequences that sources name, in their order; of a folder of sequences, all of them by name.
    ///
    /// A MOT sequence has gt/gt.txt inside; the clip images/track/SPLIT/NAME of BDD100K has its labels in
    /// labels/box_track_20/SPLIT/NAME.json.
    ///
    /// - Parameter boxes: One for each source, or none.
    static func resolve(sources: [String], boxes: [String]) throws(AppError) -> [SequenceInput] {
        var found: [SequenceInput] = []
        for (index, source) in sources.enumerated() {
            if index < boxes.count {
                found.append(SequenceInput(name: name(of: source), source: source, boxes: boxes[index]))
            } else if let own = ownBoxes(of: source) {
                found.append(SequenceInput(name: name(of: source), source: source, boxes: own))
            } else {
                let inside = folders(in: source).compactMap { folder -> SequenceInput? in
                    let path = "\(source)/\(folder)"
                    return ownBoxes(of: path).map { SequenceInput(name: folder, source: path, boxes: $0) }
                }
                guard !inside.isEmpty else {
                    throw .unsuitable(
                        path: source,
                        message: "no boxes: this is neither a MOT sequence (gt/gt.txt inside) nor a BDD100K clip with "
                            + "labels nor a folder of such; name a file with --boxes")
                }
                found += inside
            }
        }
        // Names tell sequences apart in tables and folds.
        var seen: [String: Int] = [:]
        for index in found.indices {
            let count = seen[found[index].name, default: 0] + 1
            seen[found[index].name] = count
            if count > 1 { found[index].name += " (\(count))" }
        }
        return found
    }

    /// Folders in a folder of sequences that are none, since they have no boxes of their own.
    static func leftOut(sources: [String], boxes: [String]) -> [String] {
        guard boxes.isEmpty else { return [] }
        return sources.filter { ownBoxes(of: $0) == nil }.flatMap { source in
            folders(in: source).map { "\(source)/\($0)" }.filter { ownBoxes(of: $0) == nil }
        }
    }

    /// Everything that is read, which no output may overwrite.
    static func files(_ sequences: [SequenceInput]) -> [String?] { sequences.flatMap { [$0.source, $0.boxes] } }

    private static func name(of source: String) -> String {
        let name = URL(fileURLWithPath: source).lastPathComponent
        return source == "-" || name.isEmpty ? "standard input" : name
    }

    private static func ownBoxes(of source: String) -> String? {
        guard isFolder(source) else { return nil }
        let truth = "\(source)/gt/gt.txt"
        if FileManager.default.fileExists(atPath: truth) { return truth }
        let clip = URL(fileURLWithPath: source).standardizedFileURL
        let split = clip.deletingLastPathComponent()
        let track = split.deletingLastPathComponent()
        let images = track.deletingLastPathComponent()
        guard track.lastPathComponent == "track", images.lastPathComponent == "images" else { return nil }
        let labels = images.deletingLastPathComponent().appending(path: "labels/box_track_20")
            .appending(path: split.lastPathComponent).appending(path: "\(clip.lastPathComponent).json").path
        return FileManager.default.fileExists(atPath: labels) ? labels : nil
    }

    private static func folders(in path: String) -> [String] {
        guard isFolder(path) else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { !$0.hasPrefix(".") && isFolder("\(path)/\($0)") }.sorted()
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}

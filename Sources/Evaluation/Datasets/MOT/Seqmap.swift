internal import Formats

/// A list of sequences, one a line, below a line `name`.
///
/// Source: TrackEval datasets/mot_challenge_2d_box.py lines 159–171, which leaves the first line out whatever it is.
enum Seqmap {
    /// The names, each once, in their order.
    ///
    /// - Throws: `reading`.
    static func names(contentsOf path: String) throws(EvaluationError) -> [String] {
        let rows: [[String]]
        do {
            rows = try TextRows.read(contentsOf: path)
        } catch {
            throw .reading(error)
        }
        var seen: Set<String> = []
        return rows.compactMap(\.first).filter { $0.lowercased() != "name" && seen.insert($0).inserted }
    }
}

/// Names of pictures.
enum PictureNames {
    private static let extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp"]

    /// Whether a file name is that of a picture.
    static func isPicture(_ name: String) -> Bool {
        let name = name.lowercased()
        return extensions.contains { name.hasSuffix($0) }
    }

    /// Whether a folder holds a picture; a folder that cannot be looked into holds none.
    static func isPresent(in folder: String) -> Bool { count(in: folder) > 0 }

    /// How many pictures a folder holds.
    static func count(in folder: String) -> Int {
        ((try? Folder.names(in: folder)) ?? []).count(where: isPicture)
    }
}

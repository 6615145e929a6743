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

/// The pairs of boxes of one frame that overlap at all, true box by true box.
///
/// Most pairs of a frame do not overlap, and to every metric an overlap of 0 adds nothing. Storage is reused from frame
/// to frame.
struct FrameOverlaps: Sendable {
    /// How many true boxes and tracker's boxes the frame has.
    private(set) var rows = 0
    private(set) var columns = 0
    /// How many pairs overlap: the entries.
    private(set) var count = 0
    /// Entries of row r are `starts[r] ..< starts[r + 1]`.
    private(set) var starts: [Int] = []
    /// The column of each entry, rising within a row; longer than `count`.
    private(set) var column: [Int] = []
    /// The overlap of each entry, greater than 0; longer than `count`.
    private(set) var overlap: [Double] = []

    /// Takes the pairs of a frame.
    mutating func read(_ frame: MetricSequence.Frame) {
        rows = frame.truth.count
        columns = frame.result.count
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
        let pairs = frame.similarity.count
        if overlap.count < pairs {
            overlap = [Double](repeating: 0, count: pairs)
            column = [Int](repeating: 0, count: pairs)
        }
        count = Self.gather(
            frame.similarity, rows: rows, columns: columns, starts: &starts, column: &column, overlap: &overlap)
    }

    /// Writes the pairs that overlap and returns how many there are; there is room for all.
    private static func gather(
        _ similarity: [Double], rows: Int, columns: Int, starts: inout [Int], column: inout [Int],
        overlap: inout [Double]
    ) -> Int {
        let similarity = similarity.span
        var column = column.mutableSpan
        var overlap = overlap.mutableSpan
        var (found, index) = (0, 0)
        for _ in 0..<rows {
            for place in 0..<columns {
                // Written whether it counts or not: cheaper than a branch that is hard to foresee. `found` is never
                // beyond `index`.
                let value = unsafe similarity[unchecked: index]
                unsafe overlap[unchecked: found] = value
                unsafe column[unchecked: found] = place
                found += value > 0 ? 1 : 0
                index += 1
            }
            starts.append(found)
        }
        return found
    }
}

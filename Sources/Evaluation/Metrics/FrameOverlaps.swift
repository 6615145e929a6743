/// The pairs of boxes of one frame that overlap at all, true box by true box.
///
/// Most pairs of a frame do not overlap, and to every metric an overlap of 0 adds nothing. Storage is reused from frame
/// to frame.
struct FrameOverlaps: Sendable {
    /// How many true boxes and tracker's boxes the frame has.
    private(set) var rows = 0
    private(set) var columns = 0
    /// Entries of row r are `starts[r] ..< starts[r + 1]`.
    private(set) var starts: [Int] = []
    /// The column of each entry; rising within a row.
    private(set) var column: [Int] = []
    /// The overlap of each entry, greater than 0.
    private(set) var overlap: [Double] = []

    /// How many pairs overlap.
    var count: Int { overlap.count }

    /// Takes the pairs of a frame.
    mutating func read(_ frame: MetricSequence.Frame) {
        rows = frame.truth.count
        columns = frame.result.count
        starts.removeAll(keepingCapacity: true)
        column.removeAll(keepingCapacity: true)
        overlap.removeAll(keepingCapacity: true)
        starts.append(0)
        let similarity = frame.similarity.span
        var index = 0
        for _ in 0..<rows {
            for place in 0..<columns {
                let value = similarity[index]
                index += 1
                if value > 0 {
                    column.append(place)
                    overlap.append(value)
                }
            }
            starts.append(overlap.count)
        }
    }
}

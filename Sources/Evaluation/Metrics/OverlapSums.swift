/// The sums of a frame's overlaps by row and by column, rounded as NumPy rounds `sum(1)` and `sum(0)`.
///
/// Along the axis whose numbers lie side by side in memory NumPy adds in pairs, along the other one after another; an
/// axis of one number makes the other one lie side by side.
struct OverlapSums: Sendable {
    /// The sum of each row and of each column.
    private(set) var rows: [Double] = []
    private(set) var columns: [Double] = []
    /// Entries column by column: where each column begins, the row and the overlap of each entry.
    private var starts: [Int] = []
    private var rowOfEntry: [Int] = []
    private var overlaps: [Double] = []

    /// Takes the sums of a frame.
    mutating func read(_ frame: FrameOverlaps, isColumnMajor: Bool) {
        let (column, overlap) = (frame.column.span, frame.overlap.span)
        rows.removeAll(keepingCapacity: true)
        for row in 0..<frame.rows {
            let entries = frame.starts[row]..<frame.starts[row + 1]
            if !isColumnMajor || frame.rows == 1 {
                rows.append(
                    PairwiseSum.sum(
                        column.extracting(entries), overlap.extracting(entries), first: 0, count: frame.columns))
            } else {
                var sum = 0.0
                for entry in entries { sum += overlap[entry] }
                rows.append(sum)
            }
        }
        columns.removeAll(keepingCapacity: true)
        if isColumnMajor || frame.columns == 1 {
            transpose(frame)
            for index in 0..<frame.columns {
                let entries = starts[index]..<starts[index + 1]
                columns.append(
                    PairwiseSum.sum(
                        rowOfEntry.span.extracting(entries), overlaps.span.extracting(entries), first: 0,
                        count: frame.rows))
            }
        } else {
            columns.append(contentsOf: repeatElement(0, count: frame.columns))
            var sums = columns.mutableSpan
            for entry in 0..<frame.count { sums[column[entry]] += overlap[entry] }
        }
    }

    private mutating func transpose(_ frame: FrameOverlaps) {
        starts.removeAll(keepingCapacity: true)
        starts.append(contentsOf: repeatElement(0, count: frame.columns + 1))
        for entry in 0..<frame.count { starts[frame.column[entry] + 1] += 1 }
        for column in 0..<frame.columns { starts[column + 1] += starts[column] }
        if overlaps.count < frame.count {
            overlaps = [Double](repeating: 0, count: frame.count)
            rowOfEntry = [Int](repeating: 0, count: frame.count)
        }
        for row in 0..<frame.rows {
            for entry in frame.starts[row]..<frame.starts[row + 1] {
                let place = starts[frame.column[entry]]
                overlaps[place] = frame.overlap[entry]
                rowOfEntry[place] = row
                starts[frame.column[entry]] += 1
            }
        }
        // Each start has moved to the next column's.
        for column in stride(from: frame.columns, to: 0, by: -1) { starts[column] = starts[column - 1] }
        starts[0] = 0
    }
}

/// Rows gathered by frame.
enum FrameTable {
    /// The elements made of rows, frame by frame, in the order of the rows.
    ///
    /// - Parameters:
    ///   - count: How many frames there are.
    ///   - index: The frame of a row, from 0; nil to leave the row out.
    ///   - make: The element of a row that is not left out.
    static func frames<Row, Element>(
        of rows: [Row], count: Int, index: (Row) throws(EvaluationError) -> Int?, make: (Row) -> Element
    ) throws(EvaluationError) -> [[Element]] {
        var places: [Int32] = []
        places.reserveCapacity(rows.count)
        var sizes = [Int32](repeating: 0, count: count)
        for row in rows {
            let place = try index(row) ?? -1
            places.append(Int32(truncatingIfNeeded: place))
            if place >= 0 { sizes[place] += 1 }
        }
        // Room first, so that no frame's boxes are moved while they are gathered.
        var frames = [[Element]](repeating: [], count: count)
        for index in frames.indices where sizes[index] > 0 { frames[index].reserveCapacity(Int(sizes[index])) }
        for (row, place) in zip(rows, places) where place >= 0 { frames[Int(place)].append(make(row)) }
        return frames
    }
}

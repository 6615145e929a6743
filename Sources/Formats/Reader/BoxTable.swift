import Geometry

/// The boxes of a whole file, given out frame by frame.
///
/// Rows stay where they were read; an unsorted file costs four bytes a row for their order.
struct BoxTable {
    /// The most boxes that are held: some 1.2 GB.
    static let maximumRows = 1 << 24

    private let rows: [StoredRow]
    /// Indices of `rows` by frame, then by place in the file; nil where the rows are in order already.
    private let order: [UInt32]?
    /// Every frame that the file names, sorted.
    private let frames: [Int32]
    private var nextFrame = 0
    private var nextRow = 0

    /// Sorts rows by frame, keeping their order within a frame, and checks every frame.
    ///
    /// - Parameter frames: every frame that the file names, in any order, repetitions allowed.
    init(rows: [StoredRow], frames: [Int32], source: String, maximumBoxes: Int) throws(FormatError) {
        self.rows = rows
        order = Self.order(rows)
        self.frames = Self.distinct(frames)
        var check = FrameCheck(source: source, maximumBoxes: maximumBoxes)
        var boxes: [StoredRow] = []
        var probe = self
        while let frame = probe.nextRows(&boxes) { try check.check(boxes, frame: frame) }
    }

    /// Takes boxes that are in memory; places in messages are the boxes' rows.
    init(frames: [FrameBoxes], source: String, maximumBoxes: Int) throws(FormatError) {
        var rows: [StoredRow] = []
        var numbers: [Int32] = []
        for frame in frames {
            guard (1...FrameRule.largest).contains(frame.frame.rawValue) else {
                throw .malformed(
                    SourcePlace(source: source, line: frame.boxes.first?.row), found: "frame \(frame.frame)",
                    expected: FrameRule.expected)
            }
            let number = Int32(frame.frame.rawValue)
            numbers.append(number)
            for record in frame.boxes {
                guard let row = StoredRow(record, frame: number) else {
                    throw .malformed(
                        SourcePlace(source: source, line: record.row), found: "class \(record.classID)",
                        expected: "a class number of 32 bits")
                }
                rows.append(row)
            }
        }
        try self.init(rows: rows, frames: numbers, source: source, maximumBoxes: maximumBoxes)
    }

    /// How many frames there are.
    var frameCount: Int { frames.count }

    /// The next frame; nil at the end.
    mutating func next() -> FrameBoxes? {
        var boxes: [StoredRow] = []
        guard let frame = nextRows(&boxes) else { return nil }
        return FrameBoxes(frame: FrameIndex(Int(frame)), boxes: boxes.map(\.record))
    }

    private mutating func nextRows(_ boxes: inout [StoredRow]) -> Int32? {
        boxes.removeAll(keepingCapacity: true)
        guard nextFrame < frames.count else { return nil }
        let frame = frames[nextFrame]
        nextFrame += 1
        while nextRow < rows.count {
            let row = rows[order.map { Int($0[nextRow]) } ?? nextRow]
            if row.frame != frame { break }
            boxes.append(row)
            nextRow += 1
        }
        return frame
    }

    private static func order(_ rows: [StoredRow]) -> [UInt32]? {
        var isSorted = true
        for index in rows.indices.dropFirst() where rows[index].frame < rows[index - 1].frame {
            isSorted = false
            break
        }
        if isSorted { return nil }
        // Frame and place in one integer: its order is the stable order by frame.
        var keys = rows.indices.map { UInt64(UInt32(rows[$0].frame)) << 32 | UInt64($0) }
        keys.sort()
        return keys.map { UInt32(truncatingIfNeeded: $0) }
    }

    private static func distinct(_ frames: [Int32]) -> [Int32] {
        var sorted = frames
        sorted.sort()
        var result: [Int32] = []
        for frame in sorted where frame != result.last { result.append(frame) }
        return result
    }
}

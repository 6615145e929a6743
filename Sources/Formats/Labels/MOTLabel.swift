public import Geometry

/// A row of a MOTChallenge ground truth or result, with everything that the benchmarks' rules ask for.
///
/// `frame, id, left, top, width, height, confidence, class, visibility`. Unlike `BoxReader`, which reads boxes to track,
/// this keeps every row in the order of the file: what counts is for the benchmark to decide.
public struct MOTLabel: Sendable {
    /// The rectangle; sides may be negative, every number is finite and within ±1e100.
    public var box: Box
    /// The object's or track's number, without its fraction.
    public var identity: Int64
    /// The seventh column: how sure a tracker is, or whether a true box is considered (not 0); 1 where there is none.
    public var confidence: Double
    private var ninth: Double
    private var frameNumber: Int32
    private var lineNumber: Int32
    private var eighth: Int32

    /// The frame, from 1 unless any was to be taken.
    public var frame: Int { Int(frameNumber) }
    /// The line of the row, from 1.
    public var line: Int { Int(lineNumber) }
    /// The eighth column without its fraction; nil where there is none.
    public var classID: Int32? { eighth == .min ? nil : eighth }
    /// The ninth column; nil where there is none.
    public var visibility: Double? { ninth.isNaN ? nil : ninth }

    /// The rows of a file.
    ///
    /// - Parameters:
    ///   - leastColumns: Rows with fewer columns are an error.
    ///   - takesAnyFrame: Whether frames below 1 are left to the caller, who knows the sequence, instead of being an error.
    /// - Throws: `FormatError` with the line.
    public static func read(
        contentsOf path: String, leastColumns: Int, takesAnyFrame: Bool = false
    ) throws(FormatError) -> [MOTLabel] {
        try read(
            LabelScanner(contentsOf: path, columnNames: columnNames), leastColumns: leastColumns,
            takesAnyFrame: takesAnyFrame)
    }

    /// The rows of a text in memory.
    static func read(bytes: [UInt8], leastColumns: Int, name: String = "memory") throws(FormatError) -> [MOTLabel] {
        try read(
            LabelScanner(bytes: bytes, source: name, columnNames: columnNames), leastColumns: leastColumns)
    }

    private static let columnNames = [
        "frame", "id", "left", "top", "width", "height", "confidence", "class", "visibility",
    ]

    private static func read(
        _ scanner: LabelScanner, leastColumns: Int, takesAnyFrame: Bool = false
    ) throws(FormatError) -> [MOTLabel] {
        var scanner = scanner
        var labels: [MOTLabel] = []
        labels.reserveCapacity(scanner.estimatedRows)
        let least = max(6, leastColumns)
        var plain = PlainRow()
        while scanner.nextRow() {
            if scanner.readPlain(&plain), let label = MOTLabel(plain, line: scanner.line, leastColumns: least) {
                labels.append(label)
                continue
            }
            scanner.returnToRow()
            let frame = try scanner.frame(from: takesAnyFrame ? -FrameRule.largest : 1)
            try scanner.needColumn(of: least)
            let identity = try scanner.truncated()
            try scanner.needColumn(of: least)
            let left = try scanner.coordinate()
            try scanner.needColumn(of: least)
            let top = try scanner.coordinate()
            try scanner.needColumn(of: least)
            let width = try scanner.coordinate()
            try scanner.needColumn(of: least)
            let height = try scanner.coordinate()
            var label = MOTLabel(
                box: Box(x: left, y: top, width: width, height: height), identity: identity, confidence: 1,
                ninth: .nan, frameNumber: Int32(truncatingIfNeeded: frame),
                lineNumber: Int32(truncatingIfNeeded: scanner.line), eighth: .min)
            if try scanner.hasColumn(7, of: least) {
                label.confidence = try scanner.finite()
                if try scanner.hasColumn(8, of: least) {
                    label.eighth = try scanner.small()
                    if try scanner.hasColumn(9, of: least) { label.ninth = try scanner.number().value }
                }
            }
            labels.append(label)
        }
        return labels
    }
}

extension MOTLabel {
    /// A row whose numbers are what they have to be; nil for others.
    fileprivate init?(_ row: PlainRow, line: Int, leastColumns: Int) {
        let values = row.values
        guard row.count >= leastColumns, values[0] >= 1, values[0] <= Double(FrameRule.largest),
            row.count < 8 || abs(values[7]) < 0x1p31
        else { return nil }
        self.init(
            box: Box(x: values[2], y: values[3], width: values[4], height: values[5]), identity: Int64(values[1]),
            confidence: row.count > 6 ? values[6] : 1, ninth: row.count > 8 ? values[8] : .nan,
            frameNumber: Int32(values[0]), lineNumber: Int32(truncatingIfNeeded: line),
            eighth: row.count > 7 ? Int32(values[7]) : .min)
    }
}

extension LabelScanner {
    /// Goes to a column that only rows of `least` columns must have.
    fileprivate mutating func hasColumn(_ number: Int, of least: Int) throws(FormatError) -> Bool {
        if number <= least {
            try needColumn(of: least)
            return true
        }
        return nextColumn()
    }
}

/// A row of KITTI's tracking labels or of a result in that form.
///
/// `frame, id, type, truncated, occluded, alpha, left, top, right, bottom, height, width, length, x, y, z, rotation[,
/// score]`, parted by blanks, frames from 0. Source: the readme of KITTI's devkit_tracking.
public struct KITTILabel: Sendable, Equatable {
    /// What a row describes, by the numbers that TrackEval's kitti_2d_box.py (line 77) gives the types.
    public enum Kind: Int, Sendable, CaseIterable {
        /// The types in the order of the numbers.
        case car = 1
        /// A van.
        case van, truck, pedestrian, person, cyclist, tram, misc
        /// A region in which results are not judged.
        case dontCare

        /// The type that a text in lower case names; nil for none.
        init?(_ text: String) {
            switch text {
            case "car", "car_2": self = .car
            case "van": self = .van
            case "truck": self = .truck
            case "pedestrian": self = .pedestrian
            case "person", "person_sitting": self = .person
            case "cyclist": self = .cyclist
            case "tram": self = .tram
            case "misc": self = .misc
            case "dontcare": self = .dontCare
            default: return nil
            }
        }
    }

    /// The frame, from 0.
    public var frame: Int
    /// The line of the row, from 1.
    public var line: Int
    /// The object's or track's number, without its fraction; below 0 for none.
    public var identity: Int64
    /// What the row describes.
    public var kind: Kind
    /// Whether the picture's border cuts the object: 0, 1, 2.
    public var truncation: Int32
    /// How much of the object is hidden: 0 to 3.
    public var occlusion: Int32
    /// Left edge, pixels.
    public var left: Double
    /// Top edge, pixels.
    public var top: Double
    /// Right edge, pixels.
    public var right: Double
    /// Bottom edge, pixels.
    public var bottom: Double
    /// The score of a result; 1 where there is none.
    public var score: Double

    /// The rows of a file.
    ///
    /// - Throws: `FormatError` with the line.
    public static func read(contentsOf path: String) throws(FormatError) -> [KITTILabel] {
        try read(LabelScanner(contentsOf: path, columnNames: columnNames))
    }

    /// The rows of a text in memory.
    static func read(bytes: [UInt8], name: String = "memory") throws(FormatError) -> [KITTILabel] {
        try read(LabelScanner(bytes: bytes, source: name, columnNames: columnNames))
    }

    private static let columnNames = [
        "frame", "id", "type", "truncated", "occluded", "alpha", "left", "top", "right", "bottom", "height", "width",
        "length", "x", "y", "z", "rotation", "score",
    ]
    private static let leastColumns = 10

    private static func read(_ scanner: LabelScanner) throws(FormatError) -> [KITTILabel] {
        var scanner = scanner
        var labels: [KITTILabel] = []
        while scanner.nextRow() {
            let frame = try scanner.frame(from: 0)
            try scanner.needColumn(of: leastColumns)
            let identity = try scanner.truncated()
            try scanner.needColumn(of: leastColumns)
            let word = scanner.lowercased(scanner.word())
            guard let kind = Kind(word) else {
                throw .malformed(
                    scanner.place, found: "type \(quoted(word))",
                    expected: "Car, Van, Truck, Pedestrian, Person, Cyclist, Tram, Misc or DontCare")
            }
            try scanner.needColumn(of: leastColumns)
            let truncation = try scanner.small()
            try scanner.needColumn(of: leastColumns)
            let occlusion = try scanner.small()
            try scanner.needColumn(of: leastColumns)
            _ = try scanner.number()
            try scanner.needColumn(of: leastColumns)
            let left = try scanner.coordinate()
            try scanner.needColumn(of: leastColumns)
            let top = try scanner.coordinate()
            try scanner.needColumn(of: leastColumns)
            let right = try scanner.coordinate()
            try scanner.needColumn(of: leastColumns)
            let bottom = try scanner.coordinate()
            var score = 1.0
            while scanner.nextColumn() {
                if scanner.column == columnNames.count - 1 { score = try scanner.finite() } else { _ = scanner.word() }
            }
            labels.append(
                KITTILabel(
                    frame: frame, line: scanner.line, identity: identity, kind: kind, truncation: truncation,
                    occlusion: occlusion, left: left, top: top, right: right, bottom: bottom, score: score))
        }
        return labels
    }
}

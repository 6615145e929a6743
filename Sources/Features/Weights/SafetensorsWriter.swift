internal import Glibc

/// Writes a safetensors file row by row, without knowing beforehand how many rows there will be.
///
/// One tensor's rows go straight to the file, behind room kept for the header; the others' go to a file of their own
/// without a name and are copied behind at the end. Memory stays the same however many rows there are. The data begins
/// at a multiple of eight bytes, and so does every tensor of 64-bit numbers.
///
/// The file appears under its name when `finish()` has succeeded, complete and on the disk, or not at all.
public final class SafetensorsWriter {
    /// One tensor to be written: its outermost dimension is the number of rows appended.
    public struct Column: Equatable, Sendable {
        /// The tensor's name.
        public let name: String
        /// The format of its numbers, `float32` or `int64`.
        public let type: TensorType
        /// The dimensions of one row; empty for one number a row.
        public let rowShape: [Int]

        /// Creates a column of single-precision floats.
        public static func floats(_ name: String, rowShape: [Int] = []) -> Column {
            Column(name: name, type: .float32, rowShape: rowShape)
        }

        /// Creates a column of 64-bit integers.
        public static func integers(_ name: String, rowShape: [Int] = []) -> Column {
            Column(name: name, type: .int64, rowShape: rowShape)
        }

        var rowCount: Int { rowShape.reduce(1, *) }
        var rowBytes: Int { rowCount * type.bits / 8 }
    }

    private let path: String
    private let columns: [Column]
    private let metadata: [String: String]
    /// The column whose rows are written in place; nil where none may be, for its end would not be aligned.
    private let inPlace: Int?
    private let reserved: Int
    private var main: OutputFile
    private var spools: [OutputFile?]
    private var bytes: [Int]

    /// Begins a file.
    ///
    /// - Parameter overwriting: writes to `path` itself, which is then incomplete until `finish()`: for a caller that
    ///   gives a temporary name and renames it.
    /// - Precondition: names differ from each other and from `__metadata__`, and row shapes hold positive numbers whose
    ///   product is no overflow: columns are the program's choice, not input.
    /// - Throws: `FeatureError.weights` where the file cannot be created.
    public init(
        path: String, overwriting: Bool = false, columns: [Column], metadata: [String: String] = [:]
    ) throws(FeatureError) {
        precondition(Set(columns.map(\.name)).count == columns.count, "two columns have the same name")
        precondition(columns.allSatisfy { $0.name != "__metadata__" && $0.rowShape.allSatisfy { $0 > 0 } })
        self.path = path
        self.columns = columns
        self.metadata = metadata
        inPlace = columns.firstIndex { $0.rowBytes % 8 == 0 }
        bytes = [Int](repeating: 0, count: columns.count)
        // No offset or size has more than 19 digits; what is not needed is filled with spaces, as the format allows.
        let longest = Self.header(
            columns, metadata, counts: columns.map { _ in Int.max }, offsets: columns.map { _ in Int.max..<Int.max })
        reserved = (8 + longest.utf8.count + 7) / 8 * 8
        do throws(WeightsError) {
            main = try overwriting ? OutputFile(overwriting: path) : OutputFile(beside: path)
            spools = []
            for index in columns.indices {
                spools.append(index == inPlace ? nil : try OutputFile(namelessBeside: path))
            }
            try main.seek(to: reserved)
        } catch {
            throw .weights(error)
        }
    }

    /// Appends whole rows of single-precision floats to a column.
    ///
    /// - Precondition: the column exists, has that type, and `values` are whole rows.
    /// - Throws: `FeatureError.weights` where writing fails, as on a full disk.
    public func append(_ values: [Float], to name: String) throws(FeatureError) {
        try append(values, of: .float32, to: name)
    }

    /// Appends whole rows of 64-bit integers to a column.
    ///
    /// - Precondition: the column exists, has that type, and `values` are whole rows.
    /// - Throws: `FeatureError.weights` where writing fails, as on a full disk.
    public func append(_ values: [Int64], to name: String) throws(FeatureError) {
        try append(values, of: .int64, to: name)
    }

    private func append<Number: BitwiseCopyable>(
        _ values: [Number], of type: TensorType, to name: String
    ) throws(FeatureError) {
        guard let index = columns.firstIndex(where: { $0.name == name && $0.type == type }) else {
            preconditionFailure("no column \"\(name)\" of \(type.rawValue)")
        }
        precondition(values.count % columns[index].rowCount == 0, "values are not whole rows of \"\(name)\"")
        do throws(WeightsError) {
            let file = spools[index] ?? main
            try file.write(values)
            bytes[index] += values.count * type.bits / 8
        } catch {
            throw .weights(error)
        }
    }

    /// Completes the file and gives it its name.
    ///
    /// - Throws: `FeatureError.weights` where writing fails; the name then still stands for what it stood for before.
    public func finish() throws(FeatureError) {
        do throws(WeightsError) {
            // Wide numbers first, so that none begins at an odd place.
            let rest = columns.indices.filter { $0 != inPlace }.sorted {
                (columns[$1].type.bits, $0) < (columns[$0].type.bits, $1)
            }
            var offsets = [Range<Int>](repeating: 0..<0, count: columns.count)
            var end = 0
            for index in (inPlace.map { [$0] } ?? []) + rest {
                offsets[index] = end..<end + bytes[index]
                end += bytes[index]
                if let spool = spools[index] { try spool.copy(to: main) }
            }
            let counts = columns.indices.map { bytes[$0] / columns[$0].rowBytes }
            var header = Array(Self.header(columns, metadata, counts: counts, offsets: offsets).utf8)
            header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: reserved - 8 - header.count))
            let length = UInt64(header.count)
            try main.seek(to: 0)
            try main.write((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + header)
            try main.publish(as: path)
        } catch {
            throw .weights(error)
        }
    }

    private static func header(
        _ columns: [Column], _ metadata: [String: String], counts: [Int], offsets: [Range<Int>]
    ) -> String {
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        for (index, column) in columns.enumerated() {
            let shape = ([counts[index]] + column.rowShape).map(String.init).joined(separator: ",")
            members.append(
                "\(quoted(column.name)):{\"dtype\":\"\(column.type.rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(offsets[index].lowerBound),\(offsets[index].upperBound)]}")
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// A JSON string (RFC 8259 §7).
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

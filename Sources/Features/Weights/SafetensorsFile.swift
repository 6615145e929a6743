internal import Glibc

/// A safetensors file, open for reading, whose header has been checked against every rule of the format.
///
/// Source: https://github.com/huggingface/safetensors, README "Format" and safetensors/src/tensor.rs. A file is eight
/// bytes of header length (little-endian), the header (JSON, at most 100 MB), then the data, which the tensors cover
/// without gap or overlap.
///
/// The file is read with `pread`, never mapped: a mapped file that somebody truncates ends the process with SIGBUS,
/// a short read is an error.
public final class SafetensorsFile: Sendable {
    /// Where one tensor lies and what it holds.
    public struct Entry: Equatable, Sendable {
        /// The tensor's name.
        public let name: String
        /// The format of its numbers.
        public let type: TensorType
        /// Its dimensions, outermost first; empty for a single number.
        public let shape: [Int]
        /// How many numbers it has: the product of `shape`.
        public let count: Int
        /// Its bytes, counted from the start of the data.
        let bytes: Range<Int>
    }

    /// The longest header the format allows.
    public static let maximumHeader = 100_000_000

    /// The path as it was given, for messages.
    public let path: String
    /// Every tensor by its name.
    public let entries: [String: Entry]
    /// The header's `__metadata__`; empty where there is none.
    public let metadata: [String: String]

    private let file: ReadOnlyFile
    private let dataStart: Int

    /// Opens a file and checks its header.
    ///
    /// - Throws: `WeightsError` naming the file, and the tensor where one is at fault.
    /// - Complexity: O(header), plus O(n log n) for n tensors; no tensor is read.
    public init(path: String) throws(WeightsError) {
        self.path = path
        file = try ReadOnlyFile(path: path)
        guard file.size >= 8 else { throw .tooShort(path: path, bytes: file.size) }
        let prefix = try file.bytes(8, at: 0, tensor: "header")
        let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let headerLength = Int(exactly: length), headerLength >= 2, headerLength <= file.size - 8,
            headerLength <= Self.maximumHeader
        else { throw .headerLength(path: path, length: length, available: file.size - 8) }
        dataStart = 8 + headerLength

        var scanner = HeaderScanner(try file.bytes(headerLength, at: 8, tensor: "header"))
        let header: (tensors: [(name: String, entry: HeaderScanner.Entry)], metadata: [String: String])
        do {
            header = try scanner.scan()
        } catch {
            throw .header(path: path, offset: 8 + error.offset, problem: error.problem)
        }
        metadata = header.metadata
        entries = try Self.check(header.tensors, dataSize: file.size - dataStart, path: path)
    }

    /// Turns the stated entries into ones that are known to fit the file.
    private static func check(
        _ tensors: [(name: String, entry: HeaderScanner.Entry)], dataSize: Int, path: String
    ) throws(WeightsError) -> [String: Entry] {
        var entries: [String: Entry] = [:]
        entries.reserveCapacity(tensors.count)
        for (name, stated) in tensors {
            func wrong(_ problem: String) -> WeightsError { .entry(path: path, tensor: name, problem: problem) }
            guard let type = TensorType(rawValue: stated.type) else {
                throw wrong("unknown type \"\(stated.type)\"")
            }
            guard stated.begin <= stated.end else {
                throw wrong("its data would end at \(stated.end), before it begins at \(stated.begin)")
            }
            guard stated.end <= dataSize else {
                throw wrong("its data would end at \(stated.end), the file's data ends at \(dataSize)")
            }
            var count = 1
            for side in stated.shape {
                let (product, overflow) = count.multipliedReportingOverflow(by: side)
                guard !overflow else { throw wrong("shape \(stated.shape) has more numbers than can be counted") }
                count = product
            }
            let (bits, overflow) = count.multipliedReportingOverflow(by: type.bits)
            guard !overflow, bits % 8 == 0, bits / 8 == stated.end - stated.begin else {
                throw wrong(
                    "shape \(stated.shape) of \(type.rawValue) needs \(overflow ? "more" : "\((bits + 7) / 8)") bytes, "
                        + "data_offsets give \(stated.end - stated.begin)")
            }
            entries[name] = Entry(
                name: name, type: type, shape: stated.shape, count: count, bytes: stated.begin..<stated.end)
        }

        var covered = 0
        var previous = "the header"
        for entry in entries.values.sorted(by: {
            ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name) < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
        }) {
            guard entry.bytes.lowerBound >= covered else {
                throw .entry(
                    path: path, tensor: entry.name,
                    problem: "its data begins at \(entry.bytes.lowerBound), inside that of \(previous)")
            }
            guard entry.bytes.lowerBound == covered else {
                throw .unusedBytes(path: path, after: previous, begin: covered, end: entry.bytes.lowerBound)
            }
            covered = entry.bytes.upperBound
            previous = "\"\(entry.name)\""
        }
        guard covered == dataSize else {
            throw .unusedBytes(path: path, after: previous, begin: covered, end: dataSize)
        }
        return entries
    }
}

// MARK: - Reading tensors

extension SafetensorsFile {
    /// Bytes read at a time where numbers are converted.
    private static let conversionBlock = 1 << 20

    /// A tensor's numbers as single-precision floats, row-major, exact for F32, F16 and BF16.
    ///
    /// - Throws: `WeightsError` where there is no such tensor, its type is another one, or reading fails. Numbers that
    ///   are infinite or not a number are returned as they are.
    public func floats(_ name: String) throws(WeightsError) -> [Float] {
        guard let entry = entries[name] else { throw .missing(path: path, tensor: name, expectedShape: []) }
        var values = [Float](repeating: 0, count: entry.count)
        switch entry.type {
        case .float32:
            try file.read(into: &values, at: dataStart + entry.bytes.lowerBound, tensor: name)
            #if _endian(big)
                for index in values.indices { values[index] = Float(bitPattern: values[index].bitPattern.byteSwapped) }
            #endif
        case .float16, .bfloat16:
            var done = 0
            while done < entry.count {
                let numbers = min(entry.count - done, Self.conversionBlock / 2)
                let bytes = try file.bytes(
                    numbers * 2, at: dataStart + entry.bytes.lowerBound + done * 2, tensor: name)
                for index in 0..<numbers {
                    let half = UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8
                    values[done + index] =
                        entry.type == .bfloat16
                        ? Float(bitPattern: UInt32(half) << 16) : Self.single(fromHalf: half)
                }
                done += numbers
            }
        default:
            throw .type(path: path, tensor: name, found: entry.type)
        }
        return values
    }

    /// A tensor's numbers as 64-bit integers; the tensor must be I64.
    ///
    /// - Throws: `WeightsError` as `floats(_:)` does.
    public func integers(_ name: String) throws(WeightsError) -> [Int64] {
        guard let entry = entries[name] else { throw .missing(path: path, tensor: name, expectedShape: []) }
        guard entry.type == .int64 else { throw .type(path: path, tensor: name, found: entry.type) }
        var values = [Int64](repeating: 0, count: entry.count)
        try file.read(into: &values, at: dataStart + entry.bytes.lowerBound, tensor: name)
        return values.map { Int64(littleEndian: $0) }
    }

    /// IEEE half to single precision without the `Float16` type, which not every platform has.
    static func single(fromHalf half: UInt16) -> Float {
        let sign = UInt32(half & 0x8000) << 16
        let exponent = UInt32(half >> 10) & 0x1F
        let fraction = UInt32(half & 0x3FF)
        switch exponent {
        case 0:
            // Zero and subnormals: fraction · 2⁻²⁴.
            let magnitude = Float(fraction) * 0x1p-24
            return Float(bitPattern: sign | magnitude.bitPattern)
        case 0x1F:
            return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default:
            return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}

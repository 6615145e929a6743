/// A safetensors file, open for reading, whose header has been checked against every rule of the format.
///
/// Source: https://github.com/huggingface/safetensors, README "Format" and safetensors/src/tensor.rs. A file is eight
/// bytes of header length (little-endian), the header (JSON, at most 100 MB), then the data, which the tensors cover
/// without gap or overlap.
///
/// The file is read with `pread`, never mapped: a mapped file that somebody truncates ends the process with SIGBUS,
/// a short read is an error.
public final class SafetensorsFile: TensorSource {
    /// The longest header the format allows.
    public static let maximumHeader = 100_000_000

    /// The path as it was given, for messages.
    public let path: String
    /// Every tensor by its name.
    public let entries: [String: TensorEntry]
    /// The header's `__metadata__`; empty where there is none.
    public let metadata: [String: String]
    /// Nothing: the format holds tensors only.
    let unreadable: [String: String] = [:]

    private let file: ReadOnlyFile
    private let dataStart: Int

    /// Opens a file and checks its header.
    ///
    /// - Throws: `WeightsError` naming the file, and the tensor where one is at fault.
    /// - Complexity: O(header), plus O(n log n) for n tensors; no tensor is read.
    public convenience init(path: String) throws(WeightsError) {
        try self.init(file: ReadOnlyFile(path: path))
    }

    /// Checks the header of a file that is open already.
    init(file: ReadOnlyFile) throws(WeightsError) {
        let path = file.path
        self.path = path
        self.file = file
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
    ) throws(WeightsError) -> [String: TensorEntry] {
        var entries: [String: TensorEntry] = [:]
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
            entries[name] = TensorEntry(
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
    /// A tensor's numbers as single-precision floats, row-major: exact for F32, F16 and BF16, rounded for F64.
    ///
    /// - Throws: `WeightsError` where there is no such tensor, its type is another one, or reading fails. Numbers that
    ///   are infinite or not a number are returned as they are.
    public func floats(_ name: String) throws(WeightsError) -> [Float] {
        guard let entry = entries[name] else { throw .missing(path: path, tensor: name, expectedShape: []) }
        return try file.floats(of: entry, dataStart: dataStart)
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
}

/// An `.npz` file of NumPy's or JAX's, open for reading: several arrays in one archive, stored or deflated.
///
/// Source: https://numpy.org/doc/stable/reference/generated/numpy.savez.html; the archive's rules stand at
/// `NpzDirectory`, the arrays' at `NpyHeader`. Every array's name, type, shape and size are checked when the file is
/// opened; its checksum when its numbers are read. Pickled arrays are refused: nothing is ever executed.
///
/// Names may have slashes, as in `Transformer/encoder_norm/scale`. They are keys and no paths.
public final class NpzFile: Sendable, TensorSource {
    /// The path as it was given, for messages.
    public let path: String
    /// Every array by its name, without `.npy`; its bytes are counted from its first number.
    public let entries: [String: TensorEntry]
    /// Always empty: the format has no place for metadata.
    public let metadata: [String: String] = [:]

    private let file: ReadOnlyFile
    private let sources: [String: Source]

    /// Where an array's numbers are.
    private struct Source {
        var member: NpzMember
        var isFortran: Bool
        /// Bytes of the member before the numbers.
        var headerCount: Int
    }

    /// Opens a file and checks what it says about its arrays.
    ///
    /// - Throws: `WeightsError` naming the file, and the entry where one is at fault.
    /// - Complexity: O(m log m) for m arrays, and the first few hundred bytes of each.
    public init(path: String) throws(WeightsError) {
        self.path = path
        file = try ReadOnlyFile(path: path)
        var entries: [String: TensorEntry] = [:]
        var sources: [String: Source] = [:]
        for member in try NpzDirectory(file: file).members {
            func wrong(_ problem: String) -> WeightsError { .entry(path: path, tensor: member.name, problem: problem) }
            guard member.name.hasSuffix(".npy"), member.name.utf8.count > 4 else {
                throw wrong("it is no array: its name does not end in .npy")
            }
            let name = String(member.name.dropLast(4))
            var reader = try NpzMemberReader(file: file, member: member)
            let header = try NpyHeader(from: &reader, path: path, name: member.name)
            var count = 1
            for side in header.shape {
                let (product, overflow) = count.multipliedReportingOverflow(by: side)
                guard !overflow else { throw wrong("shape \(header.shape) has more numbers than can be counted") }
                count = product
            }
            let (bytes, overflow) = count.multipliedReportingOverflow(by: header.type.bits / 8)
            guard !overflow, bytes == member.size - reader.done else {
                throw wrong(
                    "shape \(header.shape) of \(header.type.rawValue) needs \(overflow ? "more" : "\(bytes)") bytes, "
                        + "\(member.size - reader.done) are there")
            }
            entries[name] = TensorEntry(
                name: name, type: header.type, shape: header.shape, count: count, bytes: 0..<bytes)
            sources[name] = Source(member: member, isFortran: header.isFortran, headerCount: reader.done)
        }
        self.entries = entries
        self.sources = sources
    }

    /// An array's numbers as single-precision floats, row-major whatever their order in the file; exact for F32, F16
    /// and BF16, rounded to the nearest for F64.
    ///
    /// - Throws: `WeightsError` where there is no such array, its type is another one, its checksum is wrong, or
    ///   reading fails. Numbers that are infinite or not a number are returned as they are.
    public func floats(_ name: String) throws(WeightsError) -> [Float] {
        let (entry, source) = try found(name)
        var values: [Float] = []
        let type = entry.type
        guard [.float16, .bfloat16, .float32, .float64].contains(type) else {
            throw .type(path: path, tensor: name, found: type)
        }
        // A size that only the archive vouches for gets its memory as the numbers come.
        values.reserveCapacity(source.member.isDeflated ? min(entry.count, 1 << 22) : entry.count)
        try read(entry, source) { block, count in
            unsafe block.withUnsafeBytes { raw in
                switch type {
                case .float16:
                    for index in 0..<count {
                        values.append(ReadOnlyFile.single(fromHalf: unsafe Self.load(raw, index)))
                    }
                case .bfloat16:
                    for index in 0..<count {
                        let half: UInt16 = unsafe Self.load(raw, index)
                        values.append(Float(bitPattern: UInt32(half) << 16))
                    }
                case .float32:
                    for index in 0..<count { values.append(Float(bitPattern: unsafe Self.load(raw, index))) }
                default:
                    for index in 0..<count { values.append(Float(Double(bitPattern: unsafe Self.load(raw, index)))) }
                }
            }
        }
        return source.isFortran ? Self.rowMajor(values, shape: entry.shape) : values
    }

    /// An array's numbers as 64-bit integers, row-major; the array must be I64.
    ///
    /// - Throws: `WeightsError` as `floats(_:)` does, and where the array has Fortran's order and two dimensions or
    ///   more.
    public func integers(_ name: String) throws(WeightsError) -> [Int64] {
        let (entry, source) = try found(name)
        guard entry.type == .int64 else { throw .type(path: path, tensor: name, found: entry.type) }
        guard !source.isFortran || entry.shape.count < 2 else {
            throw .entry(path: path, tensor: name, problem: "integers in Fortran's order are not read")
        }
        var values: [Int64] = []
        try read(entry, source) { block, count in
            unsafe block.withUnsafeBytes { raw in
                for index in 0..<count { values.append(Int64(bitPattern: unsafe Self.load(raw, index))) }
            }
        }
        return values
    }
}

// MARK: - Bytes

extension NpzFile {
    /// Bytes read at a time; whole numbers of every type.
    private static let block = 1 << 18

    private func found(_ name: String) throws(WeightsError) -> (TensorEntry, Source) {
        guard let entry = entries[name], let source = sources[name] else {
            throw .missing(path: path, tensor: name, expectedShape: [])
        }
        return (entry, source)
    }

    /// Hands over an array's bytes in blocks of whole numbers, with how many numbers are in each; the checksum is known
    /// to be right when this returns.
    private func read(
        _ entry: TensorEntry, _ source: Source, _ take: ([UInt8], Int) -> Void
    ) throws(WeightsError) {
        let width = entry.type.bits / 8
        var reader = try NpzMemberReader(file: file, member: source.member)
        var block = [UInt8](repeating: 0, count: max(source.headerCount, min(Self.block, entry.bytes.count)))
        try reader.read(source.headerCount, into: &block)
        var done = 0
        while done < entry.count {
            let count = min(entry.count - done, block.count / width)
            try reader.read(count * width, into: &block)
            take(block, count)
            done += count
        }
        try reader.finish()
    }

    /// A little-endian number by its index.
    ///
    /// - Precondition: it lies inside the bytes.
    @inline(__always)
    private static func load<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ index: Int
    ) -> Number {
        let width = MemoryLayout<Number>.size
        return unsafe Number(littleEndian: bytes.loadUnaligned(fromByteOffset: index * width, as: Number.self))
    }

    /// Fortran's order is that of the transposed array.
    private static func rowMajor(_ values: [Float], shape: [Int]) -> [Float] {
        AxisOrder.permute(values, shape: shape.reversed(), axes: shape.indices.reversed())
    }
}

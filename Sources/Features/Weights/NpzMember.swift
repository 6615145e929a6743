/// One file inside an `.npz` archive: what the central directory states, confirmed by the header before its data.
///
/// Source: PKWARE, .ZIP File Format Specification (APPNOTE.TXT) 6.3.10, sections 4.3.7 and 4.3.12.
struct NpzMember: Equatable, Sendable {
    /// The whole name, as in `Transformer/encoder_norm/scale.npy`.
    ///
    /// It is a key and never a path: nothing is written to or read from a file of that name.
    let name: String
    /// Whether the data are compressed with deflate; else they are stored as they are.
    let isDeflated: Bool
    /// The CRC-32 of the data before compression.
    let checksum: UInt32
    /// Bytes in the archive.
    let compressedSize: Int
    /// Bytes before compression.
    let size: Int
    let flags: Int
    /// Where the header before the data begins, in bytes of the file.
    let headerStart: Int
    /// Where the data begin.
    private(set) var dataStart = 0

    /// The first byte after the data.
    var dataEnd: Int { dataStart + compressedSize }

    /// Deflate makes at most 258 bytes of 2 bits (RFC 1951, 3.2.5).
    static let maximumRatio = 1032
    /// The most that is inflated for one array: the largest matrix of any supported model, twice.
    static let maximumInflatedSize = 1 << 32

    /// The longest name in bytes; messages quote it.
    static let maximumName = 1024

    private static let isEncrypted = 1
    /// Sizes and checksum stand behind the data, because the archive was written to a pipe.
    private static let hasDescriptor = 1 << 3
    private static let isUTF8 = 1 << 11
    private static let knownFlags = hasDescriptor | isUTF8 | 0b110
    private static let allOnes = 0xFFFF_FFFF

    /// Reads an entry of the central directory at `position` and moves behind it.
    ///
    /// - Throws: `WeightsError` naming the entry.
    init(
        directory: NpzFields, position: inout Int, fileSize: Int, path: String, index: Int
    ) throws(WeightsError) {
        let start = position
        guard directory.four(at: start) == 0x0201_4B50, let flags = directory.two(at: start + 8),
            let method = directory.two(at: start + 10), let checksum = directory.four(at: start + 16),
            var compressedSize = directory.four(at: start + 20), var size = directory.four(at: start + 24),
            let nameCount = directory.two(at: start + 28), let extraCount = directory.two(at: start + 30),
            let commentCount = directory.two(at: start + 32), let disk = directory.two(at: start + 34),
            var headerStart = directory.four(at: start + 42),
            let nameBytes = directory.slice(nameCount, at: start + 46),
            let extra = directory.slice(extraCount, at: start + 46 + nameCount),
            directory.slice(commentCount, at: start + 46 + nameCount + extraCount) != nil
        else {
            throw .model(path: path, problem: "entry \(index + 1) of the archive's directory is damaged")
        }
        position = start + 46 + nameCount + extraCount + commentCount

        // Without the flag a name is in an encoding of the writer's choice; they agree on ASCII.
        guard nameCount <= Self.maximumName, let name = String(validating: nameBytes, as: UTF8.self), !name.isEmpty,
            !name.utf8.contains(0),
            flags & Self.isUTF8 != 0 || nameBytes.allSatisfy({ $0 < 0x80 })
        else {
            throw .model(path: path, problem: "entry \(index + 1) of the archive's directory has no readable name")
        }
        func wrong(_ problem: String) -> WeightsError { .entry(path: path, tensor: name, problem: problem) }
        guard flags & Self.isEncrypted == 0 else { throw wrong("it is encrypted") }
        guard flags & ~Self.knownFlags == 0 else { throw wrong("its flags are \(flags), which are not supported") }
        guard method == 0 || method == 8 else {
            throw wrong("its compression method is \(method), expected 0 (stored) or 8 (deflated)")
        }
        guard disk == 0 else { throw wrong("it lies on disk \(disk) of several") }

        guard var wide = NpzFields.zip64(in: extra)?[...] else { throw wrong("its extra fields are damaged") }
        // The 64-bit numbers are there for the fields that are all ones, in this order.
        if size == Self.allOnes, let first = wide.popFirst() { size = first }
        if compressedSize == Self.allOnes, let first = wide.popFirst() { compressedSize = first }
        if headerStart == Self.allOnes, let first = wide.popFirst() { headerStart = first }
        guard compressedSize <= fileSize, headerStart <= fileSize else {
            throw wrong("\(compressedSize) bytes at \(headerStart) do not fit a file of \(fileSize) bytes")
        }
        if method == 0 {
            guard compressedSize == size else {
                throw wrong("it is stored in \(compressedSize) bytes and has \(size)")
            }
        } else {
            let (most, overflow) = compressedSize.multipliedReportingOverflow(by: Self.maximumRatio)
            guard size <= Self.maximumInflatedSize, overflow || size <= most else {
                throw wrong("\(compressedSize) compressed bytes cannot make the \(size) that it states")
            }
        }
        self.name = name
        isDeflated = method == 8
        self.checksum = UInt32(truncatingIfNeeded: checksum)
        self.compressedSize = compressedSize
        self.size = size
        self.flags = flags
        self.headerStart = headerStart
    }

    /// Finds the data behind the member's own header, which has to say what the directory says.
    ///
    /// - Parameter limit: Where the central directory begins.
    /// - Throws: `WeightsError` naming the entry.
    mutating func locate(in file: ReadOnlyFile, limit: Int) throws(WeightsError) {
        let name = self.name
        func wrong(_ problem: String) -> WeightsError { .entry(path: file.path, tensor: name, problem: problem) }
        guard headerStart <= limit, limit - headerStart >= 30 else {
            throw wrong("its header at \(headerStart) does not lie before the archive's directory")
        }
        let fixed = NpzFields(try file.bytes(30, at: headerStart, tensor: name))
        guard fixed.four(at: 0) == 0x0403_4B50, let nameCount = fixed.two(at: 26), let extraCount = fixed.two(at: 28),
            nameCount + extraCount <= limit - headerStart - 30
        else { throw wrong("there is no header at \(headerStart)") }
        let text = NpzFields(try file.bytes(nameCount + extraCount, at: headerStart + 30, tensor: name))
        guard let nameBytes = text.slice(nameCount, at: 0), let extra = text.slice(extraCount, at: nameCount),
            nameBytes.elementsEqual(name.utf8), fixed.two(at: 6) == flags, fixed.two(at: 8) == (isDeflated ? 8 : 0)
        else { throw wrong("its header contradicts the archive's directory") }
        dataStart = headerStart + 30 + nameCount + extraCount
        guard compressedSize <= limit - dataStart else {
            throw wrong("its \(compressedSize) bytes reach into the archive's directory")
        }
        if flags & Self.hasDescriptor == 0 {
            guard var wide = NpzFields.zip64(in: extra)?[...] else { throw wrong("its extra fields are damaged") }
            var stated = fixed.four(at: 22)
            var compressed = fixed.four(at: 18)
            if stated == Self.allOnes, let first = wide.popFirst() { stated = first }
            if compressed == Self.allOnes, let first = wide.popFirst() { compressed = first }
            guard stated == size, compressed == compressedSize, fixed.four(at: 14) == Int(checksum) else {
                throw wrong("its header contradicts the archive's directory about its size or its checksum")
            }
        }
    }
}

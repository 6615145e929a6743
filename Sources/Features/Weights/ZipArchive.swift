/// The directory of a ZIP archive, read for the entries' places and checked so that no two of them overlap.
///
/// Source: PKWARE APPNOTE 6.3.10, §4.3.6–4.3.16 and §4.5.3 (ZIP64). Only what `torch.save` writes is supported: one
/// disk, and entries that are stored as they are. Other entries may be in the archive as long as nobody asks for them.
/// Names are compared, never used as paths.
struct ZipArchive: Sendable {
    /// One entry as the directory states it.
    struct Entry: Sendable {
        /// Offset of the local header in the file.
        let header: Int
        /// Bytes of the name.
        let nameLength: Int
        /// How the data is encoded; 0 is not at all.
        let method: Int
        /// Whether its bytes need a password.
        let isEncrypted: Bool
        /// Bytes in the archive.
        let stored: Int
        /// Bytes after decoding.
        let size: Int
        /// Where the next entry, or the directory, begins.
        var limit: Int

        /// The least that the entry can end at, its local header having at least the name; nil where that overflows.
        var end: Int? {
            let (named, overflow) = header.addingReportingOverflow(30 + nameLength)
            let (end, endOverflow) = named.addingReportingOverflow(stored)
            return overflow || endOverflow ? nil : end
        }
    }

    /// A directory of a hundred thousand entries; checkpoints have thousands.
    static let maximumDirectory = 1 << 24

    /// The entries by their names.
    let entries: [String: Entry]
    private let file: ReadOnlyFile

    /// Reads the directory.
    ///
    /// - Throws: `WeightsError.archive` where it is damaged, cut off or of a kind that is not supported.
    init(file: ReadOnlyFile) throws(WeightsError) {
        self.file = file
        let place = try ZipDirectoryPlace(in: file)
        func wrong(_ problem: String) -> WeightsError { .archive(path: file.path, problem: problem) }
        guard place.size <= Self.maximumDirectory else {
            throw wrong("its directory has \(place.size) bytes, at most \(Self.maximumDirectory) are read")
        }
        let bytes = try file.bytes(place.size, at: place.start, tensor: "ZIP directory")
        var found: [(name: String, entry: Entry)] = []
        var offset = 0
        for index in 0..<place.count {
            guard let (name, entry, next) = Self.entry(in: bytes, at: offset, directoryStart: place.start) else {
                throw wrong("entry \(index) of its directory is damaged")
            }
            guard let end = entry.end, end <= place.start else {
                throw wrong("entry \"\(name)\" would lie outside the archive's data")
            }
            found.append((name, entry))
            offset = next
        }
        guard offset == bytes.count else {
            throw wrong("its directory has \(bytes.count - offset) bytes more than its \(place.count) entries")
        }

        found.sort { ($0.entry.header, $0.name) < ($1.entry.header, $1.name) }
        var entries: [String: Entry] = [:]
        entries.reserveCapacity(found.count)
        for (index, (name, entry)) in found.enumerated() {
            var entry = entry
            if index + 1 < found.count {
                let next = found[index + 1]
                guard let end = entry.end, end <= next.entry.header else {
                    throw wrong("entries \"\(name)\" and \"\(next.name)\" overlap")
                }
                entry.limit = next.entry.header
            }
            guard entries.updateValue(entry, forKey: name) == nil else {
                throw wrong("two entries are called \"\(name)\"")
            }
        }
        self.entries = entries
    }

    /// Where an entry's bytes lie in the file; nil where there is no such entry.
    ///
    /// - Throws: `WeightsError.archive` where the entry is compressed, encrypted or contradicts its local header.
    func bytes(of name: String) throws(WeightsError) -> Range<Int>? {
        guard let entry = entries[name] else { return nil }
        func wrong(_ problem: String) -> WeightsError {
            .archive(path: file.path, problem: "entry \"\(name)\" \(problem)")
        }
        guard !entry.isEncrypted else { throw wrong("is encrypted") }
        guard entry.method == 0 else {
            throw wrong(
                "is compressed (method \(entry.method)), which torch.save never does; unpack the archive and pack it "
                    + "without compression (zip -0), or load and save it with PyTorch")
        }
        guard entry.stored == entry.size else {
            throw wrong("is stored as \(entry.stored) bytes and would have \(entry.size)")
        }
        // `end` lies inside the file, so the local header and a name of the stated length do.
        let local = try file.bytes(30 + entry.nameLength, at: entry.header, tensor: name)
        guard local.number(at: 0, width: 4) == 0x0403_4B50, local.number(at: 26, width: 2) == entry.nameLength,
            String(decoding: local[30...], as: UTF8.self) == name
        else { throw wrong("has another header than the directory says") }
        // No overflow: all three are far below 2⁶², the header and the size by the check of `end`.
        let start = entry.header + local.count + local.number(at: 28, width: 2)
        guard start + entry.size <= entry.limit else { throw wrong("runs into what follows it") }
        return start..<start + entry.size
    }

    /// One record of the directory and where the next begins; nil where it is damaged.
    private static func entry(
        in bytes: [UInt8], at offset: Int, directoryStart: Int
    ) -> (name: String, entry: Entry, next: Int)? {
        guard bytes.count - offset >= 46, bytes.number(at: offset, width: 4) == 0x0201_4B50 else { return nil }
        let nameLength = bytes.number(at: offset + 28, width: 2)
        let extraLength = bytes.number(at: offset + 30, width: 2)
        let extra = offset + 46 + nameLength
        let next = extra + extraLength + bytes.number(at: offset + 32, width: 2)
        guard next <= bytes.count else { return nil }
        // Sizes and offset, in the order in which ZIP64 repeats those that do not fit.
        var numbers = [24, 20, 42].map { bytes.number(at: offset + $0, width: 4) }
        guard widen(&numbers, in: bytes, extra..<extra + extraLength) else { return nil }
        let flags = bytes.number(at: offset + 8, width: 2)
        let entry = Entry(
            header: numbers[2], nameLength: nameLength, method: bytes.number(at: offset + 10, width: 2),
            isEncrypted: flags & 1 != 0, stored: numbers[1], size: numbers[0], limit: directoryStart)
        return (String(decoding: bytes[offset + 46..<extra], as: UTF8.self), entry, next)
    }

    /// Replaces the numbers that are marked as too large for 32 bits; false where their 64 bits are missing.
    private static func widen(_ numbers: inout [Int], in bytes: [UInt8], _ extra: Range<Int>) -> Bool {
        guard numbers.contains(0xFFFF_FFFF) else { return true }
        var offset = extra.lowerBound
        while extra.upperBound - offset >= 4 {
            let end = offset + 4 + bytes.number(at: offset + 2, width: 2)
            guard end <= extra.upperBound else { return false }
            if bytes.number(at: offset, width: 2) == 1 {
                offset += 4
                for index in numbers.indices where numbers[index] == 0xFFFF_FFFF {
                    guard end - offset >= 8, let value = bytes.wideNumber(at: offset) else { return false }
                    numbers[index] = value
                    offset += 8
                }
                return true
            }
            offset = end
        }
        return false
    }
}

extension [UInt8] {
    /// A little-endian number of at most four bytes.
    ///
    /// - Precondition: The bytes are there: whoever asks has compared sizes.
    func number(at offset: Int, width: Int) -> Int {
        self[offset..<offset + width].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// A little-endian number of eight bytes; nil where it is 2⁶³ or more.
    ///
    /// - Precondition: As for `number(at:width:)`.
    func wideNumber(at offset: Int) -> Int? {
        Int(exactly: self[offset..<offset + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}

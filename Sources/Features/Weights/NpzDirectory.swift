/// The files inside an `.npz` archive.
///
/// Source: PKWARE, .ZIP File Format Specification (APPNOTE.TXT) 6.3.10, sections 4.3.12 to 4.3.16. Of that, what
/// Python's `zipfile` writes for NumPy is read: one disk, no encryption, ZIP64 where sizes ask for it, the directory
/// right before the end record. Anything else is refused, so that no two readers can see different files in one
/// archive.
struct NpzDirectory {
    /// The members in the order of the directory, names unique, their bytes apart from each other.
    let members: [NpzMember]

    /// The most bytes a directory may have: a large model's has 50 KB.
    static let maximumSize = 1 << 24

    /// Where the directory lies and how many entries it has.
    private struct Place {
        var start: Int
        var size: Int
        var count: Int
    }

    /// Reads the directory and the header of each member.
    ///
    /// - Throws: `WeightsError` naming the file, and the entry where one is at fault.
    init(file: ReadOnlyFile) throws(WeightsError) {
        let path = file.path
        let place = try Self.place(in: file)
        guard place.size <= Self.maximumSize else {
            throw .model(
                path: path,
                problem: "the archive's directory has \(place.size) bytes; at most \(Self.maximumSize) are read")
        }
        guard place.count <= place.size / 46 else {
            throw .model(
                path: path, problem: "the archive's directory of \(place.size) bytes cannot have \(place.count) entries"
            )
        }
        let directory = NpzFields(try file.bytes(place.size, at: place.start, tensor: "archive's directory"))
        var members: [NpzMember] = []
        var names: Set<String> = []
        var position = 0
        for index in 0..<place.count {
            var member = try NpzMember(
                directory: directory, position: &position, fileSize: file.size, path: path, index: index)
            guard names.insert(member.name).inserted else {
                throw .entry(path: path, tensor: member.name, problem: "it is in the archive twice")
            }
            try member.locate(in: file, limit: place.start)
            members.append(member)
        }
        guard position == place.size else {
            throw .model(path: path, problem: "the archive's directory has bytes behind its \(place.count) entries")
        }
        self.members = members

        var previous: NpzMember?
        for member in members.sorted(by: { ($0.headerStart, $0.name) < ($1.headerStart, $1.name) }) {
            if let previous, member.headerStart < previous.dataEnd {
                throw .entry(path: path, tensor: member.name, problem: "it overlaps with \"\(previous.name)\"")
            }
            previous = member
        }
    }

    /// Finds the end record, which a comment of up to 65,535 bytes may follow, and reads it.
    private static func place(in file: ReadOnlyFile) throws(WeightsError) -> Place {
        func wrong(_ problem: String) -> WeightsError { .model(path: file.path, problem: problem) }
        let tailSize = min(file.size, 76 + 22 + 0xFFFF)
        let tailStart = file.size - tailSize
        let tail = NpzFields(try file.bytes(tailSize, at: tailStart, tensor: "archive's end"))
        var end = tailSize - 22
        while end >= 0, tail.four(at: end) != 0x0605_4B50 || tail.two(at: end + 20) != tailSize - 22 - end { end -= 1 }
        guard end >= 0, let count = tail.two(at: end + 10), let size = tail.four(at: end + 12),
            let start = tail.four(at: end + 16)
        else { throw wrong("not an .npz file: a ZIP archive's end is missing") }
        guard tail.two(at: end + 4) == 0, tail.two(at: end + 6) == 0, tail.two(at: end + 8) == count else {
            throw wrong("the archive is one of several disks")
        }
        if start + size == tailStart + end { return Place(start: start, size: size, count: count) }

        // ZIP64: a record of 56 bytes and its locator of 20 stand between the directory and the end record.
        let (locator, record) = (end - 20, end - 76)
        guard tail.four(at: locator) == 0x0706_4B50, tail.four(at: record) == 0x0606_4B50 else {
            throw wrong("the archive's directory does not end where its end record begins: bytes are missing or added")
        }
        guard tail.four(at: locator + 4) == 0, tail.eight(at: locator + 8) == tailStart + record,
            tail.four(at: locator + 16) == 1, tail.eight(at: record + 4) == 44, tail.four(at: record + 16) == 0,
            tail.four(at: record + 20) == 0, let wideCount = tail.eight(at: record + 32),
            tail.eight(at: record + 24) == wideCount, let wideSize = tail.eight(at: record + 40),
            let wideStart = tail.eight(at: record + 48)
        else { throw wrong("the archive's 64-bit end record is damaged") }
        let (wideEnd, overflow) = wideStart.addingReportingOverflow(wideSize)
        guard !overflow, wideEnd == tailStart + record, count == wideCount || count == 0xFFFF,
            size == wideSize || size == 0xFFFF_FFFF, start == wideStart || start == 0xFFFF_FFFF
        else { throw wrong("the archive's end records contradict each other") }
        return Place(start: wideStart, size: wideSize, count: wideCount)
    }
}

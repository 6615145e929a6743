import Foundation

/// Writes ZIP archives as `torch.save` does, and ones that lie.
struct TestArchive {
    struct Entry {
        var name: String
        var data: [UInt8]
        var method: UInt64 = 0
        var flags: UInt64 = 0
        /// What the directory says instead of the truth.
        var stored: UInt64?
        var size: UInt64?
        var header: UInt64?
        /// What the local header says instead of the name.
        var localName: String?
        /// The length of the local header's extra field, as it says; the truth is 0.
        var extra: UInt64 = 0
        /// Whether the directory states sizes and offset in a ZIP64 field.
        var isWide = false
    }

    var entries: [Entry] = []
    /// Whether the end has ZIP64 records, too.
    var isWide = false
    /// What the end says instead of the truth.
    var count: UInt64?
    var directorySize: UInt64?
    var directoryStart: UInt64?
    var disk: UInt64 = 0
    /// What the ZIP64 locator says instead of the truth.
    var wideEnd: UInt64?
    var comment: [UInt8] = []

    /// A checkpoint: its pickle, its storages by key, and a byte order.
    init(pickle: [UInt8], storages: [String: [UInt8]] = [:], order: String? = "little") {
        entries.append(Entry(name: "archive/data.pkl", data: pickle))
        if let order { entries.append(Entry(name: "archive/byteorder", data: Array(order.utf8))) }
        for (key, data) in storages.sorted(by: { $0.key < $1.key }) {
            entries.append(Entry(name: "archive/data/\(key)", data: data))
        }
    }

    static func number(_ value: UInt64, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let name = Array(entry.name.utf8)
            let localName = Array((entry.localName ?? entry.name).utf8)
            let count = UInt64(entry.data.count)
            let start = UInt64(file.count)
            file += [0x50, 0x4B, 3, 4] + Self.number(0, 22) + Self.number(UInt64(localName.count), 2)
            file += Self.number(entry.extra, 2) + localName + entry.data

            let numbers = [entry.size ?? count, entry.stored ?? count, entry.header ?? start]
            let narrow = entry.isWide ? [0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF] : numbers
            // An unknown field first, which readers step over.
            let extra =
                Self.number(0x5455, 2) + Self.number(1, 2) + [0] + Self.number(1, 2) + Self.number(24, 2)
                + numbers.flatMap { Self.number($0, 8) }
            directory += [0x50, 0x4B, 1, 2] + Self.number(0, 4) + Self.number(entry.flags, 2)
            directory += Self.number(entry.method, 2) + Self.number(0, 8)
            directory += Self.number(narrow[1], 4) + Self.number(narrow[0], 4) + Self.number(UInt64(name.count), 2)
            directory += Self.number(entry.isWide ? UInt64(extra.count) : 0, 2) + Self.number(0, 10)
            directory += Self.number(narrow[2], 4) + name + (entry.isWide ? extra : [])
        }
        let start = directoryStart ?? UInt64(file.count)
        let size = directorySize ?? UInt64(directory.count)
        let count = count ?? UInt64(entries.count)
        file += directory
        if isWide {
            let record = UInt64(file.count)
            file += [0x50, 0x4B, 6, 6] + Self.number(44, 8) + Self.number(0, 4) + Self.number(disk, 4)
            file += Self.number(disk, 4) + Self.number(count, 8) + Self.number(count, 8) + Self.number(size, 8)
            file += Self.number(start, 8)
            file += [0x50, 0x4B, 6, 7] + Self.number(0, 4) + Self.number(wideEnd ?? record, 8) + Self.number(1, 4)
            file += [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0xFF, count: 16)
        } else {
            file += [0x50, 0x4B, 5, 6] + Self.number(disk, 2) + Self.number(disk, 2) + Self.number(count, 2)
            file += Self.number(count, 2) + Self.number(size, 4) + Self.number(start, 4)
        }
        return file + Self.number(UInt64(comment.count), 2) + comment
    }
}

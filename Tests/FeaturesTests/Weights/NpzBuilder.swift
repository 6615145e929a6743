import Foundation

@testable import Features

/// Writes ZIP archives the plain way, and wrong ones where a test asks for it.
struct NpzBuilder {
    struct Member {
        var name: [UInt8]
        var data: [UInt8]
        var method = 0
        var flags = 0
        /// What the headers state, where it is not the truth.
        var checksum: UInt32?
        var size: Int?
        var localSize: Int?
        var localName: [UInt8]?
        /// The content the checksum is of, where `data` is compressed.
        var content: [UInt8]?
        var headerStart: Int?
        var centralExtra: [UInt8] = []

        init(_ name: String, _ data: [UInt8]) {
            self.name = Array(name.utf8)
            self.data = data
        }
    }

    var members: [Member]
    var comment: [UInt8] = []
    var prefix: [UInt8] = []
    var count: Int?
    /// Writes the 64-bit end record, with the old fields as Python writes them.
    var isWide = false

    static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// An array as NumPy writes it, with the dictionary given.
    static func array(_ dictionary: String, _ data: [UInt8] = [], version: [UInt8] = [1, 0]) -> [UInt8] {
        [0x93] + Array("NUMPY".utf8) + version + number(dictionary.utf8.count, version[0] > 1 ? 4 : 2)
            + Array(dictionary.utf8) + data
    }

    /// An array of little-endian floats.
    static func floats(_ values: [Float], shape: String) -> [UInt8] {
        array(
            "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }\n",
            values.flatMap { number(Int($0.bitPattern), 4) })
    }

    /// CRC-32 bit by bit, by its definition.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }

    /// A deflate stream of stored blocks (RFC 1951, 3.2.4): no compression needs to be right for it.
    static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(50)
            rest = rest.dropFirst(50)
            result += [rest.isEmpty ? 1 : 0] + number(block.count, 2) + number(~block.count, 2) + block
        } while !rest.isEmpty
        return result
    }

    var bytes: [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] { Self.number(value, count) }
        var result = prefix
        var directory: [UInt8] = []
        for member in members {
            let start = member.headerStart ?? result.count
            let checksum = number(Int(member.checksum ?? Self.checksum(member.content ?? member.data)), 4)
            let size = member.size ?? (member.content ?? member.data).count
            let name = member.localName ?? member.name
            result += [0x50, 0x4B, 3, 4] + number(20, 2) + number(member.flags, 2) + number(member.method, 2)
            result += number(0, 4) + checksum + number(member.data.count, 4) + number(member.localSize ?? size, 4)
            result += number(name.count, 2) + number(0, 2) + name + member.data
            directory += [0x50, 0x4B, 1, 2] + number(20, 2) + number(20, 2) + number(member.flags, 2)
            directory += number(member.method, 2) + number(0, 4) + checksum + number(member.data.count, 4)
            directory += number(size, 4) + number(member.name.count, 2) + number(member.centralExtra.count, 2)
            directory += number(0, 10) + number(start, 4) + member.name + member.centralExtra
        }
        let start = result.count
        let count = count ?? members.count
        result += directory
        if isWide {
            let record = result.count
            result += [0x50, 0x4B, 6, 6] + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 8)
            result += number(count, 8) + number(count, 8) + number(directory.count, 8) + number(start, 8)
            result += [0x50, 0x4B, 6, 7] + number(0, 4) + number(record, 8) + number(1, 4)
        }
        result += [0x50, 0x4B, 5, 6] + number(0, 4) + number(count, 2) + number(count, 2) + number(directory.count, 4)
        return result + number(start, 4) + number(comment.count, 2) + comment
    }

    /// Opens the archive and reads all floats in it.
    func read() throws -> [String: [Float]] { try Self.read(bytes) }

    static func read(_ bytes: [UInt8]) throws -> [String: [Float]] {
        try TestData.withFolder { folder in
            let path = folder + "/model.npz"
            try Data(bytes).write(to: URL(filePath: path))
            let file = try NpzFile(path: path)
            var result: [String: [Float]] = [:]
            for name in file.entries.keys { result[name] = try file.floats(name) }
            return result
        }
    }
}

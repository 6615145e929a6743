import Foundation
import Geometry
import Testing

@testable import Features

/// Archives that lie about themselves are refused with an error that says how, and never trap.
struct ZipArchiveTests {
    private static let floats = [UInt8](repeating: 0x3C, count: 16)
    private static let pickle = TestPickle.file(
        TestPickle.dictionary([(TestPickle.text("a"), TestPickle.tensor())]))

    private static func archive() -> TestArchive { TestArchive(pickle: pickle, storages: ["0": floats]) }

    private func open(_ bytes: [UInt8]) throws -> TorchFile {
        try TestData.withFolder { folder in
            let path = folder + "/made.pth"
            try Data(bytes).write(to: URL(filePath: path))
            let file = try TorchFile(path: path)
            for name in file.entries.keys { _ = try file.floats(name) }
            return file
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var says = ""
        let change: @Sendable (inout TestArchive) -> Void
    }

    @Test(arguments: [
        Case(testDescription: "as it is") { _ in },
        // What torch.save writes beyond 4 GB, and always at the end.
        Case(testDescription: "ZIP64 end") { $0.isWide = true },
        Case(testDescription: "ZIP64 entries") { archive in
            for index in archive.entries.indices { archive.entries[index].isWide = true }
        },
        Case(testDescription: "a comment") { $0.comment = Array("PK\u{5}\u{6} and more of this and that".utf8) },
        Case(testDescription: "a comment that looks like an end") {
            $0.comment = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 30)
        },
        // Before PyTorch 2.1.
        Case(testDescription: "no byte order") {
            $0 = TestArchive(pickle: pickle, storages: ["0": floats], order: nil)
        },
        // Names are no paths; compressed entries that nobody needs are left alone.
        Case(testDescription: "names that climb") {
            $0.entries.append(.init(name: "../../../etc/passwd", data: [1]))
            $0.entries.append(.init(name: "/etc/passwd", data: [1]))
            $0.entries.append(.init(name: "", data: []))
        },
        Case(testDescription: "compressed source") {
            $0.entries.append(.init(name: "archive/code/a.py", data: [3], method: 8))
        },
        Case(testDescription: "a pickle further down") {
            $0.entries.append(.init(name: "archive/code/data.pkl", data: []))
        },
    ])
    func `An archive that keeps to the format is read`(_ item: Case) throws {
        var archive = Self.archive()
        item.change(&archive)
        #expect(Array(try open(archive.bytes).entries.keys) == ["a"])
    }

    @Test(arguments: [
        // Entries.
        Case(testDescription: "compressed data", says: "\"archive/data/0\" is compressed (method 8)") {
            $0.entries[2].method = 8
        },
        Case(testDescription: "compressed pickle", says: "\"archive/data.pkl\" is compressed") {
            $0.entries[0].method = 8
        },
        Case(testDescription: "encrypted", says: "is encrypted") { $0.entries[2].flags = 1 },
        Case(testDescription: "lies about its size", says: "is stored as 16 bytes and would have 4294967294") {
            $0.entries[2].size = 0xFFFF_FFFE
        },
        Case(testDescription: "longer than the archive", says: "outside the archive's data") {
            $0.entries[2].stored = 1 << 20
        },
        Case(testDescription: "longer than the next", says: "overlap") {
            $0.entries[0].stored = UInt64(pickle.count) + 1
        },
        Case(testDescription: "same place", says: "overlap") { $0.entries[1].header = 0 },
        Case(testDescription: "beyond the end", says: "outside the archive's data") { $0.entries[2].header = 1 << 30 },
        Case(testDescription: "beyond 2^63", says: "is damaged") {
            $0.entries[2].header = 1 << 63
            $0.entries[2].isWide = true
        },
        Case(testDescription: "overflows", says: "outside the archive's data") {
            $0.entries[2].header = UInt64(Int.max)
            $0.entries[2].isWide = true
        },
        Case(testDescription: "sizes overflow", says: "outside the archive's data") {
            $0.entries[2].stored = UInt64(Int.max)
            $0.entries[2].size = UInt64(Int.max)
            $0.entries[2].isWide = true
        },
        Case(testDescription: "marked as wide, and is not", says: "is damaged") { $0.entries[2].size = 0xFFFF_FFFF },
        Case(testDescription: "another name inside", says: "another header") {
            $0.entries[2].localName = "archive/data/1"
        },
        Case(testDescription: "a longer name inside", says: "another header") {
            $0.entries[0].localName = "archive/data.pkl2"
        },
        Case(testDescription: "extra field too long", says: "runs into") { $0.entries[2].extra = 65_535 },
        Case(testDescription: "name twice", says: "two entries are called \"archive/byteorder\"") {
            $0.entries.append($0.entries[1])
        },
        // Contents.
        Case(testDescription: "no pickle", says: "0 entries are called") { $0.entries[0].name = "archive/data.txt" },
        Case(testDescription: "pickle at the top", says: "0 entries are called") { $0.entries[0].name = "data.pkl" },
        Case(testDescription: "two pickles", says: "2 entries are called") {
            $0.entries.append(.init(name: "other/data.pkl", data: []))
        },
        Case(testDescription: "empty pickle", says: "ends in the middle") { $0.entries[0].data = [] },
        Case(testDescription: "no data", says: "storage \"0\" is not in the file") { $0.entries.removeLast() },
        Case(testDescription: "short data", says: "15 bytes, 4 numbers of 4") { $0.entries[2].data.removeLast() },
        Case(testDescription: "big-endian", says: "byte order is \"big\"") { $0.entries[1].data = Array("big".utf8) },
        Case(testDescription: "endless byte order", says: "byte order is \"aaaaaaaaaaaaaaaa\"") {
            $0.entries[1].data = [UInt8](repeating: 0x61, count: 100_000)
        },
        // The end.
        Case(testDescription: "directory too long", says: "outside the file") { $0.directorySize = 1 << 20 },
        Case(testDescription: "directory beyond", says: "outside the file") { $0.directoryStart = 1 << 30 },
        Case(testDescription: "directory elsewhere", says: "is damaged") { $0.directoryStart = 0 },
        Case(testDescription: "too few entries", says: "bytes more than its 2 entries") { $0.count = 2 },
        Case(testDescription: "too many entries", says: "no room for 65000") { $0.count = 65_000 },
        Case(testDescription: "one entry more", says: "entry 3 of its directory") { $0.count = 4 },
        Case(testDescription: "no entries", says: "more than its 0 entries") { $0.count = 0 },
        Case(testDescription: "second disk", says: "several disks") { $0.disk = 1 },
        Case(testDescription: "ZIP64 directory beyond", says: "outside the file") {
            $0.isWide = true
            $0.directoryStart = .max
        },
        Case(testDescription: "ZIP64 directory overflows", says: "outside the file") {
            $0.isWide = true
            $0.directorySize = UInt64(Int.max)
        },
        Case(testDescription: "ZIP64 entries overflow", says: "no room for") {
            $0.isWide = true
            $0.count = UInt64(Int.max)
        },
        Case(testDescription: "ZIP64 second disk", says: "several disks") {
            $0.isWide = true
            $0.disk = 1
        },
        Case(testDescription: "ZIP64 end beyond", says: "ZIP64 record would lie outside") {
            $0.isWide = true
            $0.wideEnd = .max
        },
        Case(testDescription: "ZIP64 end elsewhere", says: "ZIP64 record is damaged") {
            $0.isWide = true
            $0.wideEnd = 3
        },
    ])
    func `An archive that lies is refused`(_ item: Case) throws {
        var archive = Self.archive()
        item.change(&archive)
        let error = try #require(throws: WeightsError.self) { try open(archive.bytes) }
        #expect(error.description.contains(item.says), "\(error)")
        #expect(error.category == .badData)
    }

    @Test
    func `A directory that is larger than any model's is refused before it is read`() throws {
        try TestData.withFolder { folder in
            let path = folder + "/huge.pth"
            // Its bytes are a hole in the file: nothing but the end record says that there is a directory.
            let size = ZipArchive.maximumDirectory + 46
            var archive = Self.archive()
            archive.entries.removeLast(2)
            var bytes = archive.bytes.prefix(200)
            bytes += [UInt8](repeating: 0, count: size)
            bytes += [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0]
            bytes += TestArchive.number(UInt64(size), 4) + TestArchive.number(200, 4) + [0, 0]
            try Data(bytes).write(to: URL(filePath: path))
            let error = try #require(throws: WeightsError.self) { try TorchFile(path: path) }
            #expect(error.description.contains("at most \(ZipArchive.maximumDirectory) are read"), "\(error)")
        }
    }

    @Test
    func `An archive that is cut off is called incomplete`() throws {
        let bytes = Self.archive().bytes
        for count in 4..<bytes.count {
            let error = try #require(throws: WeightsError.self) { try open(Array(bytes.prefix(count))) }
            #expect(error.description.contains("fetch it again"), "\(error)")
        }
    }

    @Test
    func `An empty archive is not a checkpoint`() throws {
        var archive = Self.archive()
        archive.entries = []
        // Without a first entry the file does not even begin as an archive of entries does.
        #expect(throws: WeightsError.self) { try open(archive.bytes) }
    }
}

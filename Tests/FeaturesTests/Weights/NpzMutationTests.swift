import Foundation
import Geometry
import Testing

@testable import Features

/// Valid archives with each byte changed, and cut at each place: refused, or read as before; never trapped.
struct NpzMutationTests {
    /// All arrays of floats by name.
    private static func read(_ path: String) throws -> [String: [Float]] {
        let file = try NpzFile(path: path)
        var result: [String: [Float]] = [:]
        for (name, entry) in file.entries where entry.type != .int64 { result[name] = try file.floats(name) }
        return result
    }

    @Test(arguments: ["stored.npz", "deflated.npz", "versions.npz"], [UInt8(0xFF), 0x01])
    func `A changed byte is noticed or changes nothing`(name: String, mask: UInt8) throws {
        let path = NpzFileTests.fixture(name)
        let bytes = try Data(contentsOf: URL(filePath: path))
        let expected = try Self.read(path)
        try TestData.withFolder { folder in
            let copy = folder + "/damaged.npz"
            try bytes.write(to: URL(filePath: copy))
            let file = try FileHandle(forUpdating: URL(filePath: copy))
            var harmless = 0
            for place in 0..<bytes.count {
                try file.seek(toOffset: UInt64(place))
                try file.write(contentsOf: [bytes[place] ^ mask])
                if let found = try? Self.read(copy) {
                    // Integers are not compared: their checksums are not looked at here.
                    #expect(found == expected, "byte \(place)")
                    harmless += 1
                }
                try file.seek(toOffset: UInt64(place))
                try file.write(contentsOf: [bytes[place]])
            }
            // Dates, versions and attributes, which nobody looks at, are a small part.
            #expect(harmless < bytes.count / 2)
            #expect(try Self.read(copy) == expected, "the last byte was put back")
        }
    }

    @Test
    func `A changed byte of the 64-bit end record is noticed or changes nothing`() throws {
        let member = NpzBuilder.Member("a.npy", NpzBuilder.floats([1, 2], shape: "(2,)"))
        let bytes = NpzBuilder(members: [member], isWide: true).bytes
        for place in bytes.indices.suffix(98) {
            for mask in [UInt8(0xFF), 0x01, 0x80] {
                var damaged = bytes
                damaged[place] ^= mask
                if let found = try? NpzBuilder.read(damaged) { #expect(found == ["a": [1, 2]], "byte \(place)") }
            }
        }
    }

    @Test(arguments: ["stored.npz", "deflated.npz", "versions.npz", "bomb.npz"])
    func `A cut file is refused`(name: String) throws {
        let bytes = try Data(contentsOf: URL(filePath: NpzFileTests.fixture(name)))
        try TestData.withFolder { folder in
            let copy = folder + "/cut.npz"
            try bytes.write(to: URL(filePath: copy))
            let file = try FileHandle(forUpdating: URL(filePath: copy))
            for count in (0..<bytes.count).reversed() {
                try file.truncate(atOffset: UInt64(count))
                #expect(throws: WeightsError.self, "\(count) bytes") { try NpzFile(path: copy) }
            }
        }
    }

    @Test(arguments: 0..<8)
    func `Random damage is read or refused`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let names = ["stored.npz", "deflated.npz", "versions.npz", "bomb.npz"]
        let valid = try Data(contentsOf: URL(filePath: NpzFileTests.fixture(names[seed % names.count])))
        for _ in 0..<200 {
            var bytes = [UInt8](valid)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[place] = .random(in: 0 ... .max, using: &random)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: bytes.remove(at: place)
                case 3: bytes.insert(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF], at: place)
                default: bytes.replaceSubrange(place..<min(place + 8, bytes.count), with: [0xFF])
                }
            }
            _ = try? NpzBuilder.read(bytes)
        }
    }
}

import Foundation
import Geometry
import Testing

@testable import Features

/// Valid files with damage done to them at random, the same every time: read or refused, never trapped.
struct SafetensorsMutationTests {
    /// What a damaged header is made of: bytes and words that mean something to the format.
    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "-", "0", "9223372036854775807",
        "18446744073709551616", "1e19", "F32", "I64", "dtype", "shape", "data_offsets", "__metadata__", "null", "\u{0}",
        "\u{FEFF}", " ",
    ].map { Array($0.utf8) }

    private static let valid: [UInt8] = {
        let header =
            #"{"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"#
            + #""y":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]},"z":{"dtype":"I64","shape":[],"data_offsets":[22,30]}}"#
        return SafetensorsHeaderTests.prefix(UInt64(header.utf8.count)) + Array(header.utf8)
            + [UInt8](repeating: 0x3C, count: 30)
    }()

    @Test
    func `The undamaged file is read`() throws {
        #expect(try Self.outcome(of: Self.valid) == 3)
    }

    @Test(arguments: 0..<20)
    func `Random damage is read or refused`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<500 {
            var bytes = Self.valid
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                guard !bytes.isEmpty else { break }
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<6, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0 ... .max, using: &random)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: bytes.remove(at: place)
                case 3: bytes.removeLast(bytes.count - place)
                case 4: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
                default:
                    // The length in front follows the damage, so that the header behind it is looked at.
                    let length = bytes.count - 38
                    if length > 0 { bytes.replaceSubrange(0..<8, with: SafetensorsHeaderTests.prefix(UInt64(length))) }
                }
            }
            _ = try? Self.outcome(of: bytes)
        }
    }

    /// How many tensors could be read.
    private static func outcome(of bytes: [UInt8]) throws -> Int {
        try TestData.withFolder { folder in
            let path = folder + "/damaged.safetensors"
            try Data(bytes).write(to: URL(filePath: path))
            let file = try SafetensorsFile(path: path)
            for (name, entry) in file.entries {
                switch entry.type {
                case .float32, .float16, .bfloat16, .float64: _ = try file.floats(name)
                case .int64: _ = try file.integers(name)
                default: #expect(throws: WeightsError.self) { try file.floats(name) }
                }
            }
            return file.entries.count
        }
    }
}

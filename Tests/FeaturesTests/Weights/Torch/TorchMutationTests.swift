import Foundation
import Geometry
import Testing

@testable import Features

/// Files of PyTorch's with damage done to them, the same every time: read or refused, never trapped.
struct TorchMutationTests {
    /// Opens a file and reads every tensor.
    ///
    /// - Returns: How many tensors could be read; nil where the file was refused.
    @discardableResult
    private static func outcome(of bytes: [UInt8], path: String) throws -> Int? {
        try Data(bytes).write(to: URL(filePath: path))
        do throws(WeightsError) {
            let file = try TorchFile(path: path)
            var size = 0
            for (name, entry) in file.entries {
                if let values = try? file.floats(name) { #expect(values.count == entry.count) }
                size += entry.count * entry.type.bits / 8
            }
            #expect(size <= bytes.count * TorchFile.maximumSharing, "memory is in proportion to the file")
            return file.entries.count
        } catch {
            #expect(error.description.utf8.count < 20_000)
            return nil
        }
    }

    @Test(arguments: ["plain.pth", "plain-legacy.pth"])
    func `Any byte may be any other`(name: String) throws {
        let valid = try TorchGolden.bytes(name)
        try TestData.withFolder { folder in
            let path = folder + "/damaged.pth"
            #expect(try Self.outcome(of: valid, path: path) == 2)
            for place in valid.indices {
                for change: UInt8 in [0xFF, 1 << UInt8(place % 8)] {
                    var bytes = valid
                    bytes[place] ^= change
                    try Self.outcome(of: bytes, path: path)
                }
            }
        }
    }

    @Test(arguments: ["plain.pth", "plain-legacy.pth"])
    func `A file that is cut off anywhere is refused`(name: String) throws {
        let valid = try TorchGolden.bytes(name)
        try TestData.withFolder { folder in
            for count in valid.indices {
                let read = try Self.outcome(of: Array(valid.prefix(count)), path: folder + "/cut.pth")
                #expect(read == nil, "\(count) bytes")
            }
        }
    }

    /// What damaged pickles are made of: instructions, and counts that are too large.
    private static let pieces: [[UInt8]] = [
        [0x28], [0x74], [0x75], [0x73], [0x61], [0x65], [0x52], [0x51], [0x62], [0x81], [0x85], [0x86], [0x87], [0x7D],
        [0x29], [0x5D], [0x2E], [0x30], [0x4E], [0x68, 0], [0x71, 0], [0x94], [0x4A, 0xFF, 0xFF, 0xFF, 0x7F],
        [0x4B, 0],
        [0x8A, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0x58, 0xFF, 0xFF, 0xFF, 0xFF], [0x4D, 0xFF, 0xFF],
        TestPickle.global("os", "system"), TestPickle.global("torch._utils", "_rebuild_tensor_v2"),
        TestPickle.global("torch", "DoubleStorage"), TestPickle.text("storage"),
    ]

    @Test(arguments: 0..<10)
    func `Random damage is read or refused`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        // A sequence has no directory that an insertion would break: what is damaged is read on.
        let valid = try TorchGolden.bytes(seed.isMultiple(of: 2) ? "plain-legacy.pth" : "views-legacy.pth")
        try TestData.withFolder { folder in
            for _ in 0..<100 {
                var bytes = valid
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    guard bytes.count > 16 else { break }
                    let place = Int.random(in: 15..<bytes.count, using: &random)
                    switch Int.random(in: 0..<5, using: &random) {
                    case 0: bytes[place] = UInt8.random(in: 0 ... .max, using: &random)
                    case 1: bytes.remove(at: place)
                    case 2: bytes.removeSubrange(place..<min(place + 8, bytes.count))
                    case 3: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
                    default:
                        let from = Int.random(in: 15..<bytes.count, using: &random)
                        let piece = Array(bytes[from..<min(from + 12, bytes.count)])
                        bytes.insert(contentsOf: piece, at: place)
                    }
                }
                try Self.outcome(of: bytes, path: folder + "/damaged.pth")
            }
        }
    }

    @Test(arguments: 0..<10)
    func `Random damage to a pickle in a sound archive is read or refused`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let tensor = TestPickle.dictionary([
            (TestPickle.text("a"), TestPickle.tensor()),
            (TestPickle.text("b"), TestPickle.tensor(shape: [2], strides: [2])),
        ])
        let valid = TestPickle.file(tensor)
        try TestData.withFolder { folder in
            for _ in 0..<100 {
                var pickle = valid
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let place = Int.random(in: 0..<pickle.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: pickle[place] = UInt8.random(in: 0 ... .max, using: &random)
                    case 1 where pickle.count > 1: pickle.remove(at: place)
                    default: pickle.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
                    }
                }
                let archive = TestArchive(pickle: pickle, storages: ["0": [UInt8](repeating: 1, count: 16)])
                try Self.outcome(of: archive.bytes, path: folder + "/damaged.pth")
            }
        }
    }
}

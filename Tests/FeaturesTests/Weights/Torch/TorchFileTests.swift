import Foundation
import Geometry
import Testing

@testable import Features

/// Files that PyTorch wrote, in every way it writes them, hold what PyTorch put into them.
struct TorchFileTests {
    @Test(arguments: [
        // A state dict as each protocol and each format has it.
        "plain.pth", "protocol4.pth", "protocol5.pth", "plain-legacy.pth",
        // Every type of number that weights or counters have.
        "types.pth",
        // Views: parts, transposed, with steps, repeated; all of one storage.
        "views.pth", "views-legacy.pth", "expanded.pth",
        // Parameters, lists, keys that are numbers, tied weights.
        "parameters.pth",
        // Dictionaries in dictionaries, and DataParallel's prefix.
        "nested.pth", "parallel.pth",
        // Options, an optimizer, a scheduler, numbers of NumPy, sets, bytes, large integers.
        "training.pth", "training-legacy.pth",
        // Whole modules, pickled and compiled.
        "module.pth", "script.pt",
    ])
    func `A file of PyTorch's holds what PyTorch saved`(name: String) throws {
        let golden = try #require(try TorchGolden.files()[name])
        let path = TorchGolden.path(name)
        let file = try TorchFile(path: path)
        for (key, expected) in golden.tensors {
            guard let entry = file.entries[key] else {
                Issue.record("\(key) is missing; there are \(file.entries.keys.sorted())")
                continue
            }
            #expect(entry.name == key)
            #expect(entry.shape == expected.shape, "\(key)")
            #expect(entry.type.rawValue == expected.type, "\(key)")
            #expect(entry.count == expected.values.count, "\(key)")
            switch entry.type {
            case .float32, .float16, .bfloat16, .float64:
                #expect(try file.floats(key) == expected.values.map { Float($0) }, "\(key)")
            default:
                #expect(throws: WeightsError.type(path: path, tensor: key, found: entry.type)) { try file.floats(key) }
            }
        }
        for key in golden.unreadable {
            let reason = try #require(file.unreadable[key])
            #expect(throws: WeightsError.entry(path: path, tensor: key, problem: reason)) { try file.floats(key) }
        }
        #expect(throws: WeightsError.missing(path: path, tensor: "nowhere", expectedShape: [])) {
            try file.floats("nowhere")
        }
        #expect(file.metadata.isEmpty)
    }

    @Test
    func `Every golden file is compared`() throws {
        #expect(try TorchGolden.files().count == 15)
    }

    @Test
    func `Only tensors are listed`() throws {
        let names = Set(try TorchFile(path: TorchGolden.path("nested.pth")).entries.keys)
        #expect(
            names == ["teacher.weight", "teacher.bias", "student.inner.weight", "student.inner.bias"],
            "no epoch, no name, no _metadata of the state dict")
    }

    @Test
    func `Views that do not lie in one piece say so`() throws {
        let entries = try TorchFile(path: TorchGolden.path("views.pth")).entries
        #expect(entries["all"]?.strides == nil && entries["part"]?.strides == nil)
        #expect(entries["transposed"]?.strides == [1, 6])
        #expect(entries["repeated"]?.strides == [0, 0])
    }

    @Test
    func `The format is told by content, not by name`() throws {
        try TestData.withFolder { folder in
            for (name, format) in [
                ("plain.pth", WeightsFormat.torchArchive), ("plain-legacy.pth", .torchSequence),
                ("vit.safetensors", .safetensors),
            ] {
                let path = folder + "/model.bin"
                try Data(TorchGolden.bytes(name)).write(to: URL(filePath: path))
                #expect(try WeightsFormat(of: ReadOnlyFile(path: path)) == format)
                #expect(try WeightsFormat.open(path: path).entries.isEmpty == false)
            }
            #expect(throws: WeightsError.self) { try TorchFile(path: TorchGolden.path("vit.safetensors")) }
            // Too short for any format.
            try Data([0x50]).write(to: URL(filePath: folder + "/short"))
            #expect(throws: WeightsError.tooShort(path: folder + "/short", bytes: 1)) {
                try WeightsFormat.open(path: folder + "/short")
            }
        }
    }

    @Test(arguments: [
        // Another byte order, in each format's own place.
        ("plain.pth", "little", "biggie", "\"biggie\""),
        ("plain-legacy.pth", "little_endian", "little_indian", "big-endian"),
        // A version that does not exist: 1001 is 0x03E9.
        ("plain-legacy.pth", "M\u{E9}\u{3}", "M\u{EA}\u{3}", "1002"),
    ])
    func `Files of other machines are refused`(name: String, from: String, to: String, says: String) throws {
        try TestData.withFolder { folder in
            func latin(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }
            var bytes = try TorchGolden.bytes(name)
            let place = try #require(bytes.firstRange(of: latin(from)))
            bytes.replaceSubrange(place, with: latin(to))
            let path = folder + "/other.pth"
            try Data(bytes).write(to: URL(filePath: path))
            let error = try #require(throws: WeightsError.self) { try TorchFile(path: path) }
            #expect(error.description.contains(says), "\(error)")
            #expect(error.category == .badData)
        }
    }

    @Test
    func `A file cut off while it is read is an error, not a signal`() throws {
        try TestData.withFolder { folder in
            let path = folder + "/cut.pth"
            try Data(TorchGolden.bytes("plain.pth")).write(to: URL(filePath: path))
            let file = try TorchFile(path: path)
            let cut = unsafe truncate(path, 100)
            #expect(cut == 0)
            let error = try #require(throws: WeightsError.self) { try file.floats("weight") }
            guard case .truncated(path, "weight", 48, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}

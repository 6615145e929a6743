import Foundation
import Geometry
import Testing

@testable import Features

/// Several safetensors files and an index as one source of tensors.
struct ShardedSafetensorsTests {
    private static let first = "model-00001-of-00002.safetensors"
    private static let second = "model-00002-of-00002.safetensors"
    private static let map = ["a": first, "b": second, "c": second]

    /// Two shards: `a` in the first; `b` and `c` in the second.
    private static func write(
        to folder: String, index: String? = nil, map: [String: String] = Self.map, shards: [String: [String]]? = nil
    ) throws {
        for (file, names) in shards ?? [first: ["a"], second: ["b", "c"]] {
            try TinyCheckpoint.write(
                Dictionary(uniqueKeysWithValues: names.map { ($0, tensor($0)) }), to: folder + "/" + file,
                metadata: ["format": "pt", "part": file])
        }
        let entries = map.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ")
        let text =
            index ?? "{\"metadata\": {\"total_size\": 52, \"note\": \"hi\"}, \"weight_map\": {\(entries)}}"
        try Data(text.utf8).write(to: URL(filePath: folder + "/" + ShardedSafetensors.indexName))
    }

    private static func tensor(_ name: String) -> (shape: [Int], values: [Float]) {
        switch name {
        case "a": ([2, 3], [1, 2, 3, 4, 5, 6])
        case "b": ([3, 1], [7, 8, 9])
        default: ([4], [-1, -2, -3, -4])
        }
    }

    @Test(arguments: ["", "/", "/" + ShardedSafetensors.indexName])
    func `A folder and its index are the same model`(suffix: String) throws {
        try TestData.withFolder { folder in
            try Self.write(to: folder)
            let model = try ShardedSafetensors(path: folder + suffix)
            #expect(model.path.hasSuffix("/" + ShardedSafetensors.indexName))
            #expect(model.entries.keys.sorted() == ["a", "b", "c"])
            for (name, entry) in model.entries {
                let expected = Self.tensor(name)
                #expect(entry.shape == expected.shape && entry.type == .float32 && entry.name == name)
                #expect(try model.floats(name) == expected.values)
            }
            // The shards agree about "format" only; numbers are no metadata.
            #expect(model.metadata == ["format": "pt", "note": "hi"])
            #expect(throws: WeightsError.missing(path: model.path, tensor: "d", expectedShape: [])) {
                try model.floats("d")
            }
            #expect(throws: WeightsError.self) { try model.integers("a") }
        }
    }

    @Test
    func `A single file in the folder is the model`() throws {
        try TestData.withFolder { folder in
            let path = folder + "/" + ShardedSafetensors.singleName
            try TinyCheckpoint.write(["x": ([2], [1, 2])], to: path, metadata: ["format": "pt"])
            let model = try ShardedSafetensors(path: folder)
            #expect(model.entries.keys.sorted() == ["x"] && model.metadata == ["format": "pt"])
            #expect(try model.floats("x") == [1, 2])
            // As for Hugging Face's libraries, it comes before an index.
            try Self.write(to: folder)
            #expect(try ShardedSafetensors(path: folder).entries.keys.sorted() == ["x"])
        }
    }

    @Test
    func `An index in the working folder needs no slash`() throws {
        #expect(ShardIndex.isPlain("model-00001-of-00002.safetensors") && ShardIndex.isPlain("a..b.safetensors"))
        let error = try #require(throws: WeightsError.self) { try ShardedSafetensors(path: "no such index.json") }
        #expect(error.category == .noInput)
    }

    @Test(arguments: [
        "../model.safetensors", "/etc/model.safetensors", "a/b.safetensors", "..", ".", "", ".safetensors",
        "..safetensors", "model.bin", "a\\u0000.safetensors", "a\\nb.safetensors",
    ])
    func `A shard outside the folder is refused by its tensor`(name: String) throws {
        try TestData.withFolder { folder in
            try Self.write(to: folder, map: ["a": name, "b": Self.second, "c": Self.second])
            let error = try #require(throws: WeightsError.self) { try ShardedSafetensors(path: folder) }
            #expect(error.description.contains("tensor \"a\": it is in \""), "\(error)")
            #expect(error.category == .badData)
        }
    }

    @Test
    func `A missing shard, tensor or entry is named`() throws {
        try TestData.withFolder { folder in
            try Self.write(to: folder)
            try FileManager.default.removeItem(atPath: folder + "/" + Self.second)
            let error = try #require(throws: WeightsError.self) { try ShardedSafetensors(path: folder) }
            #expect(error.description.contains("/" + Self.second) && error.category == .noInput, "\(error)")
        }
        try TestData.withFolder { folder in
            try Self.write(to: folder, shards: [Self.first: ["a"], Self.second: ["b"]])
            let error = try #require(throws: WeightsError.self) { try ShardedSafetensors(path: folder) }
            #expect(error.description.contains("\"c\": \"\(Self.second)\" should have it and has not"), "\(error)")
        }
        try TestData.withFolder { folder in
            try Self.write(to: folder, map: ["a": Self.first, "b": Self.second])
            let error = try #require(throws: WeightsError.self) { try ShardedSafetensors(path: folder) }
            #expect(error.description.contains("tensor \"c\": it is not in the index"), "\(error)")
        }
        try TestData.withFolder { folder in
            let error = try #require(throws: WeightsError.self) { try ShardedSafetensors(path: folder) }
            #expect(error.description.contains(ShardedSafetensors.indexName) && error.category == .noInput, "\(error)")
        }
    }

    @Test
    func `A tensor in two shards is read from the one that the index names`() throws {
        try TestData.withFolder { folder in
            try Self.write(to: folder, shards: [Self.first: ["a", "b"], Self.second: ["b", "c"]])
            #expect(try ShardedSafetensors(path: folder).floats("b") == [7, 8, 9])
        }
    }

    @Test(arguments: [
        // The index's text, and what the message names.
        ("", "index of shards"), ("{", "index of shards"), ("[]", "index of shards"), ("{}", "\"weight_map\""),
        (#"{"weight_map": []}"#, "index of shards"), (#"{"weight_map": {"a": 3}}"#, "index of shards"),
        (#"{"weight_map": {}}"#, "0 shards"), (#"{"weight_map": {"a": null}}"#, "index of shards"),
        (#"{"weight_map": {"a": "b.safetensors"}, "metadata": 3}"#, "index of shards"), ("\u{0}", "index of shards"),
        ("{\"weight_map\":" + String(repeating: "[", count: 100_000), "index of shards"),
        (
            "{\"weight_map\": {\"a\": \"b.safetensors\"}, \"metadata\": {\"x\": "
                + String(repeating: "[", count: 100_000),
            "index of shards"
        ),
        (String(repeating: " ", count: ShardIndex.maximumSize + 1), "16777217 bytes"),
        (
            "{\"weight_map\": {"
                + (0...256).map { "\"\($0)\": \"\($0).safetensors\"" }.joined(separator: ", ") + "}}", "257 shards"
        ),
    ])
    func `A damaged index is refused by name`(text: String, says: String) throws {
        try TestData.withFolder { folder in
            try Self.write(to: folder, index: text)
            let error = try #require(throws: WeightsError.self) { try ShardedSafetensors(path: folder) }
            #expect(error.description.contains(says), "\(error)")
            #expect(error.description.contains(ShardedSafetensors.indexName))
            #expect(error.category == .badData)
        }
    }

    @Test
    func `An index with any byte changed is read or refused`() throws {
        try TestData.withFolder { folder in
            try Self.write(to: folder)
            let index = URL(filePath: folder + "/" + ShardedSafetensors.indexName)
            let valid = try Data(contentsOf: index)
            for place in 0..<valid.count {
                for mask in [UInt8(0xFF), 0x01, 0x20] {
                    var damaged = valid
                    damaged[place] ^= mask
                    try damaged.write(to: index)
                    _ = try? ShardedSafetensors(path: folder)
                }
                try valid.prefix(place).write(to: index)
                #expect(throws: WeightsError.self) { try ShardedSafetensors(path: folder) }
            }
        }
    }
}

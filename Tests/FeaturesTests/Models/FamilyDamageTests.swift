import Foundation
import Testing

@testable import Features

/// Checkpoints of every family whose tensors have other shapes than they should, or are missing.
struct FamilyDamageTests {
    /// Tensors by name and shape alone.
    private struct Shapes: TensorSource {
        let path: String
        var entries: [String: TensorEntry]
        let metadata: [String: String]

        func floats(_ name: String) throws(WeightsError) -> [Float] {
            [Float](repeating: 0, count: entries[name]?.count ?? 0)
        }
    }

    /// What headers can say without the file being too small for it, and some more.
    private static let shapes = [
        [], [0], [1], [2], [3, 0], [0, 1 << 62], [1 << 62, 0], [16, 0, 2], [1, 5, 16], [2, 16], [1 << 13, 3, 2, 2],
        [48, 1 << 40, 0], [Int.max, 0, Int.max], [1, Int.max, 0],
    ]

    @Test(arguments: FamilyGolden.all.filter { $0.golden.hasPrefix(($0.file as NSString).deletingPathExtension) })
    func `A wrong shape is an error or another model, never a trap`(_ golden: FamilyGolden) throws {
        var opened = try WeightsFormat.open(path: golden.path)
        if let arrays = opened as? NpzFile, let model = try FlaxCheckpoint(arrays) { opened = model }
        let whole = Shapes(path: golden.path, entries: opened.entries, metadata: opened.metadata)
        let overrides = CheckpointOverrides(heads: golden.heads)
        _ = try Checkpoint(file: whole, overrides: overrides)
        var refused = 0
        for (name, entry) in whole.entries {
            var damaged = whole
            damaged.entries[name] = nil
            if (try? Checkpoint(file: damaged, overrides: overrides)) == nil { refused += 1 }
            for shape in Self.shapes {
                damaged.entries[name] = TensorEntry(
                    name: name, type: entry.type, shape: shape, count: shape.contains(0) ? 0 : 1, bytes: 0..<0)
                if (try? Checkpoint(file: damaged, overrides: overrides)) == nil { refused += 1 }
            }
        }
        // Heads and decoders may have any shape; most tensors are the model's.
        #expect(refused > whole.entries.count * Self.shapes.count / 3)
    }
}

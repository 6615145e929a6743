import Features
import Foundation
import Geometry

/// A small random ViT with timm names, so that tests of the whole program need no weights from elsewhere.
enum TinyCheckpoint {
    /// Writes a checkpoint: width 64, one head, two blocks, patch 16, input side 64.
    static func write(to path: String, seed: UInt64 = 1, metadata: [String: String] = [:]) throws {
        let width = 64
        let hidden = 128
        var tensors: [(name: String, shape: [Int])] = [
            ("cls_token", [1, 1, width]),
            ("pos_embed", [1, 17, width]),
            ("patch_embed.proj.weight", [width, 3, 16, 16]),
            ("patch_embed.proj.bias", [width]),
            ("norm.weight", [width]),
            ("norm.bias", [width]),
        ]
        for block in 0..<2 {
            let prefix = "blocks.\(block)."
            tensors += [
                (prefix + "norm1.weight", [width]), (prefix + "norm1.bias", [width]),
                (prefix + "attn.qkv.weight", [3 * width, width]), (prefix + "attn.qkv.bias", [3 * width]),
                (prefix + "attn.proj.weight", [width, width]), (prefix + "attn.proj.bias", [width]),
                (prefix + "norm2.weight", [width]), (prefix + "norm2.bias", [width]),
                (prefix + "mlp.fc1.weight", [hidden, width]), (prefix + "mlp.fc1.bias", [hidden]),
                (prefix + "mlp.fc2.weight", [width, hidden]), (prefix + "mlp.fc2.bias", [width]),
            ]
        }
        var random = SplitMix64(seed: seed)
        var header: [String: Any] = metadata.isEmpty ? [:] : ["__metadata__": metadata]
        var payload = Data()
        for (name, shape) in tensors {
            let count = shape.reduce(1, *)
            let start = payload.count
            for _ in 0..<count {
                let uniform = Float(random.next() >> 40) / Float(1 << 24) - 0.5
                let value = name.contains("norm") && name.hasSuffix("weight") ? 1 + 0.1 * uniform : 0.3 * uniform
                unsafe withUnsafeBytes(of: value.bitPattern.littleEndian) { unsafe payload.append(contentsOf: $0) }
            }
            header[name] = ["dtype": "F32", "shape": shape, "data_offsets": [start, payload.count]]
        }
        let json = try JSONSerialization.data(withJSONObject: header, options: .sortedKeys)
        var file = Data()
        unsafe withUnsafeBytes(of: UInt64(json.count).littleEndian) { unsafe file.append(contentsOf: $0) }
        file.append(json)
        file.append(payload)
        try file.write(to: URL(fileURLWithPath: path))
    }
}

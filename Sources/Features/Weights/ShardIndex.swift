internal import FoundationEssentials

/// Which of several safetensors files each tensor of a model is in.
///
/// Source: `model.safetensors.index.json` of https://github.com/huggingface/huggingface_hub
/// (serialization/_base.py): an object with `weight_map`, tensor name to file name, and `metadata`.
struct ShardIndex: Equatable, Sendable {
    /// The file of each tensor: plain names of files beside the index.
    let files: [String: String]
    /// The members of `metadata` that are text.
    let metadata: [String: String]

    /// The longest index that is read; that of a model of 100 billion parameters has 200 KB.
    static let maximumSize = 1 << 24
    /// Files of one model, each of which is held open.
    static let maximumShards = 256

    private struct Document: Decodable {
        /// Text, or anything else, which is left out.
        struct Value: Decodable {
            var text: String?

            init(from decoder: any Decoder) throws {
                text = try? decoder.singleValueContainer().decode(String.self)
            }
        }
        var files: [String: String]
        var metadata: [String: Value]?

        enum CodingKeys: String, CodingKey {
            case files = "weight_map"
            case metadata
        }
    }

    /// - Throws: `WeightsError` naming the index, and the tensor where one is at fault.
    init(file: ReadOnlyFile) throws(WeightsError) {
        let path = file.path
        guard file.size <= Self.maximumSize else {
            throw .model(path: path, problem: "\(file.size) bytes, an index of shards has at most \(Self.maximumSize)")
        }
        let bytes = try file.bytes(file.size, at: 0, tensor: "index")
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(bytes))
        } catch DecodingError.keyNotFound {
            throw .model(path: path, problem: "not an index of shards: it has no \"weight_map\"")
        } catch {
            throw .model(
                path: path,
                problem: "not an index of shards: expected a JSON object whose \"weight_map\" gives each tensor's file")
        }
        for (tensor, name) in document.files where !Self.isPlain(name) {
            throw .entry(
                path: path, tensor: tensor,
                problem:
                    "it is in \"\(name.prefix(200))\", expected the plain name of a .safetensors file beside the index")
        }
        let shards = Set(document.files.values).count
        guard (1...Self.maximumShards).contains(shards) else {
            throw .model(path: path, problem: "\(shards) shards, expected 1 to \(Self.maximumShards)")
        }
        files = document.files
        metadata = (document.metadata ?? [:]).compactMapValues(\.text)
    }

    /// Whether a name can only be that of a file in the index's own folder.
    static func isPlain(_ name: String) -> Bool {
        name.hasSuffix(".safetensors") && !name.hasPrefix(".")
            && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 < 0x20 }
    }
}

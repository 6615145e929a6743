import Foundation

/// Files that PyTorch wrote and what is in them (scripts/make-golden-torch.py).
enum TorchGolden {
    struct Tensor: Decodable {
        var type: String
        var shape: [Int]
        var values: [Double]
    }

    struct File: Decodable {
        var tensors: [String: Tensor]
        /// Names under which something lies that is not read as a tensor.
        var unreadable: [String]
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/torch").standardized.path(percentEncoded: false)

    static func path(_ name: String) -> String { folder + "/" + name }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path(name))))
    }

    static func files() throws -> [String: File] {
        try JSONDecoder().decode([String: File].self, from: Data(contentsOf: URL(filePath: path("golden.json"))))
    }
}

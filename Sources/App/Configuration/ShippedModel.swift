import Foundation

/// The model that ships with vtrack: what runs where no model is named.
///
/// It is one file, installed and found like the presets. What it was trained on is in its metadata and in
/// docs/default-model.md.
enum ShippedModel {
    /// What it is called on the command line, in tables and in reports.
    static let name = "vtrack-tiny"
    /// The licence of its weights, which is that of vtrack.
    static let licence = "Apache-2.0"
    /// The name of its file.
    static let file = name + ".safetensors"

    /// Where it can be, in the order in which it is looked for.
    static var folders: [String] { SearchPaths.shippedFolders(installed: "models", built: "Models") }

    /// The file that came with this binary; nil where it was left behind.
    static var path: String? {
        folders.map { "\($0)/\(file)" }.first { FileManager.default.fileExists(atPath: $0) }
    }
}

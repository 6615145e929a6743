internal import Glibc

/// A model in several safetensors files, as one source of tensors.
///
/// Which tensor is in which file says the index beside them (`ShardIndex`). Every file is opened, and every tensor of
/// the index found in its file, before anything is read; tensors that the index does not name are an error.
public final class ShardedSafetensors: Sendable, TensorSource {
    /// The name of the index in a model's folder.
    public static let indexName = "model.safetensors.index.json"
    /// The name of the only file of a model that has just one.
    public static let singleName = "model.safetensors"

    /// The index's path, or that of the only file, for messages and to find what lies beside it.
    public let path: String
    /// Every tensor by its name; its bytes are counted from the start of its own file's data.
    public let entries: [String: TensorEntry]
    /// The texts of the index's metadata and of the files' own, less those about which the files contradict each other.
    public let metadata: [String: String]

    /// The files by the names the index gives them.
    private let shards: [String: SafetensorsFile]
    private let places: [String: String]

    /// The files, the index first.
    var files: [String] {
        let parts = shards.values.map(\.path).sorted()
        return parts.contains(path) ? parts : [path] + parts
    }

    /// Opens a model.
    ///
    /// - Parameter path: An index, or a folder with `model.safetensors` or, where there is none, an index in it. Where
    ///   there are both, the single file is the model, as for Hugging Face's libraries.
    /// - Throws: `WeightsError` naming the index or the file, and the tensor where one is at fault.
    public convenience init(path: String) throws(WeightsError) {
        guard let folder = Self.folder(path) else {
            try self.init(index: path)
            return
        }
        let single: SafetensorsFile
        do {
            single = try SafetensorsFile(path: folder + Self.singleName)
        } catch .system(_, operation: "open", code: ENOENT) {
            try self.init(index: folder + Self.indexName)
            return
        } catch {
            throw error
        }
        self.init(single)
    }

    private init(_ single: SafetensorsFile) {
        path = single.path
        entries = single.entries
        metadata = single.metadata
        shards = [Self.singleName: single]
        places = single.entries.mapValues { _ in Self.singleName }
    }

    private init(index path: String) throws(WeightsError) {
        let index = try ShardIndex(file: ReadOnlyFile(path: path))
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? ""
        var shards: [String: SafetensorsFile] = [:]
        var metadata: [String: String] = [:]
        var contradicted: Set<String> = []
        for name in Set(index.files.values).sorted() {
            let shard = try SafetensorsFile(path: folder + name)
            if let stray = shard.entries.keys.filter({ index.files[$0] == nil }).min() {
                throw .entry(
                    path: shard.path, tensor: stray,
                    problem: "it is not in the index \(path): the files belong to different models")
            }
            for (key, value) in shard.metadata where metadata.updateValue(value, forKey: key) ?? value != value {
                contradicted.insert(key)
            }
            shards[name] = shard
        }
        for key in contradicted { metadata[key] = nil }

        var entries: [String: TensorEntry] = [:]
        for (tensor, name) in index.files.sorted(by: { $0.key < $1.key }) {
            guard let entry = shards[name]?.entries[tensor] else {
                throw .entry(path: path, tensor: tensor, problem: "\"\(name)\" should have it and has not")
            }
            entries[tensor] = entry
        }
        self.path = path
        self.entries = entries
        self.metadata = metadata.merging(index.metadata) { _, stated in stated }
        self.shards = shards
        places = index.files
    }

    /// A tensor's numbers, as `SafetensorsFile.floats(_:)` gives them.
    ///
    /// - Throws: `WeightsError` where there is no such tensor, its type is another one, or reading fails.
    public func floats(_ name: String) throws(WeightsError) -> [Float] {
        try shard(of: name).floats(name)
    }

    /// A tensor's numbers, as `SafetensorsFile.integers(_:)` gives them.
    ///
    /// - Throws: `WeightsError` as `floats(_:)` does.
    public func integers(_ name: String) throws(WeightsError) -> [Int64] {
        try shard(of: name).integers(name)
    }

    /// Whether a path names a folder.
    static func isFolder(_ path: String) -> Bool { folder(path) != nil }

    /// The folder that a path names, with a slash at its end; nil where it names anything else, or nothing.
    private static func folder(_ path: String) -> String? {
        var status = stat()
        let code = unsafe path.withCString { unsafe stat($0, &status) }
        guard code == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        return path.hasSuffix("/") ? path : path + "/"
    }

    private func shard(of name: String) throws(WeightsError) -> SafetensorsFile {
        guard let place = places[name], let shard = shards[place] else {
            throw .missing(path: path, tensor: name, expectedShape: [])
        }
        return shard
    }
}

/// A checkpoint that `torch.save` wrote, open for reading: `.pth`, `.pt` or `.bin`, a ZIP archive or, as PyTorch wrote
/// before 1.6, pickles in a row.
///
/// Source: https://github.com/pytorch/pytorch, torch/serialization.py (`_save`, `_legacy_save`), torch/_utils.py.
///
/// The pickle inside is a program for loading anything; here it is followed as a description only (`Pickle`), nothing it
/// names is called. Names are the keys that lead to a tensor, joined by dots: `teacher.backbone.cls_token`.
public final class TorchFile: TensorSource {
    /// How many times the tensors may use each byte of the storages; tied weights and averages use a byte twice.
    ///
    /// Without a bound a small file could describe a model of any size.
    public static let maximumSharing = 8

    /// The path as it was given, for messages.
    public let path: String
    /// Every tensor that can be read, by its name.
    public let entries: [String: TensorEntry]
    /// Nothing: the format has no place for it.
    public let metadata: [String: String] = [:]
    /// What lies under a tensor's name and cannot be read as one, with the reason.
    let unreadable: [String: String]

    private let file: ReadOnlyFile

    /// Opens a file, and checks that every tensor lies inside it.
    ///
    /// - Throws: `WeightsError` naming the file, and the tensor, entry or byte where one is at fault.
    /// - Complexity: O(pickle) time and memory, both bounded; no tensor is read.
    public convenience init(path: String) throws(WeightsError) {
        try self.init(file: ReadOnlyFile(path: path))
    }

    /// Reads the description in a file that is open already.
    init(file: ReadOnlyFile) throws(WeightsError) {
        let path = file.path
        self.path = path
        self.file = file
        let contents: TorchContents
        switch try WeightsFormat(of: file) {
        case .torchArchive: contents = try TorchContents(archive: file)
        case .torchSequence: contents = try TorchContents(sequence: file)
        case .safetensors, .npz, .flaxMessages:
            throw .archive(path: path, problem: "neither an archive nor a sequence of torch.save")
        }

        let found = try TorchTensors(in: contents.pickle, path: path)
        unreadable = found.unreadable
        var entries: [String: TensorEntry] = [:]
        entries.reserveCapacity(found.tensors.count)
        var used = 0
        for (name, tensor) in found.tensors {
            guard let bytes = contents.storages[tensor.storage.key] else {
                throw .entry(
                    path: path, tensor: name,
                    problem: "its storage \"\(tensor.storage.key.prefix(80))\" is not in the file")
            }
            let width = tensor.storage.kind.width
            // In numbers, so that nothing overflows: the tensor was checked against the count that its pickle states.
            guard tensor.storage.count <= bytes.count / width else {
                throw .entry(
                    path: path, tensor: name,
                    problem:
                        "its storage has \(bytes.count) bytes, \(tensor.storage.count) numbers of \(width) expected"
                )
            }
            let start = bytes.lowerBound + tensor.offset * width
            entries[name] = TensorEntry(
                name: name, type: tensor.type, shape: tensor.shape, count: tensor.count,
                bytes: start..<start + tensor.extent * width, strides: tensor.strides)
            // No overflow: neither is more than the storage has, and the sum stops growing where it is decided.
            used = min(used, file.size * Self.maximumSharing) + max(tensor.extent, tensor.count) * width
        }
        let stored = contents.storages.values.reduce(0) { $0 + $1.count }
        guard used <= stored * Self.maximumSharing else {
            throw .model(
                path: path,
                problem: "its tensors would use each of its \(stored) bytes of numbers more than "
                    + "\(Self.maximumSharing) times")
        }
        self.entries = entries
    }

    /// A tensor's numbers as single-precision floats, row-major: exact for F32, F16 and BF16, rounded for F64.
    ///
    /// - Throws: `WeightsError` where there is no such tensor, its type is another one, or reading fails. Numbers that
    ///   are infinite or not a number are returned as they are.
    public func floats(_ name: String) throws(WeightsError) -> [Float] {
        guard let entry = entries[name] else { throw absence(of: name, expectedShape: []) }
        return try file.floats(of: entry, dataStart: 0)
    }
}

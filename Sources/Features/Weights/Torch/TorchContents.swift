/// The pickle of a checkpoint and where its storages lie, whichever way `torch.save` packed them.
struct TorchContents {
    /// What describes the checkpoint.
    let pickle: Pickle
    /// Each storage's bytes in the file, by its key; those that no pickle mentions are left out.
    let storages: [String: Range<Int>]
}

// MARK: - Archives

extension TorchContents {
    /// Reads a ZIP archive: `NAME/data.pkl`, the storages at `NAME/data/KEY`, and `NAME/byteorder`.
    ///
    /// - Throws: `WeightsError` where the archive or its pickle is damaged or of another program.
    init(archive file: ReadOnlyFile) throws(WeightsError) {
        let archive = try ZipArchive(file: file)
        func wrong(_ problem: String) -> WeightsError { .archive(path: file.path, problem: problem) }
        let suffix = "/data.pkl"
        let names = archive.entries.keys.filter { name in
            name.hasSuffix(suffix) && !name.dropLast(suffix.count).contains("/")
        }
        guard let name = names.first, names.count == 1, let range = try archive.bytes(of: name) else {
            throw wrong("\(names.count) entries are called NAME\(suffix), one expected: not a file of torch.save")
        }
        let folder = String(name.dropLast(suffix.count)) + "/"
        if let order = try archive.bytes(of: folder + "byteorder") {
            let text = try file.bytes(min(order.count, 16), at: order.lowerBound, tensor: "byteorder")
            guard text == Array("little".utf8) else {
                throw wrong(
                    "its byte order is \"\(String(decoding: text, as: UTF8.self))\", little expected; load and save it "
                        + "with PyTorch on this machine")
            }
        }

        var input = PickleInput(file: file, range: range)
        let pickle = try Pickle(from: &input)
        var storages: [String: Range<Int>] = [:]
        for storage in pickle.storages where storages[storage.key] == nil {
            if let bytes = try archive.bytes(of: folder + "data/" + storage.key) { storages[storage.key] = bytes }
        }
        self.init(pickle: pickle, storages: storages)
    }
}

// MARK: - Sequences

extension TorchContents {
    private static let version = 1001

    /// Reads pickles in a row: a magic number, a version, facts about the machine, the checkpoint, the storages' keys;
    /// then each storage as eight bytes of count and its numbers.
    ///
    /// - Throws: `WeightsError` where one of them is damaged, or from a big-endian machine.
    init(sequence file: ReadOnlyFile) throws(WeightsError) {
        var input = PickleInput(file: file, range: WeightsFormat.sequence.count..<file.size)
        let version = try Pickle(from: &input).root
        guard version == .int(Self.version) else {
            throw input.failure("the version of the sequence is \(version), \(Self.version) expected")
        }
        let machine = try Pickle(from: &input)
        let order = machine.object(machine.root)?.pairs.last { $0.key == .text("little_endian") }?.value
        guard order == .bool(true) else {
            throw input.failure("it is from a big-endian machine; load and save it with PyTorch on this machine")
        }
        let pickle = try Pickle(from: &input)
        let list = try Pickle(from: &input)
        guard let keys = list.object(list.root), keys.kind == .list else {
            throw input.failure("the keys of the storages are not a list")
        }

        var widths: [String: Int] = [:]
        for storage in pickle.storages { widths[storage.key] = storage.kind.width }
        var storages: [String: Range<Int>] = [:]
        for element in keys.elements {
            guard case .text(let key) = element, let width = widths[key] else {
                throw input.failure("a storage follows that the pickle does not mention, or not as one that is known")
            }
            let count = try input.number(8)
            let (size, overflow) = count.multipliedReportingOverflow(by: width)
            let start = input.position
            guard !overflow, size <= input.remaining else {
                throw .entry(
                    path: file.path, tensor: "storage \(key)",
                    problem:
                        "\(count) numbers of \(width) bytes expected at byte \(start), the file ends at \(file.size)"
                )
            }
            try input.skip(size)
            guard storages.updateValue(start..<start + size, forKey: key) == nil else {
                throw input.failure("storage \"\(key)\" follows twice")
            }
        }
        self.init(pickle: pickle, storages: storages)
    }
}

extension Pickle {
    /// Every storage that the pickle mentions, a part of another one excepted.
    fileprivate var storages: [TorchStorage] {
        objects.compactMap { object in
            guard case .persistent(let id) = object.kind else { return nil }
            return storage(id)
        }
    }
}

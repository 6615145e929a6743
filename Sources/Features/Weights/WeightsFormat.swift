/// The formats of weights files, told apart by how a file begins: extensions are of no use, since `.bin` and `.pt` are
/// given to anything.
enum WeightsFormat: Equatable, Sendable {
    /// The length of a header, then the header. What is none of the others is taken for this one.
    case safetensors
    /// A ZIP archive, as `torch.save` writes since PyTorch 1.6.
    case torchArchive
    /// Pickles in a row, as `torch.save` wrote before PyTorch 1.6.
    case torchSequence
    /// A ZIP archive of NumPy arrays.
    case npz
    /// A tree of parameters as Flax writes it, in MessagePack: known by its look, not read.
    case flaxMessages

    /// How an archive begins: the signature of its first entry.
    private static let archive: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

    /// How a sequence begins: a pickle of protocol 2 with the number 0x1950a86a20f9469cfc6c and nothing else.
    static let sequence: [UInt8] = [
        0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]

    /// Looks at a file's first bytes.
    init(of file: ReadOnlyFile) throws(WeightsError) {
        let start = try file.bytes(min(file.size, Self.sequence.count), at: 0, tensor: "first bytes")
        if start.starts(with: Self.archive) {
            self = try Self.beginsWithArray(file) ? .npz : .torchArchive
        } else if start == Self.sequence {
            self = .torchSequence
        } else if Self.isMessagePack(start) {
            self = .flaxMessages
        } else {
            self = .safetensors
        }
    }

    /// Whether a file begins with a map of up to 15 entries of which the first has a short word for its key.
    private static func isMessagePack(_ start: [UInt8]) -> Bool {
        // A header of safetensors begins at byte 8.
        guard start.count > 8, start[8] != UInt8(ascii: "{"), (0x81...0x8F).contains(start[0]),
            (0xA2...0xBF).contains(start[1])
        else { return false }
        let key = start[2..<min(2 + Int(start[1] & 0x1F), start.count)]
        return key.allSatisfy { $0 == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "z")).contains($0) }
    }

    /// Whether the first entry of an archive is an array, by its name.
    private static func beginsWithArray(_ file: ReadOnlyFile) throws(WeightsError) -> Bool {
        // The local header has the name's length at byte 26 and the name from byte 30 on.
        guard file.size >= 30 else { return false }
        let header = try file.bytes(30, at: 0, tensor: "first entry")
        let length = Int(header[26]) | Int(header[27]) << 8
        guard length >= 4, file.size >= 30 + length else { return false }
        return try file.bytes(4, at: 30 + length - 4, tensor: "first entry").elementsEqual(".npy".utf8)
    }

    /// Opens a model's weights of any format: a file, a folder, or the index of several files.
    ///
    /// - Throws: `WeightsError` naming the file, and what in it is damaged or not supported.
    static func open(path: String) throws(WeightsError) -> any TensorSource {
        if path.hasSuffix(".index.json") || ShardedSafetensors.isFolder(path) {
            return try ShardedSafetensors(path: path)
        }
        let file = try ReadOnlyFile(path: path)
        switch try WeightsFormat(of: file) {
        case .safetensors: return try SafetensorsFile(file: file)
        case .torchArchive, .torchSequence: return try TorchFile(file: file)
        case .npz:
            return try NpzFile(path: path)
        case .flaxMessages:
            throw .model(
                path: path,
                problem:
                    "a checkpoint of Flax in MessagePack, which is not read: save its arrays as .npz first "
                    + "(scripts/convert-flax-checkpoint.py does so)")
        }
    }
}

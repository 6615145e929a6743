public import Geometry
internal import Glibc

/// Why a weights file, or the configuration beside it, cannot be used or written.
///
/// Every case names the file, and the tensor where there is one, with what was found and what was expected.
public enum WeightsError: Error, Equatable, Sendable {
    // Files.
    /// The operating system refused an operation; `code` is its errno.
    case system(path: String, operation: String, code: Int32)
    /// The path is a folder, a device or a pipe.
    case notRegularFile(path: String)
    /// The file became shorter between opening and reading.
    case truncated(path: String, tensor: String, expected: Int, found: Int)

    // The header of a safetensors file.
    /// Fewer than the eight bytes of the header's length.
    case tooShort(path: String, bytes: Int)
    /// The header's length is zero, more than is left of the file, or more than the format allows.
    case headerLength(path: String, length: UInt64, available: Int)
    /// The header is not the JSON that the format prescribes.
    case header(path: String, offset: Int, problem: String)
    /// One tensor's entry contradicts itself, its neighbours or the file.
    case entry(path: String, tensor: String, problem: String)
    /// Bytes of the file belong to no tensor.
    case unusedBytes(path: String, after: String, begin: Int, end: Int)

    // A file of PyTorch.
    /// The ZIP archive is damaged, cut off, or of a kind that is not read.
    case archive(path: String, problem: String)
    /// The pickle is damaged or has what no state dict needs; `offset` is counted from the start of the file.
    case pickle(path: String, offset: Int, problem: String)

    // The model in the file.
    /// No tensor has this name.
    case missing(path: String, tensor: String, expectedShape: [Int])
    /// A tensor's shape is not what the model needs.
    case shape(path: String, tensor: String, expected: [Int], found: [Int])
    /// A tensor's numbers are in a format that weights are not read from.
    case type(path: String, tensor: String, found: TensorType)
    /// The file has tensors that belong to no part of a plain Vision Transformer.
    case unknown(path: String, tensor: String, others: Int)
    /// A weight is infinite or not a number.
    case notFinite(path: String, tensor: String, index: Int)
    /// Neither of the known sets of names fits.
    case notVisionTransformer(path: String, tensors: Int)
    /// The tensors' sizes do not make a model, or one beyond what is supported.
    case model(path: String, problem: String)
    /// A configuration file beside the weights, or the metadata in them, cannot be used.
    case configuration(path: String, problem: String)
    /// No architecture has this name.
    case architecture(String, known: [String])
}

extension WeightsError {
    /// Which exit code the failure has.
    public var category: FailureCategory {
        switch self {
        case .system(_, let operation, let code):
            switch code {
            case ENOENT, ENOTDIR: operation == "create" ? .cannotCreate : .noInput
            case EACCES, EPERM: .permission
            default: operation == "open" ? .noInput : operation == "create" ? .cannotCreate : .inputOutput
            }
        case .notRegularFile: .noInput
        case .configuration: .configuration
        case .architecture: .usage
        default: .badData
        }
    }
}

extension WeightsError: CustomStringConvertible {
    /// The failure as a sentence.
    public var description: String {
        switch self {
        case .system(let path, let operation, let code):
            "\(path): cannot \(operation): \(unsafe String(cString: strerror(code)))"
        case .notRegularFile(let path):
            "\(path): not a regular file; a model is one file, of safetensors or of PyTorch"
        case .truncated(let path, let tensor, let expected, let found):
            "\(path): the file became shorter while it was read: tensor \"\(tensor)\" has \(expected) bytes, "
                + "\(found) were there"
        case .tooShort(let path, let bytes):
            "\(path): not a safetensors file: \(bytes) bytes, at least 8 expected"
        case .headerLength(let path, let length, let available):
            "\(path): not a safetensors file: its header would have \(length) bytes; from 2 to "
                + "\(min(available, SafetensorsFile.maximumHeader)) are possible in this file"
        case .header(let path, let offset, let problem):
            "\(path): damaged safetensors header at byte \(offset): \(problem)"
        case .entry(let path, let tensor, let problem):
            "\(path): tensor \"\(tensor)\": \(problem)"
        case .unusedBytes(let path, let after, let begin, let end):
            "\(path): bytes \(begin)..<\(end) of the data belong to no tensor (after \(after)); the format leaves no gaps"
        case .archive(let path, let problem):
            "\(path): PyTorch archive (ZIP): \(problem)"
        case .pickle(let path, let offset, let problem):
            "\(path): pickle at byte \(offset): \(problem)"
        case .missing(let path, let tensor, let expected):
            "\(path): tensor \"\(tensor)\" is missing, expected with shape \(expected)"
        case .shape(let path, let tensor, let expected, let found):
            "\(path): tensor \"\(tensor)\" has shape \(found), expected \(expected)"
        case .type(let path, let tensor, let found):
            "\(path): tensor \"\(tensor)\" has type \(found.rawValue); weights are read from F32, F16, BF16 and F64"
        case .unknown(let path, let tensor, let others):
            "\(path): tensor \"\(tensor)\"\(others == 0 ? "" : " and \(others) more") belong to no part of a "
                + "known Vision Transformer: the model is of a family that is not supported"
        case .notFinite(let path, let tensor, let index):
            "\(path): tensor \"\(tensor)\" holds a number that is infinite or not a number, at index \(index)"
        case .notVisionTransformer(let path, let tensors):
            "\(path): none of its \(tensors) tensors is called \"patch_embed.proj.weight\" (timm), "
                + "\"embeddings.patch_embeddings.projection.weight\" (Hugging Face) or \"visual.conv1.weight\" (CLIP): not a "
                + "Vision Transformer"
        case .model(let path, let problem):
            "\(path): \(problem)"
        case .configuration(let path, let problem):
            "\(path): \(problem)"
        case .architecture(let name, let known):
            "no architecture is called \"\(name)\"; known are \(known.joined(separator: ", "))"
        }
    }
}

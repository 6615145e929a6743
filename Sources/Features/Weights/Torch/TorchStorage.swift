/// A run of numbers that tensors are views of, as a pickle mentions it.
struct TorchStorage: Equatable, Sendable {
    /// Its name among the storages of the file.
    let key: String
    /// What its numbers are.
    let kind: TorchStorageKind
    /// How many numbers it has.
    let count: Int
}

/// What the numbers of a storage are, by the name of PyTorch's class.
///
/// Source: https://github.com/pytorch/pytorch, torch/storage.py (`_dtype_to_storage_type_map`).
enum TorchStorageKind: String, Sendable {
    case float = "FloatStorage"
    case half = "HalfStorage"
    case brainFloat = "BFloat16Storage"
    case double = "DoubleStorage"
    case long = "LongStorage"
    case int = "IntStorage"
    case short = "ShortStorage"
    case char = "CharStorage"
    case byte = "ByteStorage"
    case bool = "BoolStorage"
    case complexFloat = "ComplexFloatStorage"
    case complexDouble = "ComplexDoubleStorage"
    case quantizedChar = "QInt8Storage"
    case quantizedByte = "QUInt8Storage"
    case quantizedInt = "QInt32Storage"
    /// Bytes; the tensors say what they are.
    case untyped = "UntypedStorage"

    /// The format of the numbers; nil where no other format of weights has them.
    var type: TensorType? {
        switch self {
        case .float: .float32
        case .half: .float16
        case .brainFloat: .bfloat16
        case .double: .float64
        case .long: .int64
        case .int: .int32
        case .short: .int16
        case .char: .int8
        case .byte: .uint8
        case .bool: .bool
        case .complexFloat: .complex64
        case .complexDouble, .quantizedChar, .quantizedByte, .quantizedInt, .untyped: nil
        }
    }

    /// Bytes of one number.
    var width: Int {
        switch self {
        case .complexDouble: 16
        case .quantizedInt: 4
        case .quantizedChar, .quantizedByte, .untyped: 1
        default: (type?.bits ?? 8) / 8
        }
    }
}

extension Pickle {
    /// Reads what a persistent id says: `("storage", class, key, location, count)`, in a sequence with one more member,
    /// which is None unless the storage is a part of another one.
    ///
    /// - Returns: nil for anything else; the reason is then not known better than "not a storage".
    func storage(_ id: PickleValue) -> TorchStorage? {
        guard let tuple = object(id), tuple.kind == .tuple, (5...6).contains(tuple.elements.count),
            tuple.elements[0] == .text("storage"), tuple.elements.dropFirst(5).allSatisfy({ $0 == .none }),
            case .global(let module, let name) = object(tuple.elements[1])?.kind,
            module == "torch" || module == "torch.cuda" || module == "torch.storage",
            let kind = TorchStorageKind(rawValue: name), case .text(let key) = tuple.elements[2],
            case .int(let count) = tuple.elements[4], count >= 0
        else { return nil }
        return TorchStorage(key: key, kind: kind, count: count)
    }
}

/// Where boxes come from.
public enum BoxLocation: Hashable, Sendable {
    /// A path: a regular file is read and sorted at once, a FIFO is read as it comes.
    case path(String)
    /// A descriptor that the parent process opened (`fd:3`).
    case fileDescriptor(Int32)
    /// Standard input (`-`).
    case standardInput

    /// Reads a command line argument: `-`, `fd:N`, or a path.
    ///
    /// A file that is really called `fd:3` is reached as `./fd:3`.
    ///
    /// - Throws: `FormatError.argument` for an empty text, a NUL byte, or an `fd:` that no number follows.
    public init(argument: String) throws(FormatError) {
        guard !argument.isEmpty, !argument.utf8.contains(0) else {
            throw .argument(argument, expected: "a path, `fd:N` or `-`")
        }
        if argument == "-" {
            self = .standardInput
        } else if argument.hasPrefix("fd:") {
            let digits = argument.dropFirst(3)
            guard let number = Int32(digits), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw .argument(argument, expected: "the number of an open descriptor after `fd:`, as in `fd:3`")
            }
            self = .fileDescriptor(number)
        } else {
            self = .path(argument)
        }
    }

    /// What messages call it.
    var name: String {
        switch self {
        case .path(let path): printable(path, limit: 4096)
        case .fileDescriptor(let number): "fd:\(number)"
        case .standardInput: "standard input"
        }
    }
}

/// Assembles pickles from their instructions (CPython, Lib/pickletools.py).
enum TestPickle {
    typealias Code = [UInt8]

    static let none: Code = [0x4E]
    static let no: Code = [0x89]

    static func file(_ root: Code) -> Code { [0x80, 2] + root + [0x2E] }

    static func text(_ text: String) -> Code {
        [0x58] + TestArchive.number(UInt64(text.utf8.count), 4) + Array(text.utf8)
    }

    static func int(_ value: Int) -> Code {
        [0x8A, 8] + TestArchive.number(UInt64(bitPattern: Int64(value)), 8)
    }

    static func global(_ module: String, _ name: String) -> Code { Array("c\(module)\n\(name)\n".utf8) }

    static func tuple(_ members: [Code]) -> Code { [0x28] + members.joined() + [0x74] }

    static func list(_ members: [Code]) -> Code { [0x5D, 0x28] + members.joined() + [0x65] }

    static func dictionary(_ pairs: [(Code, Code)]) -> Code { [0x7D, 0x28] + pairs.flatMap { $0.0 + $0.1 } + [0x75] }

    static func call(_ function: Code, _ arguments: [Code]) -> Code { function + tuple(arguments) + [0x52] }

    static func storage(_ key: String = "0", _ kind: String = "FloatStorage", count: Int = 4) -> Code {
        tuple([text("storage"), global("torch", kind), text(key), text("cpu"), int(count)]) + [0x51]
    }

    static func tensor(
        _ storage: Code = storage(), offset: Int = 0, shape: [Int] = [2, 2], strides: [Int] = [2, 1]
    ) -> Code {
        call(
            global("torch._utils", "_rebuild_tensor_v2"),
            [storage, int(offset), tuple(shape.map(int)), tuple(strides.map(int)), no, [0x7D]])
    }
}

import Foundation
import Geometry
import Testing

@testable import Features

/// Pickles are followed as descriptions: nothing they name is called, and none of them traps or takes all memory.
struct PickleTests {
    private typealias Code = TestPickle

    /// Opens a checkpoint with this pickle and a storage "0" of four floats, 0 to 3.
    private func open(_ root: [UInt8]) throws -> TorchFile {
        try TestData.withFolder { folder in
            let path = folder + "/made.pth"
            let floats = (0..<4).flatMap { TestArchive.number(UInt64(Float($0).bitPattern), 4) }
            let archive = TestArchive(pickle: Code.file(root), storages: ["0": floats])
            try Data(archive.bytes).write(to: URL(filePath: path))
            return try TorchFile(path: path)
        }
    }

    private func refuse(_ root: [UInt8], says: String) throws {
        let error = try #require(throws: WeightsError.self) { try open(root) }
        #expect(error.description.contains(says), "\(error)")
        #expect(error.description.utf8.count < 3000)
        #expect(error.category == .badData)
    }

    @Test
    func `A tensor of four numbers is read`() throws {
        let file = try open(Code.dictionary([(Code.text("a"), Code.tensor())]))
        #expect(try file.floats("a") == [0, 1, 2, 3])
    }

    // MARK: - Calls

    @Test(arguments: [
        // Module and name of a function that would do harm.
        ("os", "system"), ("posix", "system"), ("nt", "system"), ("os.path", "join"), ("subprocess", "Popen"),
        ("builtins", "eval"), ("builtins", "exec"), ("__builtin__", "eval"), ("builtins", "__import__"),
        ("builtins", "eval.__call__"), ("runpy", "run_path"), ("pickle", "loads"),
        // By way of what loads, looks up or wraps others.
        ("builtins", "getattr"), ("functools", "partial"), ("operator", "attrgetter"), ("torch", "load"),
        ("torch.hub", "load"), ("torch.storage", "_load_from_bytes"), ("torch.jit", "load"),
        ("numpy", "load"), ("numpy.testing._private.utils", "runstring"), ("copyreg", "_extension_registry"),
        // Attributes of what may be named, and names that begin as known ones do.
        ("collections", "OrderedDict.__init__"), ("torch.nn.modules.linear", "torch.os.system"), ("torchx", "Size"),
        ("torch.nnx.modules.linear", "Linear"), ("argparse", "ArgumentParser"), ("", "Storage"), ("torch", ""),
        // Nobody's in particular.
        ("bitsandbytes.nn", "Params4bit"), ("__main__", "Model"),
    ])
    func `A pickle that names what no checkpoint needs is refused by name, and nothing is run`(
        module: String, name: String
    ) throws {
        try TestData.withFolder { folder in
            let command = Code.text("touch \(folder)/was-here")
            let global = Code.global(module, name)
            let stackGlobal = Code.text(module) + Code.text(name) + [0x93]
            for code in [
                Code.call(global, [command]), Code.call(stackGlobal, [command]),
                global + Code.tuple([command]) + [0x81], global + Code.tuple([command]) + [0x7D, 0x92],
                // Through the memo, and as the root's member.
                global + [0x71, 0, 0x30] + Code.list([[0x68, 0] + Code.tuple([command]) + [0x52]]),
            ] {
                try refuse(code, says: "it names \(module).\(name), which no checkpoint needs")
            }
            #expect(!FileManager.default.fileExists(atPath: folder + "/was-here"))
        }
    }

    @Test
    func `A name is refused where nothing is called, and so is a call without a name`() throws {
        try refuse(Code.dictionary([(Code.text("b"), Code.global("os", "system"))]), says: "it names os.system")
        let set = Code.global("builtins", "set")
        for code in [Code.call(Code.call(set, []), []), Code.int(1) + Code.tuple([]) + [0x52]] {
            try refuse(code, says: "no class or function by its name")
        }
    }

    @Test
    func `What training runs keep beside tensors is carried and never called`() throws {
        let made = [
            ("args", "argparse", "Namespace"), ("config", "yacs.config", "CfgNode"), ("best", "numpy", "float32"),
            ("out", "pathlib", "PosixPath"), ("size", "torch", "Size"), ("device", "torch", "device"),
            ("cfg", "omegaconf.dictconfig", "DictConfig"), ("when", "datetime", "datetime"),
            ("sparse", "torch._utils", "_rebuild_sparse_tensor"), ("module", "timm.models.vision_transformer", "Block"),
            ("random", "numpy.random._pickle", "__randomstate_ctor"), ("type", "torch.nn.modules.linear", "Linear"),
        ]
        let pairs = made.map { name, module, function in
            (Code.text(name), Code.call(Code.global(module, function), []) + [0x7D, 0x62])
        }
        let file = try open(
            Code.dictionary(
                pairs + [(Code.text("a"), Code.tensor()), (Code.text("dtype"), Code.global("torch", "float16"))]))
        #expect(Array(file.entries.keys) == ["a"])
        for (name, module, function) in made {
            #expect(file.unreadable[name]?.contains("\(module).\(function)") == true, "\(name)")
        }
        let error = try #require(throws: WeightsError.self) { try file.floats("args") }
        #expect(error.description.contains("\"args\": it is made by argparse.Namespace"))
    }

    // MARK: - Tensors

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: [UInt8]
        let says: String
    }

    @Test(arguments: [
        Case(testDescription: "offset beyond", code: Code.tensor(offset: 1), says: "beyond its storage of 4"),
        Case(testDescription: "negative offset", code: Code.tensor(offset: -1), says: "offset -1"),
        Case(testDescription: "shape beyond", code: Code.tensor(shape: [2, 3]), says: "beyond its storage"),
        Case(testDescription: "negative size", code: Code.tensor(shape: [-2, -2]), says: "[-2, -2]"),
        Case(testDescription: "negative stride", code: Code.tensor(strides: [2, -1]), says: "[2, -1]"),
        Case(
            testDescription: "sizes overflow", code: Code.tensor(shape: [1 << 62, 4], strides: [0, 0]), says: "beyond"),
        Case(testDescription: "strides overflow", code: Code.tensor(strides: [Int.max, Int.max]), says: "beyond"),
        Case(testDescription: "offset overflows", code: Code.tensor(offset: Int.max), says: "beyond"),
        Case(testDescription: "fewer strides", code: Code.tensor(strides: [1]), says: "strides [1]"),
        Case(
            testDescription: "seventeen dimensions",
            code: Code.tensor(shape: [Int](repeating: 1, count: 17), strides: [Int](repeating: 1, count: 17)),
            says: "not what a tensor has"),
        Case(testDescription: "another storage", code: Code.tensor(Code.storage("1")), says: "storage \"1\" is not"),
        Case(
            testDescription: "path as key", code: Code.tensor(Code.storage("../byteorder")), says: "is not in the file"),
        Case(testDescription: "short storage", code: Code.tensor(Code.storage(count: 5)), says: "16 bytes, 5 numbers"),
        Case(
            testDescription: "huge storage", code: Code.tensor(Code.storage(count: Int.max)),
            says: "9223372036854775807 numbers"),
        Case(
            testDescription: "no arguments", code: Code.call(Code.global("torch._utils", "_rebuild_tensor_v2"), []),
            says: "not what a tensor has"),
        Case(
            testDescription: "arguments are a number",
            code: Code.global("torch._utils", "_rebuild_tensor_v2") + Code.int(1) + [0x52],
            says: "not what a tensor has"),
        Case(
            testDescription: "an empty parameter",
            code: Code.call(Code.global("torch._utils", "_rebuild_parameter"), []), says: "no tensor"),
        Case(
            testDescription: "nine tensors of a storage", code: Code.list((0..<9).map { _ in Code.tensor() }),
            says: "more than 8 times"),
    ])
    func `A tensor that contradicts itself or its storage is refused by name`(_ item: Case) throws {
        try refuse(Code.dictionary([(Code.text("a"), item.code)]), says: item.says)
        if !item.says.contains("times") {
            try refuse(Code.dictionary([(Code.text("a"), item.code)]), says: "tensor \"a\"")
        }
    }

    @Test(arguments: [
        // Storages of other programs, and ones that have no type here.
        Case(testDescription: "quantized", code: Code.storage("0", "QInt8Storage"), says: "torch.QInt8Storage"),
        Case(testDescription: "unknown", code: Code.storage("0", "NewStorage"), says: "not known"),
        Case(testDescription: "none", code: Code.none + [0x51], says: "not known"),
        Case(testDescription: "not persistent", code: Code.none, says: "not known"),
        Case(testDescription: "empty", code: Code.tuple([]) + [0x51], says: "not known"),
    ])
    func `A storage that is not known is an error only where it is needed`(_ item: Case) throws {
        let file = try open(
            Code.dictionary([(Code.text("a"), Code.tensor(item.code)), (Code.text("b"), Code.tensor())]))
        #expect(try file.floats("b") == [0, 1, 2, 3])
        #expect(file.unreadable["a"]?.contains(item.says) == true)
        #expect(throws: WeightsError.self) { try file.floats("a") }
    }

    @Test
    func `Two tensors of one name are refused`() throws {
        let inner = Code.dictionary([(Code.text("b"), Code.tensor())])
        try refuse(
            Code.dictionary([(Code.text("a"), inner), (Code.text("a.b"), Code.tensor())]),
            says: "\"a.b\": there are two")
    }

    @Test
    func `Keys that are no names lead nowhere`() throws {
        let file = try open(
            Code.dictionary([
                (Code.none, Code.tensor()), (Code.tuple([]), Code.tensor()), ([0x58, 1, 0, 0, 0, 0xFF], Code.tensor()),
                (Code.text("a"), Code.tensor()), (Code.int(-3), Code.tensor()),
            ]))
        #expect(Set(file.entries.keys) == ["a", "-3"])
    }
}

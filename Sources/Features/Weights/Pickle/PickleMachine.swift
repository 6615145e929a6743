/// Follows the instructions of a pickle and builds the graph they describe.
///
/// Source: https://github.com/python/cpython, Lib/pickle.py (`_Unpickler`). Each instruction takes bounded time and
/// memory, and their number is bounded; there is no recursion. Values below the last mark are out of reach, as in
/// CPython's C implementation.
struct PickleMachine {
    /// Far more than the state of any training run needs: a tensor takes about forty.
    static let maximumSteps = 4_000_000
    /// Objects take the most memory.
    static let maximumObjects = 500_000
    /// Values and marks on the stack, and values in the memo.
    static let maximumValues = 1 << 20
    /// Longer text names no tensor and is not kept.
    static let longestText = 1024
    /// Bytes of all text that is kept.
    static let maximumText = 1 << 24

    /// What is left of the pickle, and of the file behind it.
    private(set) var input: PickleInput
    /// Every object so far.
    private(set) var objects: [PickleObject] = []
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var textSize = 0
    private let steps: Int

    /// - Parameter steps: Instructions before the pickle is given up.
    init(input: PickleInput, steps: Int = Self.maximumSteps) {
        self.input = input
        self.steps = steps
    }

    /// Runs to the end and returns the value that is left on the stack.
    mutating func run() throws(WeightsError) -> PickleValue {
        for _ in 0..<steps {
            let offset = input.position
            let code = try input.byte()
            guard let opcode = PickleOpcode(rawValue: code) else {
                throw .pickle(
                    path: input.file.path, offset: offset,
                    problem: "instruction 0x\(String(code, radix: 16)) is not one that checkpoints have")
            }
            if opcode == .stop { return try pop() }
            try perform(opcode)
        }
        throw input.failure("more than \(steps) instructions")
    }

    private mutating func perform(_ opcode: PickleOpcode) throws(WeightsError) {
        switch opcode {
        case .proto:
            let version = try input.byte()
            guard (2...5).contains(version) else { throw input.failure("protocol \(version), 2 to 5 are read") }
        case .frame: _ = try input.number(8)
        case .stop: break

        case .none: try push(.none)
        case .newTrue: try push(.bool(true))
        case .newFalse: try push(.bool(false))
        case .binInt: try push(.int(input.signed(4)))
        case .binInt1: try push(.int(input.number(1)))
        case .binInt2: try push(.int(input.number(2)))
        case .long1: try pushLong(input.number(1))
        case .long4: try pushLong(input.number(4))
        case .binFloat: try push(.float(Double(bitPattern: input.bytes(8).reduce(0) { $0 << 8 | UInt64($1) })))
        case .shortBinString, .shortBinUnicode: try pushText(input.number(1))
        case .binString, .binUnicode: try pushText(input.number(4))
        case .binUnicode8: try pushText(input.number(8))
        case .shortBinBytes: try pushOpaque(input.number(1))
        case .binBytes: try pushOpaque(input.number(4))
        case .binBytes8, .byteArray8: try pushOpaque(input.number(8))

        case .emptyTuple: try push(PickleObject(kind: .tuple))
        case .emptyList: try push(PickleObject(kind: .list))
        case .emptyDict: try push(PickleObject(kind: .dictionary))
        case .emptySet: try push(PickleObject(kind: .set))
        case .mark:
            guard marks.count < Self.maximumValues else { throw input.failure("more than \(marks.count) open marks") }
            marks.append(stack.count)
        case .tuple: try push(PickleObject(kind: .tuple, elements: popToMark()))
        case .frozenSet: try push(PickleObject(kind: .set, elements: popToMark()))
        case .tuple1: try pushTuple(1)
        case .tuple2: try pushTuple(2)
        case .tuple3: try pushTuple(3)
        case .append: try append([pop()])
        case .appends, .addItems: try append(popToMark())
        case .setItem:
            let value = try pop()
            try set([pop(), value])
        case .setItems: try set(popToMark())
        case .pop: _ = try pop()

        case .binGet: try get(input.number(1))
        case .longBinGet: try get(input.number(4))
        case .binPut: try put(input.number(1))
        case .longBinPut: try put(input.number(4))
        case .memoize: try put(memo.count)

        case .global:
            let module = try input.line()
            try pushGlobal(module: module, name: input.line())
        case .stackGlobal:
            guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
                throw input.failure("a class has no name")
            }
            try pushGlobal(module: module, name: name)
        case .reduce, .newObj: try pushCall(arguments: pop())
        case .newObjEx:
            _ = try pop()
            try pushCall(arguments: pop())
        case .build:
            let state = try pop()
            let index = try topObject()
            objects[index].state = state
        case .binPersID: try push(PickleObject(kind: .persistent(pop())))
        }
    }
}

// MARK: - Values

extension PickleMachine {
    private mutating func push(_ value: PickleValue) throws(WeightsError) {
        guard stack.count < Self.maximumValues else { throw input.failure("more than \(stack.count) values at a time") }
        stack.append(value)
    }

    private mutating func push(_ object: PickleObject) throws(WeightsError) {
        guard objects.count < Self.maximumObjects else { throw input.failure("more than \(objects.count) objects") }
        objects.append(object)
        try push(.object(objects.count - 1))
    }

    private mutating func pop() throws(WeightsError) -> PickleValue {
        guard stack.count > marks.last ?? 0 else { throw input.failure("an instruction lacks its value") }
        return stack.removeLast()
    }

    private mutating func popToMark() throws(WeightsError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw input.failure("an instruction lacks its mark") }
        let values = Array(stack[mark...])
        stack.removeLast(stack.count - mark)
        return values
    }

    /// The object that the next value on the stack stands for.
    private func topObject() throws(WeightsError) -> Int {
        guard stack.count > marks.last ?? 0, case .object(let index) = stack.last else {
            throw input.failure("an instruction lacks its object")
        }
        return index
    }

    private mutating func pushTuple(_ count: Int) throws(WeightsError) {
        var elements: [PickleValue] = []
        for _ in 0..<count { elements.append(try pop()) }
        try push(PickleObject(kind: .tuple, elements: elements.reversed()))
    }

    private mutating func pushLong(_ width: Int) throws(WeightsError) {
        if width <= 8 { try push(.int(input.signed(width))) } else { try pushOpaque(width) }
    }

    private mutating func pushOpaque(_ count: Int) throws(WeightsError) {
        try input.skip(count)
        try push(.opaque)
    }

    /// Text that is not UTF-8 stands for itself only in Python; it is kept as opaque.
    private mutating func pushText(_ count: Int) throws(WeightsError) {
        guard count <= Self.longestText else { return try pushOpaque(count) }
        textSize += count
        guard textSize <= Self.maximumText else { throw input.failure("more than \(Self.maximumText) bytes of text") }
        let text = String(validating: try input.bytes(count), as: UTF8.self)
        try push(text.map { .text($0) } ?? .opaque)
    }

    private mutating func append(_ values: [PickleValue]) throws(WeightsError) {
        let index = try topObject()
        objects[index].elements.append(contentsOf: values)
    }

    /// Adds keys and values, alternating.
    private mutating func set(_ values: [PickleValue]) throws(WeightsError) {
        guard values.count.isMultiple(of: 2) else { throw input.failure("a key has no value") }
        let index = try topObject()
        for place in stride(from: 0, to: values.count, by: 2) {
            objects[index].pairs.append((values[place], values[place + 1]))
        }
    }

    private mutating func get(_ key: Int) throws(WeightsError) {
        guard let value = memo[key] else { throw input.failure("value \(key) was never put into the memo") }
        try push(value)
    }

    private mutating func put(_ key: Int) throws(WeightsError) {
        guard stack.count > marks.last ?? 0, let value = stack.last else {
            throw input.failure("an instruction lacks its value")
        }
        guard memo.count < Self.maximumValues else { throw input.failure("more than \(memo.count) values in the memo") }
        memo[key] = value
    }

    private mutating func pushGlobal(module: String, name: String) throws(WeightsError) {
        guard PickleNames.contains(module: module, name: name) else {
            throw input.failure(
                "it names \(module.prefix(200)).\(name.prefix(200)), which no checkpoint needs; nothing was run. Do not "
                    + "load it with Python unless you trust whoever made it; if you do, save its state dict alone")
        }
        try push(PickleObject(kind: .global(module: module, name: name)))
    }

    private mutating func pushCall(arguments: PickleValue) throws(WeightsError) {
        let function = try pop()
        guard case .object(let index) = function, case .global = objects[index].kind else {
            throw input.failure("it would call something that is no class or function by its name; nothing was run")
        }
        try push(PickleObject(kind: .call(function: function, arguments: arguments)))
    }
}

/// The tensors of a checkpoint by their names, and what else lies where tensors could.
///
/// Dictionaries, lists and tuples nest; a tensor's name is the keys that lead to it, joined by dots. Modules that were
/// saved whole, with Python or as TorchScript, count as the dictionaries of their parameters. Whatever else a training
/// run keeps (options, random states, numbers of NumPy) is passed by.
struct TorchTensors {
    /// Nesting in real checkpoints ends at ten or so.
    static let maximumDepth = 64
    /// Objects and members that are looked at.
    ///
    /// Dictionaries that contain each other many times over end here.
    static let maximumVisits = 2_000_000
    /// The longest name of a tensor.
    static let longestName = 1000

    /// The most tensors, those of an optimizer included.
    static let maximumTensors = 100_000
    /// What cannot be read is remembered for messages; of a list of a million numbers of NumPy, the first will do.
    private static let maximumNotes = 10_000
    /// Where a module that was saved whole keeps its tensors.
    private static let partsOfModules: [PickleValue] = [.text("_parameters"), .text("_buffers"), .text("_modules")]

    /// The tensors by their names.
    private(set) var tensors: [String: TorchTensor] = [:]
    /// Why there is no tensor under a name where something else lies that could have been one.
    private(set) var unreadable: [String: String] = [:]

    private let pickle: Pickle
    private let path: String
    private var visits = 0

    /// Walks through a pickle.
    ///
    /// - Throws: `WeightsError.entry` for a tensor that contradicts itself or bears another one's name, and where
    ///   nesting does not end.
    init(in pickle: Pickle, path: String) throws(WeightsError) {
        self.pickle = pickle
        self.path = path
        try visit(pickle.root, name: "", depth: 0)
    }

    private mutating func visit(_ value: PickleValue, name: String, depth: Int) throws(WeightsError) {
        guard let object = pickle.object(value) else { return }
        guard depth <= Self.maximumDepth, name.utf8.count <= Self.longestName else {
            throw .entry(
                path: path, tensor: String(name.prefix(80)),
                problem:
                    "it is nested deeper than \(Self.maximumDepth), or has a name of over \(Self.longestName) bytes")
        }
        try count(object, name)
        switch object.kind {
        case .tuple, .list, .set:
            for (index, element) in object.elements.enumerated() {
                if case .object = element { try visit(element, name: Self.join(name, "\(index)"), depth: depth + 1) }
            }
        case .dictionary:
            try visit(pairs: object, name: name, depth: depth)
        case .call(let function, let arguments):
            try visit(call: object, of: pickle.globalName(function), pickle.object(arguments), name: name, depth: depth)
        case .persistent:
            note("it is a storage without a tensor", name)
        case .global:
            break
        }
    }

    private mutating func visit(pairs object: PickleObject, name: String, depth: Int) throws(WeightsError) {
        for (key, value) in object.pairs {
            guard case .object = value else { continue }
            switch key {
            case .text(let text): try visit(value, name: Self.join(name, text), depth: depth + 1)
            case .int(let number): try visit(value, name: Self.join(name, "\(number)"), depth: depth + 1)
            default: break
            }
        }
    }

    private mutating func visit(
        call object: PickleObject, of function: String?, _ arguments: PickleObject?, name: String, depth: Int
    ) throws(WeightsError) {
        switch function {
        case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor":
            switch TorchTensor.read(arguments, of: pickle) {
            case .tensor(let tensor):
                guard tensors.updateValue(tensor, forKey: name) == nil else {
                    throw .entry(path: path, tensor: name, problem: "there are two tensors of this name")
                }
                guard tensors.count <= Self.maximumTensors else {
                    throw .entry(path: path, tensor: name, problem: "it is one of more than \(Self.maximumTensors)")
                }
            case .unreadable(let reason): note(reason, name)
            case .damaged(let problem): throw .entry(path: path, tensor: name, problem: problem)
            }
        case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
            guard let data = arguments?.elements.first else {
                throw .entry(path: path, tensor: name, problem: "a parameter has no tensor")
            }
            try visit(data, name: name, depth: depth + 1)
        case "collections.OrderedDict", "collections.defaultdict":
            try visit(pairs: object, name: name, depth: depth)
        default:
            try visit(instance: object, of: function, name: name, depth: depth)
        }
    }

    /// An object of a class that is not known: a module by its attributes, or nothing that has tensors.
    private mutating func visit(
        instance object: PickleObject, of function: String?, name: String, depth: Int
    ) throws(WeightsError) {
        let attributes = object.state.flatMap { pickle.object($0) }
        if let attributes { try count(attributes, name) }
        if let attributes, function?.hasPrefix("__torch__.") == true {
            return try visit(pairs: attributes, name: name, depth: depth)
        }
        let parts = attributes?.pairs.filter { Self.partsOfModules.contains($0.key) } ?? []
        for part in parts { try visit(part.value, name: name, depth: depth + 1) }
        if parts.isEmpty {
            note("it is made by \(function ?? "a function without a name"), which is not read as a tensor", name)
        }
    }

    /// Counts the work that an object makes: a small file may refer to one large object a million times.
    private mutating func count(_ object: PickleObject, _ name: String) throws(WeightsError) {
        visits += 1 + object.elements.count + object.pairs.count
        guard visits <= Self.maximumVisits else {
            throw .entry(
                path: path, tensor: String(name.prefix(80)),
                problem: "it is among more than \(Self.maximumVisits) objects, or among some that contain each other")
        }
    }

    private mutating func note(_ reason: String, _ name: String) {
        if unreadable.count < Self.maximumNotes { unreadable[name] = reason }
    }

    private static func join(_ name: String, _ key: String) -> String { name.isEmpty ? key : name + "." + key }
}

/// A value in a pickle.
///
/// Objects are numbers into `Pickle.objects`, so that values nest without memory that nests, and
/// an object may contain itself.
enum PickleValue: Equatable, Sendable {
    /// Python's None.
    case none
    /// A truth value.
    case bool(Bool)
    /// A whole number of at most 64 bits.
    case int(Int)
    /// A double-precision float.
    case float(Double)
    /// Text of at most `PickleMachine.longestText` bytes.
    case text(String)
    /// Bytes, long text or a number beyond 64 bits: known to be there, content not kept.
    case opaque
    /// An object, by its number.
    case object(Int)
}

/// An object in a pickle: what its instructions say about it, with nothing done.
struct PickleObject: Sendable {
    /// What kind of object it is.
    enum Kind: Equatable, Sendable {
        /// Members that do not change.
        case tuple
        /// Members in an order.
        case list
        /// Members in no order.
        case set
        /// Values by their keys.
        case dictionary
        /// A class or function by its module and name; never looked up.
        case global(module: String, name: String)
        /// What a call would return; nothing is called.
        case call(function: PickleValue, arguments: PickleValue)
        /// What the program that loads the pickle has elsewhere, by a key.
        case persistent(PickleValue)
    }

    /// What the instructions that made it say.
    let kind: Kind
    /// The members of a tuple, a list or a set, and what was appended to another object.
    var elements: [PickleValue] = []
    /// The pairs of a dictionary, and what was set in another object, in the order of the pickle.
    var pairs: [(key: PickleValue, value: PickleValue)] = []
    /// What the object's attributes would be set from.
    var state: PickleValue?
}

/// What a pickle describes, as a graph of values.
///
/// No code is run and no class is looked up: a call is an object that
/// says which function with which arguments, for whoever knows what the function would have made.
struct Pickle: Sendable {
    /// The value the pickle stands for.
    let root: PickleValue
    /// Every object it mentions.
    let objects: [PickleObject]

    /// Reads one pickle; the input is then behind its last byte.
    ///
    /// - Throws: `WeightsError.pickle` at the byte that is damaged, not supported, or beyond a limit of
    ///   `PickleMachine`.
    init(from input: inout PickleInput) throws(WeightsError) {
        var machine = PickleMachine(input: input)
        root = try machine.run()
        objects = machine.objects
        input = machine.input
    }

    /// The object a value stands for; nil where it is a number, a text or nothing.
    func object(_ value: PickleValue) -> PickleObject? {
        guard case .object(let index) = value else { return nil }
        return objects[index]
    }

    /// The full name of a class or function, as in `collections.OrderedDict`; nil for other values.
    func globalName(_ value: PickleValue) -> String? {
        guard case .global(let module, let name) = object(value)?.kind else { return nil }
        return "\(module).\(name)"
    }

    /// The members of a tuple or a list that holds whole numbers only, and no more than a limit.
    func integers(_ value: PickleValue, atMost limit: Int) -> [Int]? {
        guard let object = object(value), object.kind == .tuple || object.kind == .list,
            object.elements.count <= limit
        else { return nil }
        var result: [Int] = []
        for element in object.elements {
            guard case .int(let number) = element else { return nil }
            result.append(number)
        }
        return result
    }
}

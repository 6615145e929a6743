import Yams

/// One mapping of a configuration file, read key by key; keys that nobody asked for are errors.
struct YAMLSection {
    private let path: String
    private let name: String
    private let mapping: Node.Mapping
    private var asked: Set<String> = []

    /// Takes a mapping node; anything else is an error at its line.
    ///
    /// An empty section is no section.
    init?(_ node: Node?, name: String, path: String) throws(AppError) {
        guard let node else { return nil }
        self.path = path
        self.name = name
        switch node {
        case .mapping(let mapping): self.mapping = mapping
        case .scalar(let scalar) where scalar.string.isEmpty: return nil
        default:
            throw .configuration(
                path: path, line: node.mark?.line, message: "'\(name)' must be a mapping of keys to values")
        }
    }

    /// The node of a key; nil where it is absent or `null`.
    mutating func node(_ key: String) -> Node? {
        asked.insert(key)
        guard let node = mapping[key] else { return nil }
        if case .scalar(let scalar) = node, scalar.style == .plain, ["", "~", "null"].contains(scalar.string) {
            return nil
        }
        return node
    }

    /// The value of a key that `read` understands; `expected` names what would have been right.
    mutating func value<Value>(
        _ key: String, expected: String, _ read: (String) throws -> Value?
    ) throws(AppError) -> Value? {
        guard let node = node(key) else { return nil }
        var text = node.scalar?.string
        if case .sequence(let sequence) = node {
            // A list of scalars reads like the same list on the command line.
            let items = sequence.compactMap { $0.scalar?.string }
            if items.count == sequence.count { text = items.joined(separator: ",") }
        }
        if let text, let value = try? read(text) { return value }
        throw .configuration(
            path: path, line: node.mark?.line,
            message: "'\(name).\(key)' must be \(expected); found \(text.map { "'\($0)'" } ?? "a nested structure")")
    }

    /// Throws for the first key that was not asked for.
    func finish() throws(AppError) {
        for (key, _) in mapping {
            guard let text = key.string, asked.contains(text) else {
                let known = asked.sorted().joined(separator: ", ")
                throw .configuration(
                    path: path, line: key.mark?.line,
                    message: "unknown key '\(key.string ?? "?")' in '\(name)'; known keys: \(known)")
            }
        }
    }
}

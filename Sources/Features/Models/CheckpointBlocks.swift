/// Where a model's blocks lie in a file: what stands before the names of each, and which names there are.
struct CheckpointBlocks {
    /// By block: all that stands before its tensors' names.
    let prefixes: [String]
    /// The names that any block has, without what stands before them.
    ///
    /// What one block has all must have, so that a tensor that is missing is told from one that the family lacks.
    let names: Set<String>

    /// Beyond any published model, so that a damaged file cannot ask for any amount of memory.
    private static let maximumDepth = 256

    /// Finds the blocks; a hole is found later, as a missing tensor.
    ///
    /// - Parameters:
    ///   - prefix: What stands before the model's names.
    ///   - dialect: The names that fit.
    /// - Throws: `WeightsError` where a tensor belongs to no block that a model can have, or there are no blocks.
    init(file: any TensorSource, prefix: String, names dialect: CheckpointNames) throws(WeightsError) {
        var prefixes: [Int: String] = [:]
        var names: Set<String> = []
        for start in dialect.blockPrefixes.map({ prefix + $0 }) {
            for name in file.entries.keys where name.hasPrefix(start) {
                func number(after start: String) throws(WeightsError) -> (Int, prefix: String) {
                    let digits = name.dropFirst(start.count).prefix { $0 != "." }
                    guard let index = Int(digits), (0..<Self.maximumDepth).contains(index), String(index) == digits
                    else {
                        throw .model(
                            path: file.path,
                            problem:
                                "tensor \"\(name)\" belongs to block \"\(digits)\", expected 0…\(Self.maximumDepth - 1)"
                        )
                    }
                    return (index, start + digits + ".")
                }
                var (index, own) = try number(after: start)
                // DINOv2's training keeps blocks in chunks: blocks.0.3. is block 3.
                if name.dropFirst(own.count).first?.isNumber == true { (index, own) = try number(after: own) }
                guard prefixes.updateValue(own, forKey: index) ?? own == own else {
                    throw .model(
                        path: file.path, problem: "tensor \"\(name)\" belongs to block \(index), which is there twice")
                }
                names.insert(String(name.dropFirst(own.count)))
            }
            if !prefixes.isEmpty { break }
        }
        guard let last = prefixes.keys.max() else {
            throw .model(
                path: file.path, problem: "no tensor begins with \"\(prefix)\(dialect.blockPrefixes[0])\": no blocks")
        }
        let usual = prefix + dialect.blockPrefixes[0]
        self.prefixes = (0...last).map { prefixes[$0] ?? "\(usual)\($0)." }
        self.names = names
    }
}

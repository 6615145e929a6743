/// A checkpoint of Google's in Flax under the names and in the shapes of timm, so that it opens like any other.
///
/// What tensors of timm do not show is in `metadata`, as a safetensors header would state it: the heads, LayerNorm's ε,
/// and the family.
final class FlaxCheckpoint: Sendable, TensorSource {
    /// The path of the file.
    let path: String
    /// Every tensor by timm's name; what is neither a part of the model nor known to be of no use, by its own.
    let entries: [String: TensorEntry]
    /// `num_heads`, `layer_norm_eps` and `vtrack.family`.
    let metadata: [String: String]

    private let file: NpzFile
    /// The tensors of the file that make one of timm's, their rows stacked.
    private let pieces: [String: [FlaxNames.Piece]]

    /// The most blocks that are looked for, as for any other checkpoint.
    private static let maximumDepth = 256

    /// Looks for a model of one of the known families.
    ///
    /// - Returns: nil where there is none.
    /// - Throws: `WeightsError` naming the first tensor of the model that is missing or cannot have its shape.
    init?(_ file: NpzFile) throws(WeightsError) {
        guard let (names, nesting) = FlaxNames.matching({ file.entries[$0] != nil }) else { return nil }
        let timm = CheckpointNames.timm
        var entries: [String: TensorEntry] = [:]
        var pieces: [String: [FlaxNames.Piece]] = [:]
        var unknown = Set(file.entries.keys)
        for part in Self.parts(of: names, nesting: nesting, in: file) {
            guard let key = timm.keys(of: part).first else { continue }
            let nested = names.pieces(of: part).map { FlaxNames.Piece(name: nesting + $0.name, layout: $0.layout) }
            guard !nested.isEmpty else { continue }
            entries[key] = try Self.joined(nested, as: key, in: file)
            pieces[key] = nested
            for piece in nested { unknown.remove(piece.name) }
        }
        for name in unknown where !names.ignored.contains(where: { name.hasPrefix(nesting + $0) }) {
            guard pieces[name] == nil else {
                throw .entry(path: file.path, tensor: name, problem: "the file has it under Google's name and timm's")
            }
            entries[name] = file.entries[name]
        }

        var metadata = ["layer_norm_eps": "\(FlaxNames.layerNormEpsilon)"]
        let query = names.pieces(of: .block(0, .attentionWeight)).first.flatMap { file.entries[nesting + $0.name] }
        if let query, let heads = FlaxNames.heads(queryKernel: query.shape) { metadata["num_heads"] = "\(heads)" }
        metadata["vtrack.family"] = names.family
        path = file.path
        self.file = file
        self.entries = entries
        self.metadata = metadata
        self.pieces = pieces
    }

    /// A tensor's numbers, row-major, by timm's name.
    ///
    /// - Throws: `WeightsError` where there is no such tensor, its type is another one, or reading fails.
    func floats(_ name: String) throws(WeightsError) -> [Float] {
        guard let pieces = pieces[name] else { return try file.floats(name) }
        var values: [Float] = []
        for piece in pieces {
            guard let entry = file.entries[piece.name] else {
                throw .missing(path: path, tensor: piece.name, expectedShape: [])
            }
            let next = piece.layout.modelValues(try file.floats(piece.name), shape: entry.shape)
            if values.isEmpty { values = next } else { values.append(contentsOf: next) }
        }
        return values
    }

    /// The parts that the model should have: those of each block of which there is any tensor, and the final LayerNorm
    /// where there is one.
    private static func parts(of names: FlaxNames, nesting: String, in file: NpzFile) -> [ModelPart] {
        var parts: [ModelPart] = [.classToken, .positions, .patchWeight, .patchBias]
        for part in [ModelPart.finalNormWeight, .finalNormBias] {
            if names.pieces(of: part).contains(where: { file.entries[nesting + $0.name] != nil }) { parts.append(part) }
        }
        let prefix = nesting + names.blockPrefix
        var blocks: Set<Int> = []
        for name in file.entries.keys where name.hasPrefix(prefix) {
            let digits = name.dropFirst(prefix.count).prefix { $0 != "/" }
            // Any other stays under its own name, and is refused by it.
            guard let block = Int(digits), (0..<maximumDepth).contains(block), String(block) == digits else { continue }
            blocks.insert(block)
        }
        for block in blocks.sorted() { parts += BlockPart.allCases.map { .block(block, $0) } }
        return parts
    }

    /// The entry of a part that is made of some tensors.
    private static func joined(
        _ pieces: [FlaxNames.Piece], as key: String, in file: NpzFile
    ) throws(WeightsError) -> TensorEntry {
        var joined: (type: TensorType, shape: [Int], count: Int)?
        let first = pieces.first.flatMap { file.entries[$0.name]?.shape }
        for piece in pieces {
            func wrong(_ problem: String) -> WeightsError {
                .entry(path: file.path, tensor: piece.name, problem: problem)
            }
            guard let entry = file.entries[piece.name] else {
                throw .missing(path: file.path, tensor: piece.name, expectedShape: joined?.shape ?? [])
            }
            guard var shape = piece.layout.modelShape(entry.shape) else {
                throw wrong("shape \(entry.shape) is none that this tensor can have")
            }
            if let before = joined {
                guard before.type == entry.type, entry.shape == first else {
                    throw wrong("its type or shape differs from that of \"\(pieces[0].name)\"")
                }
                shape[0] += before.shape[0]
                joined = (entry.type, shape, before.count + entry.count)
            } else {
                guard entry.count > 0 else { throw wrong("it is empty") }
                joined = (entry.type, shape, entry.count)
            }
        }
        guard let joined else { throw .missing(path: file.path, tensor: key, expectedShape: []) }
        return TensorEntry(
            name: key, type: joined.type, shape: joined.shape, count: joined.count,
            bytes: 0..<joined.count * joined.type.bits / 8)
    }
}

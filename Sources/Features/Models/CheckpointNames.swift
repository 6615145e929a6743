/// What one dialect of checkpoints calls a model's tensors.
///
/// Adding a dialect is adding a table. Versions of one program differ in a few names only, so each part has several
/// that it may have; what a family lacks (registers, LayerScale) is seen by its absence.
struct CheckpointNames: Sendable {
    let dialect: ModelDescription.Dialect
    /// Prefixes the whole model may be nested under; "" where it need not be.
    let nestings: [String]
    /// The model's own tensors, less those of the blocks, each with every name it may have, the usual one first.
    let model: [ModelPart: [String]]
    /// What may stand before a block's number, counted from 0.
    let blockPrefixes: [String]
    /// A block's tensors: alternatives, each of one name or of several whose rows are stacked in that order.
    ///
    /// "" stands for rows of zeros.
    let block: [BlockPart: [[String]]]
    /// Tensors with one factor for each row of a part: LayerScale, and masks of biases.
    let rowFactors: [BlockPart: [String]]
    /// Tensors under these prefixes are known and not needed: heads, poolers, decoders, training state.
    let ignored: [String]
    /// The same for tensors of a block, by their whole names.
    let ignoredInBlocks: [String]
    /// Prefixes of what may lie beside a nested model, but not in it: another tower, for example.
    let beside: [String]
    /// Parts whose names tell that a file is of this dialect.
    let probes: [ModelPart]
    /// The ε of LayerNorm where neither files nor the family say another.
    let defaultEpsilon: Double

    init(
        dialect: ModelDescription.Dialect, nestings: [String], model: [ModelPart: [String]], blockPrefixes: [String],
        block: [BlockPart: [[String]]], rowFactors: [BlockPart: [String]] = [:], ignored: [String],
        ignoredInBlocks: [String] = [], beside: [String] = [], probes: [ModelPart] = [.patchWeight],
        defaultEpsilon: Double
    ) {
        self.dialect = dialect
        self.nestings = nestings
        self.model = model
        self.blockPrefixes = blockPrefixes
        self.block = block
        self.rowFactors = rowFactors
        self.ignored = ignored
        self.ignoredInBlocks = ignoredInBlocks
        self.beside = beside
        self.probes = probes
        self.defaultEpsilon = defaultEpsilon
    }

    static let all = [timm, huggingFace, clip, huggingFaceCLIP]

    /// What a file usually calls a part, without the nesting; several names where its rows lie in several tensors.
    func keys(of part: ModelPart) -> [String] {
        switch part {
        case .block(let index, let part): (block[part]?.first ?? []).map { "\(blockPrefixes[0])\(index).\($0)" }
        default: (model[part]?.first).map { [$0] } ?? []
        }
    }

    /// The weight and the bias of a layer, by the layer's names.
    ///
    /// - Parameter layers: Alternatives, each of one layer or of several whose rows are stacked.
    static func layer(
        _ weight: BlockPart, _ bias: BlockPart, _ layers: [[String]]
    ) -> [BlockPart: [[String]]] {
        [
            weight: layers.map { $0.map { $0 + ".weight" } },
            bias: layers.map { $0.map { $0 + ".bias" } },
        ]
    }

    /// Several tables as one.
    static func joined(_ tables: [BlockPart: [[String]]]...) -> [BlockPart: [[String]]] {
        tables.reduce(into: [:]) { $0.merge($1) { $0 + $1 } }
    }

    /// LayerScale after attention and after the MLP.
    static func layerScale(_ attention: [String], _ mlp: [String]) -> [BlockPart: [String]] {
        [
            .projectionWeight: attention, .projectionBias: attention, .outputWeight: mlp, .outputBias: mlp,
        ]
    }
}

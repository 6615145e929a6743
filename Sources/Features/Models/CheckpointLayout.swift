/// What a model is made of and how large it is, as its tensors show with the help of its family; every tensor accounted for.
struct CheckpointLayout {
    let hiddenWidth: Int
    let inputSide: Int
    /// The heads, where a tensor shows them.
    let heads: Int?
    let structure: ModelStructure

    private static let maximumHiddenWidth = 1 << 16
    static let maximumGridSide = 256
    private static let maximumRegisters = 256

    /// Reads the structure off the tensors and checks every one against it.
    ///
    /// - Parameters:
    ///   - configuration: What files and flags say.
    ///   - family: The family, where it is known.
    /// - Throws: `WeightsError` naming the first tensor that is missing, has another shape, or is not known.
    init(
        file: any TensorSource, contents: CheckpointContents, configuration: CheckpointConfiguration,
        family: ModelFamily?
    ) throws(WeightsError) {
        let reader = Reader(file: file, contents: contents)
        let (width, tensors) = (contents.width, contents.tensors)
        var structure = ModelStructure()
        structure.classToken = tensors[.classToken] != nil
        structure.distillationToken = tensors[.distillationToken] != nil
        structure.registerTokens = try reader.registers(most: Self.maximumRegisters)
        structure.preNorm = tensors[.preNormWeight] != nil
        structure.queryKeyNorm = tensors[.block(0, .queryNormWeight)] != nil
        structure.finalNorm = tensors[.finalNormWeight] != nil || tensors[.finalNormBias] != nil
        structure.relativeBias =
            tensors[.relativePositionTable] != nil
            ? .shared : tensors[.block(0, .relativePositionTable)] != nil ? .perBlock : .none

        let (outputs, inputs) = try reader.hiddenSizes(most: Self.maximumHiddenWidth)
        hiddenWidth = inputs
        structure.activation = try Self.activation(
            gated: outputs == 2 * inputs, file: file, dialect: contents.names.dialect, configuration: configuration,
            family: family)

        let relative = try reader.relativeTable(withClassToken: structure.classToken)
        let (byNorm, byPeriods) = (try reader.headsOfNorm(), try reader.headsOfPeriods())
        heads = relative?.heads ?? byNorm ?? byPeriods
        let grid = try reader.grid(&structure, family: family, most: Self.maximumGridSide)
        if let side = grid ?? relative?.side {
            inputSide = side * contents.patch
        } else {
            let side = configuration.inputSide ?? family?.inputSide ?? 224
            inputSide = max(1, min(side / contents.patch, Self.maximumGridSide)) * contents.patch
        }
        structure.positions = try reader.positions(
            hasTable: grid != nil, structure: structure, configuration: configuration, family: family)
        self.structure = structure

        let sizes = ModelDescription(
            name: "", dialect: contents.names.dialect, family: nil, structure: structure, width: width,
            depth: contents.depth, heads: heads ?? 1, hiddenWidth: hiddenWidth, patch: contents.patch,
            inputSide: inputSide, layerNormEpsilon: 0, mean: [], std: [], preferredLayer: nil, preferredPool: nil)
        try CheckpointCheck(file: file, contents: contents, sizes: sizes).run()
    }

    private static func activation(
        gated: Bool, file: any TensorSource, dialect: ModelDescription.Dialect, configuration: CheckpointConfiguration,
        family: ModelFamily?
    ) throws(WeightsError) -> Activation {
        let stated = configuration.activation
        if gated {
            // DINOv2's configurations name the activation that its plain models have.
            guard stated == nil || stated == "silu" || stated == "swiglu" || family?.name == "dinov2" else {
                throw .configuration(
                    path: file.path,
                    problem: "hidden_act is \"\(stated ?? "")\" in an MLP with gates, expected \"silu\"")
            }
            return .swiGLU
        }
        switch stated {
        case nil:
            if dialect == .huggingFace, let activation = family?.huggingFaceActivation { return activation }
            return family?.activation ?? .gelu
        case "gelu": return .gelu
        case "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_tanh": return .geluTanh
        case "quick_gelu": return .quickGELU
        case let other?:
            throw .configuration(
                path: file.path,
                problem: "hidden_act is \"\(other.prefix(80))\", known are gelu, gelu_pytorch_tanh, quick_gelu and silu"
            )
        }
    }
}

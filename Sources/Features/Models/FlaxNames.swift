/// What Google's checkpoints of Vision Transformers in Flax call the model's tensors, and how their axes stand.
///
/// Names are paths in the tree of parameters, joined by slashes, as `.npz` files have them. A model's part is one
/// tensor, or several whose rows are stacked: queries, keys and values. The number of heads is seen in the shapes.
struct FlaxNames: Sendable {
    /// One tensor of the file.
    struct Piece: Equatable, Sendable {
        /// Its name without the nesting.
        let name: String
        let layout: FlaxLayout
    }

    /// Prefixes the whole model may be nested under; "" where it need not be.
    let nestings: [String]
    /// The model's own tensors, less those of the blocks; what is absent here the family does not have.
    let model: [ModelPart: Piece]
    /// The prefix of a block's tensors, before its number from 0 and a slash.
    let blockPrefix: String
    let block: [BlockPart: [Piece]]
    /// Tensors under these prefixes are known and not needed: heads and what only training has.
    let ignored: [String]

    /// The name of the family (`ModelFamily`), which says what tensors do not show.
    let family: String

    /// The ε of LayerNorm, Flax's default.
    static let layerNormEpsilon = 1e-6

    /// What the file calls a part, without the nesting; empty where the family does not have it.
    func pieces(of part: ModelPart) -> [Piece] {
        switch part {
        case .block(let index, let part):
            (block[part] ?? []).map { Piece(name: "\(blockPrefix)\(index)/\($0.name)", layout: $0.layout) }
        default: model[part].map { [$0] } ?? []
        }
    }

    /// The number of heads by the shape of a query's kernel, (D, H, d).
    ///
    /// - Returns: nil where that is not its shape.
    static func heads(queryKernel shape: [Int]) -> Int? {
        guard shape.count == 3, shape[1] > 0, shape[2] > 0 else { return nil }
        let (width, overflow) = shape[1].multipliedReportingOverflow(by: shape[2])
        return !overflow && width == shape[0] ? shape[1] : nil
    }

    /// The first family whose patch embedding is among the names, and the nesting it is found under.
    static func matching(_ isThere: (String) -> Bool) -> (FlaxNames, nesting: String)? {
        for names in all {
            for nesting in names.nestings {
                // The patch embedding has one name in two families; the first block's LayerNorm tells them apart.
                let probes = [ModelPart.patchWeight, .block(0, .norm2Weight)].flatMap { names.pieces(of: $0) }
                if probes.allSatisfy({ isThere(nesting + $0.name) }) { return (names, nesting) }
            }
        }
        return nil
    }

    /// Google's originals: ViT, AugReg, SAM and what was fine-tuned from them.
    ///
    /// Source: https://github.com/google-research/vision_transformer, vit_jax/models_vit.py.
    static let visionTransformer = FlaxNames(
        nestings: ["", "opt/target/"],
        model: model(positions: Piece(name: "Transformer/posembed_input/pos_embedding", layout: .same)),
        blockPrefix: "Transformer/encoderblock_",
        block: block(attention: "MultiHeadDotProductAttention_1", secondNorm: "LayerNorm_2", mlp: "MlpBlock_3"),
        ignored: ["head/", "pre_logits/"], family: "google")

    /// Those of Big Vision, each layer a tensor of its own.
    ///
    /// Source: https://github.com/google-research/big_vision, big_vision/models/vit.py.
    static let bigVision = FlaxNames(
        nestings: ["params/", "params/img/", ""],
        model: model(positions: Piece(name: "pos_embedding", layout: .same)),
        blockPrefix: "Transformer/encoderblock_",
        block: block(attention: "MultiHeadDotProductAttention_0", secondNorm: "LayerNorm_1", mlp: "MlpBlock_0"),
        ignored: ["head/", "pre_logits/", "MAPHead_0/"], family: "google")

    /// LOCA, which has no class token.
    ///
    /// Source: https://github.com/google-research/scenic, scenic/projects/loca/vit.py (arXiv 2212.02400).
    static let loca = FlaxNames(
        nestings: ["", "params/", "optimizer/target/"],
        model: [
            .positions: Piece(name: "ToTokenSequence_0/posembed_input", layout: .grid),
            .patchWeight: Piece(name: "ToTokenSequence_0/embedding/kernel", layout: .convolution),
            .patchBias: Piece(name: "ToTokenSequence_0/embedding/bias", layout: .same),
            .finalNormWeight: Piece(name: "encoder_norm/scale", layout: .same),
            .finalNormBias: Piece(name: "encoder_norm/bias", layout: .same),
        ],
        blockPrefix: "encoderblock_",
        block: block(attention: "MultiHeadDotProductAttention_0", secondNorm: "LayerNorm_1", mlp: "MlpBlock_0"),
        ignored: [
            "cross_attention_block/", "final_norm/", "position_predictor/",
            "projection_head_for_clustering_prediction/",
        ], family: "loca")

    static let all = [visionTransformer, bigVision, loca]

    private static func model(positions: Piece) -> [ModelPart: Piece] {
        [
            .classToken: Piece(name: "cls", layout: .same), .positions: positions,
            .patchWeight: Piece(name: "embedding/kernel", layout: .convolution),
            .patchBias: Piece(name: "embedding/bias", layout: .same),
            .finalNormWeight: Piece(name: "Transformer/encoder_norm/scale", layout: .same),
            .finalNormBias: Piece(name: "Transformer/encoder_norm/bias", layout: .same),
        ]
    }

    private static func block(attention: String, secondNorm: String, mlp: String) -> [BlockPart: [Piece]] {
        func piece(_ name: String, _ layout: FlaxLayout = .same) -> [Piece] { [Piece(name: name, layout: layout)] }
        let projections = ["query", "key", "value"]
        return [
            .norm1Weight: piece("LayerNorm_0/scale"), .norm1Bias: piece("LayerNorm_0/bias"),
            .attentionWeight: projections.flatMap { piece("\(attention)/\($0)/kernel", .headsKernel) },
            .attentionBias: projections.flatMap { piece("\(attention)/\($0)/bias", .headsBias) },
            .projectionWeight: piece("\(attention)/out/kernel", .outputKernel),
            .projectionBias: piece("\(attention)/out/bias"),
            .norm2Weight: piece("\(secondNorm)/scale"), .norm2Bias: piece("\(secondNorm)/bias"),
            .hiddenWeight: piece("\(mlp)/Dense_0/kernel", .dense), .hiddenBias: piece("\(mlp)/Dense_0/bias"),
            .outputWeight: piece("\(mlp)/Dense_1/kernel", .dense), .outputBias: piece("\(mlp)/Dense_1/bias"),
        ]
    }
}

/// What one family of checkpoints calls these tensors.
///
/// Adding a family's names is adding a table.
struct CheckpointNames: Sendable {
    let dialect: ModelDescription.Dialect
    /// Prefixes the whole model may be nested under; "" where it need not be.
    let nestings: [String]
    let model: [ModelPart: String]
    /// The prefix of a block's tensors, before its number from 0.
    let blockPrefix: String
    /// Several names: separate tensors whose rows are stacked in that order.
    let block: [BlockPart: [String]]
    /// Tensors under these prefixes are known and not needed: heads, poolers, training state.
    let ignored: [String]
    /// The ε of LayerNorm where nobody says another.
    let defaultEpsilon: Double

    /// What the file calls a part, without the nesting.
    func keys(of part: ModelPart) -> [String] {
        switch part {
        case .block(let index, let part): (block[part] ?? []).map { "\(blockPrefix)\(index).\($0)" }
        default: model[part].map { [$0] } ?? []
        }
    }

    /// The names of PyTorch Image Models.
    ///
    /// Source: https://github.com/huggingface/pytorch-image-models, timm/models/vision_transformer.py
    static let timm = CheckpointNames(
        dialect: .timm,
        nestings: [""],
        model: [
            .classToken: "cls_token", .distillationToken: "dist_token", .positions: "pos_embed",
            .patchWeight: "patch_embed.proj.weight", .patchBias: "patch_embed.proj.bias",
            .finalNormWeight: "norm.weight", .finalNormBias: "norm.bias",
        ],
        blockPrefix: "blocks.",
        block: [
            .norm1Weight: ["norm1.weight"], .norm1Bias: ["norm1.bias"],
            .attentionWeight: ["attn.qkv.weight"], .attentionBias: ["attn.qkv.bias"],
            .projectionWeight: ["attn.proj.weight"], .projectionBias: ["attn.proj.bias"],
            .norm2Weight: ["norm2.weight"], .norm2Bias: ["norm2.bias"],
            .hiddenWeight: ["mlp.fc1.weight"], .hiddenBias: ["mlp.fc1.bias"],
            .outputWeight: ["mlp.fc2.weight"], .outputBias: ["mlp.fc2.bias"],
        ],
        ignored: ["head.", "head_dist.", "fc_norm.", "pre_logits."],
        defaultEpsilon: 1e-6
    )

    /// The names of Hugging Face Transformers.
    ///
    /// Source: https://github.com/huggingface/transformers, models/vit/modeling_vit.py, models/deit/modeling_deit.py
    static let huggingFace = CheckpointNames(
        dialect: .huggingFace,
        nestings: ["", "vit.", "deit."],
        model: [
            .classToken: "embeddings.cls_token", .distillationToken: "embeddings.distillation_token",
            .positions: "embeddings.position_embeddings",
            .patchWeight: "embeddings.patch_embeddings.projection.weight",
            .patchBias: "embeddings.patch_embeddings.projection.bias",
            .finalNormWeight: "layernorm.weight", .finalNormBias: "layernorm.bias",
        ],
        blockPrefix: "encoder.layer.",
        block: [
            .norm1Weight: ["layernorm_before.weight"], .norm1Bias: ["layernorm_before.bias"],
            .attentionWeight: ["query", "key", "value"].map { "attention.attention.\($0).weight" },
            .attentionBias: ["query", "key", "value"].map { "attention.attention.\($0).bias" },
            .projectionWeight: ["attention.output.dense.weight"], .projectionBias: ["attention.output.dense.bias"],
            .norm2Weight: ["layernorm_after.weight"], .norm2Bias: ["layernorm_after.bias"],
            .hiddenWeight: ["intermediate.dense.weight"], .hiddenBias: ["intermediate.dense.bias"],
            .outputWeight: ["output.dense.weight"], .outputBias: ["output.dense.bias"],
        ],
        ignored: ["pooler.", "classifier.", "cls_classifier.", "distillation_classifier.", "embeddings.mask_token"],
        defaultEpsilon: 1e-12
    )

    static let all = [timm, huggingFace]
}

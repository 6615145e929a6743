extension CheckpointNames {
    /// The names of PyTorch Image Models and of all the repositories that began with them.
    ///
    /// Sources, each with what it has of its own:
    /// - huggingface/pytorch-image-models: timm/models/vision_transformer.py (`reg_token`, `norm_pre`, `ls1.gamma`,
    ///   `attn.q_norm`), deit.py (`dist_token`), beit.py (`gamma_1`, `attn.q_bias`), eva.py (`mlp.fc1_g`);
    /// - facebookresearch/dino, vision_transformer.py: nothing;
    /// - facebookresearch/dinov2, dinov2/models/vision_transformer.py: `register_tokens`, `mask_token`, `mlp.w12`,
    ///   `mlp.w3`, and blocks in chunks, `blocks.0.3.`;
    /// - facebookresearch/dinov3, dinov3/models/vision_transformer.py: `storage_tokens`, `rope_embed.periods`,
    ///   `attn.qkv.bias_mask`, `mlp.w1`, `mlp.w2`;
    /// - facebookresearch/mae, models_mae.py: `decoder_`; bair-climate-initiative/scale-mae, mae/models_mae.py: `fpn`,
    ///   `fcn`, `mask_token_decoder`;
    /// - microsoft/SimMIM, models/simmim.py and models/vision_transformer.py: `encoder.`,
    ///   `rel_pos_bias.relative_position_bias_table`, `attn.q_bias`, `gamma_1`; microsoft/unilm, beit: the same;
    /// - bytedance/ibot, models/vision_transformer.py: `masked_embed`;
    /// - facebookresearch/deit, models.py (`dist_token`) and models_v2.py (`gamma_1`).
    static let timm = CheckpointNames(
        dialect: .timm,
        nestings: ["", "encoder.", "visual.trunk."],
        model: [
            .classToken: ["cls_token"], .distillationToken: ["dist_token"],
            .registerTokens: ["reg_token", "register_tokens", "storage_tokens"], .positions: ["pos_embed"],
            .patchWeight: ["patch_embed.proj.weight"], .patchBias: ["patch_embed.proj.bias"],
            .relativePositionTable: ["rel_pos_bias.relative_position_bias_table"],
            .rotaryPeriods: ["rope_embed.periods"],
            .preNormWeight: ["norm_pre.weight"], .preNormBias: ["norm_pre.bias"],
            .finalNormWeight: ["norm.weight"], .finalNormBias: ["norm.bias"],
        ],
        blockPrefixes: ["blocks."],
        block: joined(
            layer(.norm1Weight, .norm1Bias, [["norm1"]]),
            [
                .attentionWeight: [["attn.qkv.weight"]],
                .attentionBias: [["attn.qkv.bias"], ["attn.q_bias", "", "attn.v_bias"]],
                .relativePositionTable: [["attn.relative_position_bias_table"]],
            ],
            layer(.queryNormWeight, .queryNormBias, [["attn.q_norm"]]),
            layer(.keyNormWeight, .keyNormBias, [["attn.k_norm"]]),
            layer(.projectionWeight, .projectionBias, [["attn.proj"]]),
            layer(.norm2Weight, .norm2Bias, [["norm2"]]),
            layer(
                .hiddenWeight, .hiddenBias,
                [["mlp.fc1"], ["mlp.w12"], ["mlp.fc1_g", "mlp.fc1_x"], ["mlp.w1", "mlp.w2"]]),
            layer(.outputWeight, .outputBias, [["mlp.fc2"], ["mlp.w3"]])),
        rowFactors: layerScale(["ls1.gamma", "gamma_1"], ["ls2.gamma", "gamma_2"]).merging(
            [.attentionBias: ["attn.qkv.bias_mask"]]) { $1 },
        ignored: [
            "head.", "head_dist.", "fc_norm.", "pre_logits.", "attn_pool.", "lm_head.", "dino_head.", "ibot_head.",
            "projectors.", "mask_token", "masked_embed", "decoder_embed.", "decoder_pos_embed", "decoder_blocks.",
            "decoder_norm.", "decoder_pred.", "decoder.", "pos_emb_projection.", "fpn.", "fcn.", "fcn_high.",
            "fcn_low.", "cls_norm.", "local_cls_norm.", "rel_pos_bias.relative_position_index",
        ],
        ignoredInBlocks: ["attn.relative_position_index"],
        beside: [
            "visual.head.", "text.", "transformer.", "token_embedding.", "ln_final.", "logit_", "text_projection",
        ],
        defaultEpsilon: 1e-6
    )
}

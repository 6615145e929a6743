extension CheckpointNames {
    /// The names of Hugging Face Transformers: those that files were published under, and those that its modules have
    /// since version 5, which a `state_dict` saved as it is shows.
    ///
    /// Sources: huggingface/transformers 5.23, src/transformers/models: vit, deit, vit_mae, beit (`lambda_1`, tables of
    /// relative positions), dinov2 and dinov2_with_registers (`norm1`, `layer_scale1.lambda1`, `mlp.weights_in`),
    /// dinov3_vit (`layer.0.attention.q_proj`, `mlp.gate_proj`), each modeling_*.py.
    static let huggingFace = CheckpointNames(
        dialect: .huggingFace,
        nestings: ["", "vit.", "deit.", "beit.", "dinov2.", "dinov2_with_registers.", "dinov3_vit."],
        model: [
            .classToken: ["embeddings.cls_token"], .distillationToken: ["embeddings.distillation_token"],
            .registerTokens: ["embeddings.register_tokens"], .positions: ["embeddings.position_embeddings"],
            .patchWeight: ["embeddings.patch_embeddings.projection.weight", "embeddings.patch_embeddings.weight"],
            .patchBias: ["embeddings.patch_embeddings.projection.bias", "embeddings.patch_embeddings.bias"],
            .relativePositionTable: [
                "encoder.relative_position_bias.relative_position_bias_table",
                "shared_position_bias.relative_position_bias_table",
            ],
            .finalNormWeight: ["layernorm.weight", "norm.weight"], .finalNormBias: ["layernorm.bias", "norm.bias"],
        ],
        blockPrefixes: ["encoder.layer.", "layers.", "layer.", "model.layer."],
        block: joined(
            layer(.norm1Weight, .norm1Bias, [["layernorm_before"], ["norm1"]]),
            layer(
                .attentionWeight, .attentionBias,
                [
                    ["query", "key", "value"].map { "attention.attention.\($0)" },
                    ["q", "k", "v"].map { "attention.\($0)_proj" },
                ]),
            [
                .relativePositionTable: [
                    ["attention.attention.relative_position_bias.relative_position_bias_table"],
                    ["relative_position_bias.relative_position_bias_table"],
                ]
            ],
            layer(.projectionWeight, .projectionBias, [["attention.output.dense"], ["attention.o_proj"]]),
            layer(.norm2Weight, .norm2Bias, [["layernorm_after"], ["norm2"]]),
            layer(
                .hiddenWeight, .hiddenBias,
                [
                    ["intermediate.dense"], ["mlp.fc1"], ["mlp.weights_in"], ["mlp.gate_proj", "mlp.up_proj"],
                    ["mlp.up_proj"],
                ]),
            layer(
                .outputWeight, .outputBias,
                [["output.dense"], ["mlp.fc2"], ["mlp.weights_out"], ["mlp.down_proj"]])),
        rowFactors: layerScale(["layer_scale1.lambda1", "lambda_1"], ["layer_scale2.lambda1", "lambda_2"]),
        ignored: [
            "pooler.", "classifier.", "cls_classifier.", "distillation_classifier.", "embeddings.mask_token",
            "decoder.",
            "lm_head.", "encoder.relative_position_bias.relative_position_index",
            "shared_position_bias.relative_position_index",
        ],
        ignoredInBlocks: [
            "attention.attention.relative_position_bias.relative_position_index",
            "relative_position_bias.relative_position_index",
        ],
        defaultEpsilon: 1e-12
    )
}

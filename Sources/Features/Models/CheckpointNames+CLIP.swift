extension CheckpointNames {
    /// The names of OpenAI's CLIP and of OpenCLIP, of which the picture's tower is read.
    ///
    /// Sources: openai/CLIP, clip/model.py; mlfoundations/open_clip, src/open_clip/transformer.py.
    static let clip = CheckpointNames(
        dialect: .clip,
        nestings: ["", "visual."],
        model: [
            .classToken: ["class_embedding"], .positions: ["positional_embedding"], .patchWeight: ["conv1.weight"],
            .patchBias: ["conv1.bias"], .preNormWeight: ["ln_pre.weight"], .preNormBias: ["ln_pre.bias"],
            .finalNormWeight: ["ln_post.weight"], .finalNormBias: ["ln_post.bias"],
        ],
        blockPrefixes: ["transformer.resblocks."],
        block: joined(
            layer(.norm1Weight, .norm1Bias, [["ln_1"]]),
            [.attentionWeight: [["attn.in_proj_weight"]], .attentionBias: [["attn.in_proj_bias"]]],
            layer(.projectionWeight, .projectionBias, [["attn.out_proj"]]),
            layer(.norm2Weight, .norm2Bias, [["ln_2"]]),
            layer(.hiddenWeight, .hiddenBias, [["mlp.c_fc"]]),
            layer(.outputWeight, .outputBias, [["mlp.c_proj"]])),
        rowFactors: layerScale(["ls_1.gamma"], ["ls_2.gamma"]),
        ignored: ["proj"],
        beside: text + ["input_resolution", "context_length", "vocab_size", "transformer.", "positional_embedding"],
        probes: [.patchWeight, .classToken],
        defaultEpsilon: 1e-5
    )

    /// The names that Hugging Face Transformers gives to CLIP.
    ///
    /// Source: huggingface/transformers 5.23, src/transformers/models/clip/modeling_clip.py.
    static let huggingFaceCLIP = CheckpointNames(
        dialect: .huggingFace,
        nestings: ["", "vision_model.", "clip.vision_model."],
        model: [
            .classToken: ["embeddings.class_embedding"], .positions: ["embeddings.position_embedding.weight"],
            .patchWeight: ["embeddings.patch_embedding.weight"], .patchBias: ["embeddings.patch_embedding.bias"],
            // So spelt by its authors.
            .preNormWeight: ["pre_layrnorm.weight"], .preNormBias: ["pre_layrnorm.bias"],
            .finalNormWeight: ["post_layernorm.weight"], .finalNormBias: ["post_layernorm.bias"],
        ],
        blockPrefixes: ["encoder.layers."],
        block: joined(
            layer(.norm1Weight, .norm1Bias, [["layer_norm1"]]),
            layer(.attentionWeight, .attentionBias, [["q", "k", "v"].map { "self_attn.\($0)_proj" }]),
            layer(.projectionWeight, .projectionBias, [["self_attn.out_proj"]]),
            layer(.norm2Weight, .norm2Bias, [["layer_norm2"]]),
            layer(.hiddenWeight, .hiddenBias, [["mlp.fc1"]]),
            layer(.outputWeight, .outputBias, [["mlp.fc2"]])),
        ignored: ["embeddings.position_ids", "classifier."],
        beside: text + ["text_model.", "visual_projection."],
        defaultEpsilon: 1e-5
    )

    /// The text's tower and what is common to both.
    private static let text = [
        "text.", "text_projection", "token_embedding.", "ln_final.", "logit_scale", "logit_bias",
    ]
}

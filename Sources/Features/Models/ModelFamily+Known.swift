extension ModelFamily {
    /// Every family that is known; where several fit, the first is taken.
    static let all: [ModelFamily] = [
        clipOpenAI, clip, dinov3Satellite, dinov3, scaleMAE, dinov2, mae, ibot, dino, beit, simmim, deit3, deit, loca,
        google, augreg,
    ]

    private static let halves = [0.5, 0.5, 0.5]

    /// DINO (arXiv 2104.14294); facebookresearch/dino, vision_transformer.py and its README.
    ///
    /// Only a whole training checkpoint has the head; the files of backbones are told by their names.
    private static let dino = ModelFamily(
        name: "dino", tensors: [["head.last_layer."]], architectures: [".dino"],
        files: ["dino_deitsmall", "dino_vit"], interpolation: .offset)

    /// DINOv2 (arXiv 2304.07193) and its registers (arXiv 2309.16588); facebookresearch/dinov2,
    /// dinov2/hub/backbones.py.
    private static let dinov2 = ModelFamily(
        name: "dinov2", tensors: [["mask_token", "*.ls1.gamma"], ["*.layer_scale1.lambda1"]],
        modelTypes: ["dinov2", "dinov2_with_registers"], architectures: ["dinov2"], files: ["dinov2_"],
        huggingFaceEpsilon: 1e-6, interpolation: .offset, interpolationWithRegisters: .antialiased)

    /// DINOv3 (arXiv 2508.10104); facebookresearch/dinov3, dinov3/hub/backbones.py.
    private static let dinov3 = ModelFamily(
        name: "dinov3",
        tensors: [
            ["storage_tokens"], ["rope_embed.periods"], ["reg_token", "*.gamma_1"],
            ["embeddings.patch_embeddings.weight"],
        ],
        modelTypes: ["dinov3_vit"], architectures: ["dinov3"], files: ["dinov3_"], epsilon: 1e-5,
        huggingFaceEpsilon: 1e-5, positions: .rotary(RotaryPositions()), headWidths: [4096: 128])

    /// The same, trained on satellite pictures; the colours stand in the repository's README.
    private static let dinov3Satellite = {
        var family = dinov3
        family.name = "dinov3-sat"
        family.tensors = []
        family.modelTypes = []
        family.architectures = ["sat493m"]
        family.files = ["sat493m"]
        family.variantOf = "dinov3"
        family.mean = [0.430, 0.411, 0.296]
        family.std = [0.213, 0.156, 0.143]
        return family
    }()

    /// MAE (arXiv 2111.06377); facebookresearch/mae, models_mae.py and util/pos_embed.py.
    private static let mae = ModelFamily(
        name: "mae", tensors: [["decoder_pred."], ["decoder.decoder_pred."]], modelTypes: ["vit_mae"],
        architectures: [".mae"], files: ["mae_pretrain", "mae_visualize", "mae_finetuned"])

    /// Scale-MAE (arXiv 2212.14532); bair-climate-initiative/scale-mae, mae/models_vit.py.
    private static let scaleMAE = ModelFamily(
        name: "scale-mae", tensors: [["mask_token_decoder"], ["fpn."]], files: ["scalemae", "scale-mae"],
        positions: .groundSampleDistance(metres: 1))

    /// SimMIM (arXiv 2111.09886); microsoft/SimMIM, models/simmim.py.
    private static let simmim = ModelFamily(
        name: "simmim", tensors: [["mask_token", "rel_pos_bias.relative_position_bias_table"]], files: ["simmim"])

    /// iBOT (arXiv 2111.07832); bytedance/ibot, models/vision_transformer.py.
    private static let ibot = ModelFamily(
        name: "ibot", tensors: [["masked_embed"], ["head.last_layer2."]], files: ["ibot"], interpolation: .offset)

    /// BEiT (arXiv 2106.08254); microsoft/unilm, beit/modeling_finetune.py.
    private static let beit = ModelFamily(
        name: "beit", tensors: [["lm_head."], ["*.lambda_1"]], modelTypes: ["beit"], architectures: ["beit"],
        files: ["beit"], mean: halves, std: halves)

    /// DeiT (arXiv 2012.12877); facebookresearch/deit, models.py and main.py.
    private static let deit = ModelFamily(
        name: "deit", tensors: [["dist_token"], ["embeddings.distillation_token"]], modelTypes: ["deit"],
        architectures: ["deit_"], files: ["deit_"])

    /// DeiT III (arXiv 2204.07118); facebookresearch/deit, models_v2.py.
    private static let deit3 = ModelFamily(name: "deit3", architectures: ["deit3_"], files: ["deit_3_", "deit3_"])

    /// AugReg (arXiv 2106.10270) in timm's conversion; timm/models/vision_transformer.py.
    private static let augreg = ModelFamily(
        name: "augreg", architectures: [".augreg"], files: ["augreg"], mean: halves, std: halves,
        interpolation: .antialiased)

    /// The same as Google published them; google-research/vision_transformer, vit_jax/models_vit.py and checkpoint.py.
    private static let google = ModelFamily(
        name: "google", mean: halves, std: halves, interpolation: .bilinearCorners, activation: .geluTanh)

    /// LOCA (arXiv 2212.02400); google-research/scenic, scenic/projects/loca/vit.py and configs.
    private static let loca = ModelFamily(name: "loca", interpolation: .bilinear, activation: .geluTanh)

    /// OpenCLIP (arXiv 2212.07143); mlfoundations/open_clip, src/open_clip/transformer.py and model.py.
    private static let clip = ModelFamily(
        name: "clip",
        tensors: [["*.attn.in_proj_weight"], ["*.self_attn.q_proj.weight"], ["norm_pre."]],
        modelTypes: ["clip", "clip_vision_model"], architectures: ["_clip_"], files: ["open_clip"],
        mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711], epsilon: 1e-5,
        huggingFaceEpsilon: 1e-5, interpolation: .antialiased, huggingFaceActivation: .quickGELU)

    /// OpenAI's CLIP (arXiv 2103.00020); openai/CLIP, clip/model.py and clip/clip.py.
    private static let clipOpenAI = {
        var family = clip
        family.name = "clip-openai"
        family.tensors = [["context_length"], ["input_resolution"]]
        family.modelTypes = []
        family.architectures = ["quickgelu"]
        family.files = ["ViT-B-16.pt", "ViT-B-32.pt", "ViT-L-14.pt", "ViT-L-14-336px.pt"]
        family.variantOf = "clip"
        family.activation = .quickGELU
        return family
    }()
}

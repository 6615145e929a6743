"""The families as their authors published code for them, run from clones of their repositories.

`repositories` is a folder with clones of facebookresearch/{dino,dinov2,dinov3,mae,deit}, microsoft/{SimMIM,unilm},
bytedance/ibot, openai/CLIP and bair-climate-initiative/scale-mae, each under its own name. Their code is loaded from there and
stays there."""
import contextlib, functools, importlib, os, re, sys
import torch
from torch import nn
from families_core import CLIP, DEPTH, GRID, HEADS, HIDDEN, IMAGENET, PATCH, Reference, SIDE, WIDE, WIDTH, randomise
from families_relative import stretched

SIZES = dict(patch_size=PATCH, embed_dim=WIDTH, depth=DEPTH, num_heads=HEADS, mlp_ratio=HIDDEN / WIDTH)
layer_norm = functools.partial(nn.LayerNorm, eps=1e-6)


@contextlib.contextmanager
def importing(folder):
    """Modules of one repository; several have a `utils`."""
    before = set(sys.modules)
    sys.path.insert(0, folder)
    yield importlib.import_module
    sys.path.remove(folder)
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and sys.modules[name].__file__.startswith(folder):
            del sys.modules[name]


def below(prefix, tensors):
    return {prefix + name: value for name, value in tensors.items()}


class Authors:
    def __init__(self, golden, repositories):
        self.golden, self.repositories = golden, repositories

    def module(self, repository, name, folder=""):
        with importing(os.path.join(os.path.abspath(self.repositories), repository, folder)) as load:
            return load(name)

    def reference(self, repository, name, statistics, model, norm, run, seed, **options):
        blocks = list(model.blocks)
        return Reference.of(f"{repository}, {name}", statistics, blocks, norm, run, seed=seed, **options)

    def dino(self):
        code = self.module("dino", "vision_transformer")
        model = randomise(code.VisionTransformer(img_size=[SIDE], qkv_bias=True, norm_layer=layer_norm, **SIZES), 60)
        reference = self.reference("facebookresearch/dino", "vision_transformer.py", IMAGENET, model, model.norm, model,
                                   60, wide=True)
        weights = model.state_dict()
        self.golden.pth("dino/dino_vitbase16_pretrain.pth", weights)
        first = self.golden.case("dino/dino_vitbase16_pretrain.pth", "dino", reference, HEADS)
        head = {"head.mlp.0.weight": torch.ones(2, 2), "head.last_layer.weight_g": torch.ones(2, 1)}
        other = {name: value + 1 for name, value in weights.items() if not name.startswith("blocks.")}
        self.golden.pth("dino/dino_vitbase16_pretrain_full_checkpoint.pth", dict(
            student=below("module.backbone.", other), teacher=below("backbone.", weights) | head, epoch=1), legacy=True)
        self.golden.case("dino/dino_vitbase16_pretrain_full_checkpoint.pth", "dino", reference, HEADS, other=first)

    def ibot(self):
        code = self.module("ibot", "models.vision_transformer")
        model = randomise(code.VisionTransformer(img_size=[SIDE], qkv_bias=True, masked_im_modeling=False, **SIZES), 61)
        reference = self.reference("bytedance/ibot", "models/vision_transformer.py", IMAGENET, model, model.norm, model, 61,
                                   wide=True)
        weights = model.state_dict() | {"masked_embed": torch.ones(1, WIDTH)}
        self.golden.pth("ibot/checkpoint_teacher.pth", dict(state_dict=weights))
        first = self.golden.case("ibot/checkpoint_teacher.pth", "ibot", reference, HEADS)
        head = {"head.last_layer2.weight_v": torch.ones(2, 2)}
        self.golden.pth("ibot/checkpoint.pth", dict(
            student={"module.backbone.cls_token": torch.ones(1, 1, WIDTH)},
            teacher=below("backbone.", weights) | head, epoch=1), legacy=True)
        self.golden.case("ibot/checkpoint.pth", "ibot", reference, HEADS, other=first)

    def dinov2(self):
        code = self.module("dinov2", "dinov2.models.vision_transformer")
        layers = self.module("dinov2", "dinov2.layers")

        def build(seed, **options):
            block = functools.partial(layers.NestedTensorBlock, attn_class=layers.Attention)
            model = code.DinoVisionTransformer(
                img_size=SIDE, init_values=1.0, block_fn=block, **(SIZES | dict(block_chunks=0) | options))
            return randomise(model, seed)

        def case(file, model, seed):
            reference = self.reference("facebookresearch/dinov2", "models/vision_transformer.py", IMAGENET, model,
                                       model.norm, model.forward_features, seed, wide=True)
            self.golden.pth(file, model.state_dict(), legacy="14_pretrain" not in file)
            return self.golden.case(file, "dinov2", reference, HEADS), reference

        model = build(62)
        first, reference = case("dinov2/dinov2_vitb14_pretrain.pth", model, 62)
        chunked = build(62, block_chunks=2)
        names = [name for name, _ in chunked.named_parameters() if name.startswith("blocks.")]
        assert "blocks.1.1.norm1.weight" in names
        weights = {}
        for name, value in model.state_dict().items():
            weights[re.sub(r"^blocks\.(\d+)\.", r"blocks.\1.\1.", name)] = value
        chunked.load_state_dict(weights)
        head = {"dino_head.mlp.0.weight": torch.ones(2, 2), "ibot_head.mlp.0.weight": torch.ones(2, 2)}
        self.golden.pth("dinov2/teacher_checkpoint.pth", dict(teacher=below("backbone.", weights) | head))
        self.golden.case("dinov2/teacher_checkpoint.pth", "dinov2", reference, HEADS, other=first)
        case("dinov2/dinov2_vitg14_pretrain.pth", build(63, ffn_layer="swiglufused"), 63)
        case("dinov2-registers/dinov2_vitb14_reg4_pretrain.pth",
             build(64, num_register_tokens=3, interpolate_antialias=True, interpolate_offset=0.0), 64)

    def dinov3(self):
        code = self.module("dinov3", "dinov3.models.vision_transformer")
        sizes = {name: value for name, value in SIZES.items() if name != "mlp_ratio"}
        for file, options, seed in [
                ("dinov3_vitb16_pretrain_lvd1689m-73cec8be.pth", {}, 65),
                ("dinov3_vits16plus_pretrain_lvd1689m-4057cbaa.pth", dict(ffn_layer="swiglu", ffn_ratio=3), 66),
                ("dinov3_vitl16_pretrain_sat493m-eadcf0ff.pth", dict(untie_global_and_local_cls_norm=True), 67)]:
            model = code.DinoVisionTransformer(**(sizes | dict(
                img_size=SIDE, ffn_ratio=HIDDEN / WIDTH, pos_embed_rope_base=100, pos_embed_rope_dtype="fp32",
                layerscale_init=1e-5, norm_layer="layernormbf16", n_storage_tokens=3, mask_k_bias=True) | options))
            model.init_weights()
            randomise(model, seed)
            statistics = ((0.430, 0.411, 0.296), (0.213, 0.156, 0.143)) if "sat" in file else IMAGENET
            reference = self.reference("facebookresearch/dinov3", "models/vision_transformer.py", statistics,
                                       model, model.norm, model.forward_features, seed, wide=True)
            self.golden.pth("dinov3/" + file, model.state_dict(), legacy="vits" in file)
            # The periods of the rotation tell the heads.
            self.golden.case("dinov3/" + file, "dinov3-sat" if "sat" in file else "dinov3", reference)

    def mae(self):
        code = self.module("mae", "models_vit")
        positions = self.module("mae", "util.pos_embed")
        build = lambda side: code.VisionTransformer(
            img_size=side, num_classes=0, qkv_bias=True, norm_layer=layer_norm, **SIZES)
        model = randomise(build(SIDE), 68)
        weights = model.state_dict()
        # The authors stretch to squares only.
        stretched = dict(weights)
        wide = build(7 * PATCH).eval()
        positions.interpolate_pos_embed(wide, stretched)
        wide.load_state_dict(stretched)

        def run(pixels):
            # One recorder watches one model's blocks, so the weights that differ are exchanged.
            larger = pixels.shape[-1] != SIDE
            model.patch_embed.strict_img_size = not larger
            model.pos_embed = wide.pos_embed if larger else first
            return model.forward_features(pixels)

        first = model.pos_embed
        reference = self.reference("facebookresearch/mae", "models_vit.py", IMAGENET, model, model.norm, run, 68, wide=True,
                                   wide_size=(7, 7))
        decoder = {"mask_token": torch.zeros(1, 1, 8), "decoder_pos_embed": torch.zeros(1, 17, 8),
                   "decoder_embed.weight": torch.zeros(8, WIDTH), "decoder_blocks.0.norm1.weight": torch.zeros(8),
                   "decoder_norm.weight": torch.zeros(8), "decoder_pred.weight": torch.zeros(2, 8)}
        self.golden.pth("mae/mae_pretrain_vit_base.pth", dict(model=weights))
        stored = self.golden.case("mae/mae_pretrain_vit_base.pth", "mae", reference, HEADS)
        self.golden.pth("mae/mae_visualize_vit_large.pth", dict(model=weights | decoder), legacy=True)
        self.golden.case("mae/mae_visualize_vit_large.pth", "mae", reference, HEADS, other=stored)

    def simmim(self):
        code = self.module("SimMIM", "models.vision_transformer")
        common = dict(img_size=SIDE, num_classes=0, qkv_bias=True, norm_layer=layer_norm, init_values=0.1,
                      use_abs_pos_emb=False, **SIZES)
        pretrained = dict(use_shared_rel_pos_bias=True, use_mean_pooling=False)
        model = randomise(code.VisionTransformer(**(common | pretrained)), 69)
        wide = code.VisionTransformer(**(common | pretrained | dict(img_size=(WIDE[0] * PATCH, WIDE[1] * PATCH)))).eval()
        table = "rel_pos_bias.relative_position_bias_table"
        weights = {name: value for name, value in model.state_dict().items() if "index" not in name}
        wide.load_state_dict(weights | {table: stretched(weights[table])}, strict=False)
        reference = self.reference("microsoft/SimMIM", "models/vision_transformer.py", IMAGENET, model, model.norm,
                                   model.forward_features, 69, wide=wide.forward_features, wide_blocks=list(wide.blocks))
        file = "simmim/simmim_pretrain__vit_base__img224__800ep.pth"
        self.golden.pth(file, dict(model=below("encoder.", model.state_dict()) | {
            "encoder.mask_token": torch.zeros(1, 1, WIDTH), "decoder.0.weight": torch.zeros(2, WIDTH, 1, 1),
            "decoder.0.bias": torch.zeros(2)}, epoch=1))
        self.golden.case(file, "simmim", reference, HEADS)
        model = randomise(code.VisionTransformer(**common, use_rel_pos_bias=True, use_mean_pooling=True), 70)
        reference = self.reference("microsoft/SimMIM", "models/vision_transformer.py", IMAGENET, model, None,
                                   model.forward_features, 70)
        file = "simmim/simmim_finetune__vit_base__img224__800ep.pth"
        self.golden.pth(file, dict(model=model.state_dict() | {"head.weight": torch.zeros(2, WIDTH)}), legacy=True)
        self.golden.case(file, "simmim", reference, HEADS)

    def deit(self):
        code = self.module("deit", "models_v2")
        model = randomise(code.vit_models(img_size=SIDE, num_classes=2, qkv_bias=True, norm_layer=layer_norm,
                                          block_layers=code.Layer_scale_init_Block, **SIZES), 71)
        reference = self.reference("facebookresearch/deit", "models_v2.py", IMAGENET, model, model.norm,
                                   model.forward_features, 71)
        self.golden.pth("deit3/deit_3_base_224_1k.pth", dict(model=model.state_dict()))
        self.golden.case("deit3/deit_3_base_224_1k.pth", "deit3", reference, HEADS)
        code = self.module("deit", "models")
        model = randomise(code.DistilledVisionTransformer(
            img_size=SIDE, num_classes=2, qkv_bias=True, norm_layer=layer_norm, **SIZES), 72)
        reference = self.reference("facebookresearch/deit", "models.py", IMAGENET, model, model.norm,
                                   model.forward_features, 72)
        file = "deit/deit_base_distilled_patch16_224-df68dfff.pth"
        self.golden.pth(file, dict(model=model.state_dict()), legacy=True)
        self.golden.case(file, "deit", reference, HEADS)

    def clip(self):
        code = self.module("CLIP", "model", "clip")
        visual = code.VisionTransformer(SIDE, PATCH, WIDTH, DEPTH, HEADS, 8)
        whole = _WholeCLIP(visual, code.Transformer(8, 1, 2))
        randomise(whole, 73)
        reference = Reference.of("openai/CLIP, model.py", CLIP, list(visual.transformer.resblocks), visual.ln_post, visual,
                                 seed=73, sequence_first=True)
        self.golden.script("clip/ViT-B-16.pt", torch.jit.trace(whole, torch.zeros(1, 3, SIDE, SIDE)))
        self.golden.case("clip/ViT-B-16.pt", "clip-openai", reference, HEADS)

    def scale_mae(self):
        code = self.module("scale-mae", "models_vit", "mae")
        model = randomise(code.VisionTransformer(
            img_size=SIDE, num_classes=0, qkv_bias=True, norm_layer=layer_norm, **SIZES), 74)
        run = lambda pixels: model.forward_features(pixels, input_res=torch.ones(1))
        # The authors compute positions for squares only.
        reference = self.reference("bair-climate-initiative/scale-mae", "models_vit.py", IMAGENET, model, model.norm, run,
                                   74, wide=True, wide_size=(6, 6))
        file = "scale-mae/scalemae-vitlarge-800.pth"
        weights = model.state_dict() | {
            "pos_embed": torch.zeros(1, 1 + GRID * GRID, WIDTH), "mask_token": torch.zeros(1, 1, 8),
            "mask_token_decoder": torch.zeros(1, 1, 8), "decoder_pos_embed": torch.zeros(1, 17, 8),
            "decoder_embed.weight": torch.zeros(8, WIDTH), "decoder_blocks.0.norm1.weight": torch.zeros(8),
            "fpn.do_ln0.weight": torch.zeros(8), "fcn.out_conv.weight": torch.zeros(2, 8),
            "decoder_norm.weight": torch.zeros(8), "decoder_pred.weight": torch.zeros(2, 8)}
        self.golden.pth(file, dict(model=weights, epoch=1))
        self.golden.case(file, "scale-mae", reference, HEADS)

    def write(self):
        for family in (self.dino, self.ibot, self.dinov2, self.dinov3, self.mae, self.simmim, self.deit, self.clip,
                       self.scale_mae):
            family()


class _WholeCLIP(nn.Module):
    """Both towers and what else OpenAI's archives hold, the picture's tower alone being run."""

    def __init__(self, visual, transformer):
        super().__init__()
        self.visual, self.transformer = visual, transformer
        self.token_embedding, self.ln_final = nn.Embedding(4, 8), nn.LayerNorm(8)
        self.positional_embedding = nn.Parameter(torch.zeros(4, 8))
        self.text_projection = nn.Parameter(torch.zeros(8, 8))
        self.logit_scale = nn.Parameter(torch.zeros([]))
        for name in ("input_resolution", "context_length", "vocab_size"):
            self.register_buffer(name, torch.tensor(4))

    def forward(self, image):
        return self.visual(image)

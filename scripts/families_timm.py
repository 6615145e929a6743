"""The families as timm has them, in the files that its authors publish on the Hub: model.safetensors and config.json."""
import timm, torch
from families_core import CLIP, DEPTH, HALVES, HEADS, HIDDEN, IMAGENET, PATCH, Reference, SIDE, WIDE, WIDTH, randomise
from families_relative import stretched

SIZES = dict(img_size=SIDE, patch_size=PATCH, embed_dim=WIDTH, depth=DEPTH, num_heads=HEADS, num_classes=3)


def build(architecture, seed, **options):
    model = timm.create_model(architecture, pretrained=False, **(SIZES | dict(mlp_ratio=HIDDEN / WIDTH) | options))
    return randomise(model, seed)


def save(golden, folder, model, architecture, tag, statistics):
    golden.safetensors(f"{folder}/model.safetensors", model.state_dict(), dict(format="pt"))
    golden.json(f"{folder}/config.json", dict(
        architecture=architecture, num_classes=3, num_features=WIDTH, global_pool="token",
        model_args=dict(num_heads=HEADS),
        pretrained_cfg=dict(tag=tag, input_size=[3, SIDE, SIDE], mean=statistics[0], std=statistics[1])))


def plain(golden, folder, family, architecture, tag, statistics, seed, **options):
    """A model whose own code takes pictures of any size."""
    # Models with rotary positions take any size anyway; the distilled ones of DeiT none but their own.
    model = build(architecture, seed, **(dict(dynamic_img_size=True) | options))
    norm = None if isinstance(model.norm, torch.nn.Identity) else model.norm
    reference = Reference.of(f"timm {timm.__version__} {architecture}", statistics, model.blocks, norm,
                             model.forward_features, wide=True, seed=seed)
    save(golden, folder, model, architecture, tag, statistics)
    golden.case(f"{folder}/model.safetensors", family, reference)


def beit(golden, seed):
    architecture = "beit_base_patch16_224"
    model = build(architecture, seed)
    wide = build(architecture, seed, img_size=(WIDE[0] * PATCH, WIDE[1] * PATCH))
    weights = dict(model.state_dict())
    names = [name for name in weights if name.endswith("relative_position_bias_table")]
    wide.load_state_dict(weights | {name: stretched(weights[name]) for name in names})
    reference = Reference.of(f"timm {timm.__version__} {architecture}", HALVES, model.blocks, None, model.forward_features,
                             wide=wide.forward_features, wide_blocks=wide.blocks, seed=seed)
    save(golden, "beit/timm", model, architecture, "in22k_ft_in22k_in1k", HALVES)
    golden.case("beit/timm/model.safetensors", "beit", reference)


def write(golden):
    plain(golden, "vit/timm", "augreg", "vit_base_patch16_224", "augreg_in21k", HALVES, 10)
    plain(golden, "dino/timm", "dino", "vit_base_patch16_224", "dino", IMAGENET, 11)
    plain(golden, "mae/timm", "mae", "vit_base_patch16_224", "mae", IMAGENET, 12)
    plain(golden, "dinov2/timm", "dinov2", "vit_base_patch14_dinov2", "lvd142m", IMAGENET, 13)
    plain(golden, "dinov2/timm-giant", "dinov2", "vit_giant_patch14_dinov2", "lvd142m", IMAGENET, 14, mlp_ratio=3)
    plain(golden, "dinov2-registers/timm", "dinov2", "vit_base_patch14_reg4_dinov2", "lvd142m", IMAGENET, 15)
    plain(golden, "dinov3/timm", "dinov3", "vit_base_patch16_dinov3", "lvd1689m", IMAGENET, 16)
    plain(golden, "dinov3/timm-biases", "dinov3", "vit_base_patch16_dinov3_qkvb", "lvd1689m", IMAGENET, 17)
    plain(golden, "dinov3/timm-plus", "dinov3", "vit_small_plus_patch16_dinov3", "lvd1689m", IMAGENET, 18, mlp_ratio=3)
    plain(golden, "deit/timm", "deit", "deit_base_distilled_patch16_224", "fb_in1k", IMAGENET, 19)
    plain(golden, "deit3/timm", "deit3", "deit3_base_patch16_224", "fb_in22k_ft_in1k", IMAGENET, 20)
    plain(golden, "deit3/timm-registers", "deit3", "deit3_base_patch16_224", "fb_in22k_ft_in1k", IMAGENET, 21, reg_tokens=4)
    plain(golden, "clip/timm", "clip", "vit_base_patch16_clip_224", "laion2b", CLIP, 22)
    plain(golden, "clip/timm-quickgelu", "clip-openai", "vit_base_patch16_clip_quickgelu_224", "openai", CLIP, 23)
    plain(golden, "vit/timm-average", None, "vit_base_patch16_reg4_gap_256", "sbb_in1k", IMAGENET, 24)
    plain(golden, "vit/timm-qknorm", None, "vit_base_patch16_224", "untrained", IMAGENET, 25, qk_norm=True)
    beit(golden, 26)

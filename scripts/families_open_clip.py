"""OpenCLIP's picture towers."""
import open_clip, torch
from open_clip import transformer as towers
from open_clip.model import resize_pos_embed
from families_core import CLIP, DEPTH, HEADS, HIDDEN, PATCH, Reference, SIDE, WIDE, WIDTH, randomise


class _Both(torch.nn.Module):
    """What `resize_pos_embed` looks at."""

    def __init__(self, visual):
        super().__init__()
        self.visual = visual


def build(rows, columns, activation):
    return towers.VisionTransformer(
        image_size=(rows * PATCH, columns * PATCH), patch_size=PATCH, width=WIDTH, layers=DEPTH, heads=HEADS,
        mlp_ratio=HIDDEN / WIDTH, act_layer=activation, output_dim=8)


def write(golden):
    side = SIDE // PATCH
    for folder, quick, seed in [("open-clip", False, 80), ("open-clip-quickgelu", True, 81)]:
        activation = towers.QuickGELU if quick else torch.nn.GELU
        model = randomise(build(side, side, activation), seed)
        wide = build(*WIDE, activation).eval()
        weights = {"visual." + name: value.clone() for name, value in model.state_dict().items()}
        stretched = dict(weights)
        resize_pos_embed(stretched, _Both(wide))
        table = torch.nn.Parameter(stretched["visual.positional_embedding"])
        own = model.positional_embedding

        def run(pixels):
            model.positional_embedding = table if pixels.shape[-1] != SIDE else own
            return model(pixels)

        reference = Reference.of(f"OpenCLIP {open_clip.__version__}", CLIP, list(model.transformer.resblocks), model.ln_post,
                                 run, wide=True, seed=seed)
        text = {"logit_scale": torch.zeros([]), "positional_embedding": torch.zeros(4, 8),
                "text_projection": torch.zeros(8, 8), "token_embedding.weight": torch.zeros(4, 8),
                "ln_final.weight": torch.zeros(8), "transformer.resblocks.0.ln_1.weight": torch.zeros(8)}
        golden.safetensors(f"clip/{folder}/open_clip_model.safetensors", weights | text)
        golden.json(f"clip/{folder}/open_clip_config.json", dict(
            model_cfg=dict(embed_dim=8, **(dict(quick_gelu=True) if quick else {}), vision_cfg=dict(
                image_size=SIDE, layers=DEPTH, width=WIDTH, patch_size=PATCH, head_width=WIDTH // HEADS)),
            preprocess_cfg=dict(mean=CLIP[0], std=CLIP[1])))
        golden.case(f"clip/{folder}/open_clip_model.safetensors", "clip", reference)
        if not quick:
            golden.pth("clip/open_clip_pytorch_model.bin", weights | text)
            golden.case("clip/open_clip_pytorch_model.bin", "clip", reference, HEADS,
                        other=f"clip/{folder}/open_clip_model.golden.safetensors")

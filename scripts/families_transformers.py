"""The families as Hugging Face Transformers has them, under the names of its published files and under those of its modules.

`save_pretrained` still writes the older names, `encoder.layer.0.attention.attention.query`; a `state_dict` saved as it is
has the newer ones, `layers.0.attention.q_proj`."""
import json, os, tempfile
import safetensors.torch, torch, transformers as T
from families_core import CLIP, DEPTH, HALVES, HEADS, HIDDEN, IMAGENET, PATCH, Reference, SIDE, WIDTH, randomise

SIZES = dict(hidden_size=WIDTH, num_hidden_layers=DEPTH, num_attention_heads=HEADS, intermediate_size=HIDDEN,
             image_size=SIDE, patch_size=PATCH, attn_implementation="eager")


def save(golden, folder, model, family, reference, statistics, modules=True):
    """Both namings, or the published one where `modules` is false, with the configurations that lie beside published files."""
    with tempfile.TemporaryDirectory() as temporary:
        model.save_pretrained(temporary)
        published = safetensors.torch.load_file(os.path.join(temporary, "model.safetensors"))
        with open(os.path.join(temporary, "config.json")) as file:
            configuration = json.load(file)
    namings = {"": published}
    if modules and set(model.state_dict()) != set(published):
        namings["-modules"] = model.state_dict()
    stored = None
    for naming, tensors in namings.items():
        name = f"{folder}{naming}/model.safetensors"
        golden.safetensors(name, tensors, dict(format="pt"))
        golden.json(f"{folder}{naming}/config.json", configuration)
        golden.json(f"{folder}{naming}/preprocessor_config.json",
                    dict(image_mean=statistics[0], image_std=statistics[1], do_normalize=True))
        stored = golden.case(name, family, reference, other=stored)


def reference(model, blocks, norm, seed, statistics, inner=None, stretched=True, **options):
    inner = inner or model
    # Some models take any size, some where they are asked to, some tables of relative positions only their own.
    stretch = dict(interpolate_pos_encoding=True) if stretched == "asked" else {}
    wide = (lambda pixels: inner(pixels, **stretch, **options)) if stretched else None
    return Reference.of(f"Transformers {T.__version__} {type(model).__name__}", statistics, blocks, norm,
                        lambda pixels: inner(pixels, **options), wide=wide, seed=seed)


def write(golden):
    def vit(folder, family, model, statistics, seed):
        randomise(model, seed)
        inner = getattr(model, model.base_model_prefix, model)
        save(golden, folder, model, family,
             reference(model, inner.layers, inner.layernorm, seed, statistics, inner, "asked"), statistics,
             modules=folder != "dino/transformers")

    vit("vit/transformers", None, T.ViTForImageClassification(T.ViTConfig(**SIZES)), HALVES, 30)
    vit("dino/transformers", None, T.ViTModel(T.ViTConfig(**SIZES)), IMAGENET, 31)
    vit("deit/transformers", "deit", T.DeiTModel(T.DeiTConfig(**SIZES)), IMAGENET, 32)

    model = randomise(T.ViTMAEForPreTraining(T.ViTMAEConfig(
        **SIZES, mask_ratio=0.0, decoder_hidden_size=8, decoder_num_hidden_layers=1, decoder_num_attention_heads=2,
        decoder_intermediate_size=8)), 33)

    def in_order(pixels, **options):
        # Even where nothing is masked patches are sorted by noise.
        count = pixels.shape[2] // PATCH * (pixels.shape[3] // PATCH)
        return model.vit(pixels, noise=torch.arange(count)[None].float(), **options)

    save(golden, "mae/transformers", model, "mae",
         reference(model, model.vit.layers, model.vit.layernorm, 33, IMAGENET, in_order, "asked"), IMAGENET,
         modules=False)

    for folder, options, seed in [("transformers", {}, 34), ("transformers-giant", dict(use_swiglu_ffn=True), 35)]:
        model = randomise(T.Dinov2Model(T.Dinov2Config(**SIZES, mlp_ratio=2, **options)), seed)
        save(golden, f"dinov2/{folder}", model, "dinov2",
             reference(model, model.encoder.layer, model.layernorm, seed, IMAGENET), IMAGENET)
    model = randomise(T.Dinov2WithRegistersModel(
        T.Dinov2WithRegistersConfig(**SIZES, mlp_ratio=2, num_register_tokens=3)), 36)
    save(golden, "dinov2-registers/transformers", model, "dinov2",
         reference(model, model.encoder.layer, model.layernorm, 36, IMAGENET), IMAGENET, modules=False)

    for folder, options, seed in [("transformers", {}, 37), ("transformers-plus", dict(use_gated_mlp=True, hidden_act="silu"), 38)]:
        model = randomise(T.DINOv3ViTModel(T.DINOv3ViTConfig(**SIZES, num_register_tokens=3, **options)), seed)
        save(golden, f"dinov3/{folder}", model, "dinov3",
             reference(model, model.model.layer, model.norm, seed, IMAGENET), IMAGENET)

    shared = dict(use_shared_relative_position_bias=True)
    own = dict(use_relative_position_bias=True, use_absolute_position_embeddings=True, use_mean_pooling=False)
    for folder, options, seed in [("transformers", own, 39), ("transformers-shared", shared, 40)]:
        model = randomise(T.BeitModel(T.BeitConfig(**SIZES, layer_scale_init_value=0.1, **options)), seed)
        norm = None if isinstance(model.layernorm, torch.nn.Identity) else model.layernorm
        save(golden, f"beit/{folder}", model, "beit",
             reference(model, model.layers, norm, seed, HALVES, stretched=False), HALVES)

    text = dict(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, vocab_size=10,
                max_position_embeddings=4)
    model = randomise(T.CLIPVisionModel(T.CLIPVisionConfig(**SIZES)), 41)
    save(golden, "clip/transformers", model, "clip",
         reference(model, model.encoder.layers, model.post_layernorm, 41, CLIP, None, "asked"), CLIP)
    model = randomise(T.CLIPModel(T.CLIPConfig(
        text_config=text, vision_config=SIZES | dict(hidden_act="gelu"), projection_dim=8)), 42)
    vision = model.vision_model
    save(golden, "clip/transformers-both", model, "clip",
         reference(model, vision.encoder.layers, vision.post_layernorm, 42, CLIP, vision, "asked"), CLIP)

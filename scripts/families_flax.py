"""Google's Vision Transformers, assembled of Flax's own layers as the authors' code assembles them.

Sources: vit_jax/models_vit.py of google-research/vision_transformer and scenic/projects/loca/vit.py of
google-research/scenic. `nn.gelu` of Flax is the approximation by the hyperbolic tangent."""
import flax, flax.linen as nn, jax, jax.numpy as jnp, numpy as np, scipy.ndimage, torch
from families_core import DEPTH, GRID, HALVES, HEADS, HIDDEN, IMAGENET, PATCH, Reference, WIDE, WIDTH


class MlpBlock(nn.Module):
    @nn.compact
    def __call__(self, x):
        hidden = nn.gelu(nn.Dense(HIDDEN)(x))
        return nn.Dense(x.shape[-1])(hidden)


class Block(nn.Module):
    names: tuple

    @nn.compact
    def __call__(self, x):
        norm1, attention, norm2, mlp = self.names
        y = nn.LayerNorm(name=norm1)(x)
        x = x + nn.MultiHeadDotProductAttention(num_heads=HEADS, name=attention)(y, y)
        return x + MlpBlock(name=mlp)(nn.LayerNorm(name=norm2)(x))


def blocks(x, names):
    found = [x]
    for index in range(DEPTH):
        found.append(Block(names, name=f"encoderblock_{index}")(found[-1]))
    return found


class PositionEmbedding(nn.Module):
    """A table that the authors stretch with SciPy where they read a checkpoint."""
    grid: tuple

    @nn.compact
    def __call__(self, x):
        table = self.param("pos_embedding", nn.initializers.normal(1.0), (1, 1 + GRID * GRID, WIDTH))
        if self.grid != (GRID, GRID):
            patches = np.asarray(table[0, 1:]).reshape(GRID, GRID, WIDTH)
            patches = scipy.ndimage.zoom(patches, (self.grid[0] / GRID, self.grid[1] / GRID, 1), order=1)
            table = jnp.concatenate([table[:, :1], patches.reshape(1, -1, WIDTH)], axis=1)
        return x + table


class Encoder(nn.Module):
    grid: tuple

    @nn.compact
    def __call__(self, x):
        names = ("LayerNorm_0", "MultiHeadDotProductAttention_1", "LayerNorm_2", "MlpBlock_3")
        found = blocks(PositionEmbedding(self.grid, name="posembed_input")(x), names)
        return found, nn.LayerNorm(name="encoder_norm")(found[-1])


class VisionTransformer(nn.Module):
    grid: tuple

    @nn.compact
    def __call__(self, x):
        x = nn.Conv(WIDTH, (PATCH, PATCH), strides=(PATCH, PATCH), padding="VALID", name="embedding")(x)
        x = jnp.reshape(x, (1, -1, WIDTH))
        cls = self.param("cls", nn.initializers.zeros, (1, 1, WIDTH))
        return Encoder(self.grid, name="Transformer")(jnp.concatenate([cls, x], axis=1))


class ToTokenSequence(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.Conv(WIDTH, (PATCH, PATCH), strides=(PATCH, PATCH), padding="VALID", name="embedding")(x)
        table = self.param("posembed_input", nn.initializers.normal(1.0), (1, GRID, GRID, WIDTH))
        if x.shape[1:3] != (GRID, GRID):
            table = jax.image.resize(table, (1, *x.shape[1:3], WIDTH), "bilinear")
        return jnp.reshape(x + table, (1, -1, WIDTH))


class LOCA(nn.Module):
    @nn.compact
    def __call__(self, x):
        names = ("LayerNorm_0", "MultiHeadDotProductAttention_0", "LayerNorm_1", "MlpBlock_0")
        found = blocks(ToTokenSequence(name="ToTokenSequence_0")(x), names)
        return found, nn.LayerNorm(name="encoder_norm")(found[-1])


def random(parameters, seed):
    generator = np.random.default_rng(seed)
    flat = flax.traverse_util.flatten_dict(parameters, sep="/")
    result = {}
    for name, value in sorted(flat.items()):
        noise = generator.standard_normal(value.shape)
        last = name.rsplit("/", 1)[-1]
        if last == "scale":
            noise = 1 + 0.3 * noise
        elif last == "kernel":
            noise = noise * 1.5 / np.sqrt(value.size / (value.shape[-1] if "out" in name or value.ndim != 3 else WIDTH))
        else:
            noise = 0.4 * noise
        result[name] = noise.astype(np.float16).astype(np.float32)
    return result


def run(model, flat):
    tree = flax.traverse_util.unflatten_dict({tuple(name.split("/")): value for name, value in flat.items()})

    def recorded(pixels):
        with jax.default_matmul_precision("highest"):
            found, last = model.apply({"params": tree}, jnp.asarray(pixels.permute(0, 2, 3, 1).numpy()))
        tokens = {str(index): torch.from_numpy(np.array(value[0])) for index, value in enumerate(found)}
        return tokens | dict(norm=torch.from_numpy(np.array(last[0])))
    return recorded


def write(golden):
    image = jnp.zeros((1, GRID * PATCH, GRID * PATCH, 3))
    key = jax.random.PRNGKey(0)
    flat = random(VisionTransformer((GRID, GRID)).init(key, image)["params"], 50)
    reference = Reference(f"Flax {flax.__version__} layers as vit_jax has them", HALVES,
                          run(VisionTransformer((GRID, GRID)), flat), run(VisionTransformer(WIDE), flat), seed=50)
    extra = {"head/kernel": np.zeros((WIDTH, 2)), "head/bias": np.zeros(2), "pre_logits/kernel": np.zeros((WIDTH, 2))}
    golden.npz("vit/B_16-i21k-300ep.npz", flat | extra)
    golden.case("vit/B_16-i21k-300ep.npz", "google", reference)

    flat = random(LOCA().init(key, image)["params"], 51)
    reference = Reference(f"Flax {flax.__version__} layers as scenic's LOCA has them", IMAGENET,
                          run(LOCA(), flat), run(LOCA(), flat), seed=51)
    extra = {"cross_attention_block/LayerNorm_0/scale": np.ones(WIDTH), "final_norm/scale": np.ones(WIDTH),
             "position_predictor/kernel": np.zeros((WIDTH, 2)),
             "projection_head_for_clustering_prediction/Dense_0/kernel": np.zeros((WIDTH, 2))}
    golden.npz("loca/loca_vbase_imnet1k.npz", flat | extra)
    golden.case("loca/loca_vbase_imnet1k.npz", "loca", reference)

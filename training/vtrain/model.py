"""The Vision Transformer (timm's, under timm's names) and its tokens after every block, stitched to one map a frame."""

import functools

import timm
import torch

from .attention import Attention

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
EPSILON = 1e-6


def build(config):
    """A ViT without class token; positions start as sines and cosines (as MAE's) and are learnt."""
    model = timm.models.vision_transformer.VisionTransformer(
        img_size=config.side, patch_size=config.patch, embed_dim=config.width, depth=config.depth, num_heads=config.heads,
        num_classes=0, global_pool="", class_token=False, qkv_bias=True, attn_layer=Attention,
        norm_layer=functools.partial(torch.nn.LayerNorm, eps=EPSILON))
    count = config.side // config.patch
    with torch.no_grad():
        model.pos_embed.copy_(0.3 * _waves(count, config.width))
    return model


def _waves(count, width):
    """Sine and cosine positions of a count × count grid, [1, count², width]."""
    frequency = 1 / 100 ** (torch.arange(width // 4) / (width // 4))
    angle = torch.arange(count)[:, None] * frequency
    line = torch.cat([angle.sin(), angle.cos()], 1)
    rows, columns = line[:, None].expand(-1, count, -1), line[None].expand(count, -1, -1)
    return torch.cat([rows, columns], 2).reshape(1, count * count, width)


def patches(images, side, patch):
    """uint8 [n, ny·side, nx·side, 3] → normalised patches [n·ny·nx, (side/patch)², 3·patch²] of tiles, and (ny, nx)."""
    n, height, width, _ = images.shape
    ny, nx, count = height // side, width // side, side // patch
    cut = images.view(n, ny, count, patch, nx, count, patch, 3).permute(0, 1, 4, 2, 5, 7, 3, 6)
    mean, std = (torch.tensor(v, device=images.device).view(3, 1) for v in (MEAN, STD))
    values = cut.reshape(-1, count * count, 3, patch * patch).float().mul_(1 / (255 * std)).sub_(mean / std)
    return values.flatten(2), (ny, nx)


def stitched(tokens, n, grid, count):
    """Tokens [n·ny·nx, count², D] → maps [n, D, ny·count, nx·count]."""
    ny, nx = grid
    return tokens.view(n, ny, nx, count, count, -1).permute(0, 5, 1, 3, 2, 4).reshape(n, tokens.shape[-1], ny * count, nx * count)


def token_maps(model, images, blocks, bfloat16=False):
    """Maps [n, D, rows, columns] after each of `blocks` (from 1) and the final LayerNorm, of uint8 images [n, H, W, 3].

    Takes any plain ViT of timm's; class and register tokens are left out."""
    count, embedding = model.patch_embed.grid_size[0], model.patch_embed.proj
    found = {}
    with torch.autocast(images.device.type, torch.bfloat16, enabled=bfloat16):
        values, grid = patches(images, model.patch_embed.img_size[0], model.patch_embed.patch_size[0])
        # The same as the convolution, whose gradient takes three times as long.
        x = model._pos_embed(torch.nn.functional.linear(values, embedding.weight.flatten(1), embedding.bias))
        for number, block in enumerate(model.blocks, 1):
            if number > max(blocks):
                break
            x = block(x)
            if number in blocks:
                found[number] = stitched(model.norm(x)[:, model.num_prefix_tokens :].float(), images.shape[0], grid, count)
    return found

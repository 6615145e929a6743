"""The objective: a box must be nearest to its own object in the other frame, among all boxes of the batch."""

import torch


def contrast(vectors, owners, frames, temperature):
    """Normalised temperature-scaled cross entropy (InfoNCE, van den Oord et al. 2018) over boxes.

    vectors [k, D] of unit length; owners [k]; frames [k]: the image each box is in. Every box that has its object in another
    image is a query; all other boxes are its gallery, so look-alikes of its own scene are the hard part. 0 without queries."""
    similarity = vectors @ vectors.T / temperature
    same = owners[:, None] == owners[None]
    itself = torch.eye(len(owners), dtype=torch.bool, device=vectors.device)
    positive = same & ~itself & (frames[:, None] != frames[None])
    queries = positive.any(1)
    if not queries.any():
        return vectors.sum() * 0
    logits = similarity.masked_fill(itself, float("-inf"))[queries]
    target = positive[queries].float().argmax(1)
    return torch.nn.functional.cross_entropy(logits, target)

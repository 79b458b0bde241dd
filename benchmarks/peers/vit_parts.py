"""What the peers with vision transformers share."""
import re

import torch

# Hugging Face's files have these names; in memory parameters have others since transformers 5.
RENAMED = [
    (r"(^|\.)layers\.", r"\1encoder.layer."),
    (r"attention\.([qkv])_proj", lambda found: "attention.attention." + {"q": "query", "k": "key", "v": "value"}[found[1]]),
    (r"attention\.o_proj", "attention.output.dense"),
    (r"mlp\.fc1", "intermediate.dense"),
    (r"mlp\.fc2", "output.dense"),
]


def vit_name(name):
    for pattern, stored in RENAMED:
        name = re.sub(pattern, stored, name)
    return name


def sincos_positions(width, side):
    """Zeros for [CLS], then of each patch sines and cosines of its column and of its row: [1, 1 + side^2, width]."""
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    frequency = 10_000 ** (-torch.arange(width // 4) / (width // 4))
    angles = [place.reshape(-1, 1) * frequency for place in (columns, rows)]
    places = torch.cat([part for angle in angles for part in (angle.sin(), angle.cos())], 1)
    return torch.cat([torch.zeros(1, width), places])[None]

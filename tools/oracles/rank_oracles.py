"""
Effective rank and spread of small feature matrices, by PyTorch in 64 bits: packages/core/src/oracles/rank.json.

    pip install torch
    python tools/oracles/rank_oracles.py
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)


def rank_me(z):
    sigma = torch.linalg.svdvals(z)
    p = sigma / sigma.sum() + 1e-7
    return torch.exp(-(p * p.log()).sum()).item()


def spread(z):
    return (z / z.norm(dim=1, keepdim=True)).std(0, unbiased=False).mean().item()


cases = {
    "tall": torch.randn(12, 5),
    "wide": torch.randn(4, 9) + 1,
    "of rank 3": torch.randn(20, 3) @ torch.randn(3, 16),
    "nearly collapsed": torch.ones(10, 8) + 1e-3 * torch.randn(10, 8),
    "uneven": torch.randn(30, 16) * torch.logspace(1, -3, 16),
}
records = [
    {"name": name, "shape": list(z.shape), "values": [round(v, 4) for v in z.flatten().tolist()], "rank": rank_me(z), "spread": spread(z)}
    for name, z in ((name, (z * 10_000).round() / 10_000) for name, z in cases.items())
]
out = Path(__file__).parents[2] / "packages/core/src/oracles/rank.json"
out.write_text(json.dumps(records) + "\n")
print(out, [round(record["rank"], 3) for record in records])

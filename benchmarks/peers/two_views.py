"""What the peers of methods with two views and a slower copy of the network share."""
import copy

import torch
import torch.nn.functional as F
from deterministic import deterministic
from torch import nn


def views(images):
    """Two views [N, 3, 32, 32] of each image."""
    return [deterministic(name, (images, 3, 32, 32), 3**0.5) for name in ("first", "second")]


def slower_copy(module):
    return copy.deepcopy(module).requires_grad_(False)


def move_towards(slow, online, momentum):
    with torch.no_grad():
        torch._foreach_lerp_(list(slow.parameters()), list(online.parameters()), 1 - momentum)


def head(sizes, output_norm=False):
    """Linear layers with batch norm and ReLU between, as BYOL's and MoCo v3's; the last has no bias and, normed, no affine."""
    parts = []
    for i in range(1, len(sizes)):
        is_last = i == len(sizes) - 1
        parts.append(nn.Linear(sizes[i - 1], sizes[i], bias=False))
        if not is_last:
            parts += [nn.BatchNorm1d(sizes[i]), nn.ReLU(inplace=True)]
        elif output_norm:
            parts.append(nn.BatchNorm1d(sizes[i], affine=False))
    return nn.Sequential(*parts)


def nearest_of_batch(query, key, temperature):
    """MoCo v3's contrast: each query finds its key among those of the batch."""
    logits = F.normalize(query, dim=1) @ F.normalize(key, dim=1).t() / temperature
    return 2 * temperature * F.cross_entropy(logits, torch.arange(len(query)))

"""The masks of @autodidact/core's dropout, as NumPy makes them: a transcription of packages/core/src/functions/keyed-numbers.ts by its words.

`given_masks` lets PyTorch's dropout, wherever it is called from, take these masks instead of drawing its own.
"""

from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
import torch

LIMB = 2**11
ROUNDS = [(1415, 926), (535, 897), (932, 384), (626, 433), (832, 795)]


def middle(x):
    return x**2 // 64


def stirred(key, call, count, kind):
    """Four parts of 11 bits for each of so many rows (kind 0) or columns (kind 1)."""
    place = np.arange(count, dtype=np.int64)
    parts = [place, place // LIMB, place // LIMB**2 + 2 * call // LIMB, np.full(count, 2 * call + kind)]
    a, b, c, d = [(part % LIMB + own) % LIMB for part, own in zip(parts, key)]
    for first, second in ROUNDS:
        c, d = (middle(a + first) + c) % LIMB, (middle(b + second) + d) % LIMB
        a, b, c, d = d, c, a, b
    return a, b, c, d


def numbers(key, call, rows, columns):
    """[rows, columns], from 0 to 2²² − 1."""
    r = [part[:, None] for part in stirred(key, call, rows, 0)]
    c = [part[None, :] for part in stirred(key, call, columns, 1)]
    a = (middle(c[0] + r[0]) + c[1] + r[1]) % LIMB
    b = (middle(a + r[2]) + c[2] + r[3]) % LIMB
    d = (middle(b + c[3]) + a) % LIMB
    return d * LIMB + b


def kept(key, call, shape, rate):
    """True where an element is kept; rows are all axes but the last."""
    columns = shape[-1] if shape else 1
    rows = int(np.prod(shape)) // columns
    return (numbers(key, call, rows, columns) >= round(rate * LIMB**2)).reshape(shape)


@contextmanager
def given_masks(key):
    """Within it calls of torch.nn.functional.dropout in training have masks 0, 1, … of the key; rates of 0 have none."""
    calls = 0

    def dropped(x, p=0.5, training=True, inplace=False):
        nonlocal calls
        if not training or p == 0:
            return x
        mask = torch.from_numpy(kept(key, calls, tuple(x.shape), p))
        calls += 1
        return x * mask / (1 - p)

    def attention(q, k, v, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None):
        scores = q @ k.transpose(-2, -1) * (scale or q.shape[-1] ** -0.5)
        if is_causal:
            attn_mask = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
        if attn_mask is not None:
            scores = scores + attn_mask if attn_mask.is_floating_point() else scores.masked_fill(~attn_mask, -torch.inf)
        return dropped(scores.softmax(-1).nan_to_num(), dropout_p) @ v

    functional = torch.nn.functional
    with patch.object(functional, "dropout", dropped), patch.object(functional, "scaled_dot_product_attention", attention):
        yield

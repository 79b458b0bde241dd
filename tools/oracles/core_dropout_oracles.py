"""Values of PyTorch with masks given to it, that dropout in @autodidact/core is compared with.

Run from the repository's root, after a change here, and commit the result:

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch numpy
    /tmp/torch/bin/python tools/oracles/core_dropout_oracles.py [FOLDER, packages/core/src/oracles unless told]
"""

import hashlib

import core_oracles as core
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from keyed_masks import given_masks, kept

KEY = [7, 2047, 1024, 333]


def dropout_masks():
    """The masks as digests: tests compare where each element went."""

    def one(name, key, call, rate, shape):
        mask = kept(key, call, shape, rate).astype(np.uint8)
        digest = hashlib.sha256(mask.tobytes()).hexdigest()
        return {"name": name, "key": key, "call": call, "rate": rate, "shape": shape, "sha256": digest, "kept": int(mask.sum())}

    return [
        one("one row", [0, 0, 0, 0], 0, 0.5, [40]),
        one("a few axes", KEY, 3, 0.1, [3, 4, 5, 70]),
        one("rows and columns of two parts", KEY, 0, 0.9, [2100, 3]),
        one("long rows", [1, 2, 3, 4], 1, 0.25, [2, 5000]),
        one("a rate that is no sum of a few powers of two", [2047, 2047, 2047, 2047], 2, 1 / 3, [64, 33]),
        one("a late call", KEY, 1025, 0.5, [8, 8]),
        one("columns of one", KEY, 0, 0.5, [500, 1]),
    ]


def attention_dropout():
    def one(name, shape, rate, seen=None, causal=False, mask=None):
        batch, heads, queries, keys, width, value_width = shape
        q, k, v = core.draw(batch, heads, queries, width), core.draw(batch, heads, keys, width), core.draw(batch, heads, keys, value_width)
        inputs = {"q": q, "k": k, "v": v, **({"mask": mask} if mask is not None else {})}
        for tensor in inputs.values():
            tensor.requires_grad_(True)
        with given_masks(KEY):
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=seen if mask is None else mask, is_causal=causal, dropout_p=rate)
        dy = core.draw(*y.shape)
        y.backward(dy)
        return {
            "name": name,
            "key": KEY,
            "options": {"causal": causal, "dropout": rate},
            "inputs": core.all_stored(inputs),
            **({"seen": core.stored(seen.int())} if seen is not None else {}),
            "output": core.stored(y),
            "outputGradient": core.stored(dy),
            "gradients": {name: core.stored(tensor.grad) for name, tensor in inputs.items()},
        }

    seen = torch.rand(2, 1, 5, 7, generator=core.generator) < 0.6
    seen[0, 0, 2] = False
    return [
        one("plain", (2, 3, 5, 7, 4, 5), 0.3),
        one("causal", (1, 2, 9, 9, 4, 4), 0.5, causal=True),
        one("a real mask", (2, 3, 5, 7, 4, 5), 0.1, mask=core.draw(2, 1, 5, 7)),
        one("a bool mask, one query seeing nothing", (2, 3, 5, 7, 4, 5), 0.2, seen=seen),
        one("more keys than a block has", (1, 1, 3, 300, 2, 3), 0.2),
        one("more queries than a block has", (1, 1, 140, 150, 2, 2), 0.4, causal=True),
    ]


def transformer_block_dropout():
    names = core.transformer_block_names

    def one(order, rate):
        m = nn.TransformerEncoderLayer(4, 2, 6, dropout=rate, activation="gelu", layer_norm_eps=1e-6, batch_first=True, norm_first=order == "pre")
        theirs = dict(core.randomize(m).named_parameters())
        options = {"size": 4, "heads": 2, "hiddenSize": 6, "order": order, "dropout": rate, "attentionDropout": rate}
        with given_masks(KEY):
            made = core.case(f"{order}-norm, rate {rate}", options, m, core.draw(2, 3, 4), {k: theirs[v] for k, v in names.items()})
        return {**made, "key": KEY}

    return [one("pre", 0.3), one("post", 0.1)]


if __name__ == "__main__":
    core.folder.mkdir(parents=True, exist_ok=True)
    core.write("dropout-masks", dropout_masks())
    core.write("attention-dropout", attention_dropout())
    core.write("transformer-block-dropout", transformer_block_dropout())

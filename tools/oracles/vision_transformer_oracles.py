"""Writes the values that the tests of ViT, MAE and MoCo v3 in packages/vision expect.

usage: python3 tools/oracles/vision_transformer_oracles.py        (needs: pip install torch transformers safetensors)
Writes packages/vision/src/oracles/vit.json and mae.json (Hugging Face's ViTModel and ViTMAEForPreTraining, weights in the names of their
files) and moco-v3.json (five steps of facebookresearch/moco-v3's builder.py, transcribed; encoder a linear layer, a batch norm and a ReLU).
All in double precision.
"""

import copy
import json
import math
import re
import tempfile
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn
from transformers import ViTConfig, ViTMAEConfig, ViTMAEForPreTraining, ViTModel
from vision_memory_oracles import all_stored, draw, encoder, move, optimizer, randomized, stored, views, OUT, STEPS, N, FEATURES

SIZES = dict(hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12, image_size=8, patch_size=2,
             layer_norm_eps=1e-6, num_channels=3)


def as_in_files(named):
    """The names that Hugging Face's files have; those in memory differ from version to version."""
    renamed = {}
    for key, tensor in named.items():
        key = re.sub(r"(^|\.)layers\.(\d+)\.", r"\1encoder.layer.\2.", key)
        key = re.sub(r"attention\.([qkv])_proj", lambda m: "attention.attention." + dict(q="query", k="key", v="value")[m[1]], key)
        key = key.replace("attention.o_proj", "attention.output.dense")
        key = key.replace("mlp.fc1", "intermediate.dense").replace("mlp.fc2", "output.dense")
        if "decoder_layers" in key:
            key = re.sub(r"attention\.([qkv])_proj", lambda m: "attention.attention." + dict(q="query", k="key", v="value")[m[1]], key)
        renamed[key] = tensor
    return renamed


def sincos(size, side):
    """util/pos_embed.py of facebookresearch/mae: the column comes first. (transformers 5.24 has the row first; files hold the values.)"""
    columns, rows = torch.meshgrid(torch.arange(side).double(), torch.arange(side).double(), indexing="xy")
    frequencies = 1 / 10_000 ** (torch.arange(size // 4).double() / (size / 4))
    angles = [place.flatten().outer(frequencies) for place in (columns, rows)]
    parts = [part for angle in angles for part in (angle.sin(), angle.cos())]
    return torch.cat([torch.zeros(1, size), torch.cat(parts, dim=1)])[None]


def randomize(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith(("position_embeddings", "decoder_pos_embed")) and not parameter.requires_grad:
                parameter.copy_(sincos(parameter.shape[2], 4))
                continue
            values = draw(*parameter.shape, scale=0.3)
            parameter.copy_(values / 3 + 1 if parameter.dim() == 1 and "norm" in name and name.endswith("weight") else values)
    return model.double()


def write(name, content):
    (OUT / f"{name}.json").write_text(json.dumps(content))


def channels_last(images):
    return stored(images.permute(0, 2, 3, 1).contiguous())


def vit():
    model = randomize(ViTModel(ViTConfig(**SIZES), add_pooling_layer=False)).eval()
    images = draw(2, 3, 8, 8)
    states = model(images).last_hidden_state
    names = as_in_files(dict(model.named_parameters()))
    with tempfile.TemporaryDirectory() as folder:  # the names above are those of the file that Hugging Face writes
        model.save_pretrained(folder)
        assert set(load_file(Path(folder) / "model.safetensors")) == set(names), set(names)
    write("vit", {"config": SIZES, "weights": {k: stored(v) for k, v in names.items()},
                  "images": channels_last(images), "states": stored(states)})


def mae():
    config = ViTMAEConfig(**SIZES, decoder_hidden_size=12, decoder_num_hidden_layers=1, decoder_num_attention_heads=3,
                          decoder_intermediate_size=48, norm_pix_loss=True, mask_ratio=0.75)
    config.decoder_intermediate_size = 48
    model = randomize(ViTMAEForPreTraining(config)).train()
    images, noise = draw(3, 3, 8, 8), torch.rand(3, 16, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
    out = model(images, noise=noise)
    out.loss.backward()
    parameters = as_in_files({k: v for k, v in model.named_parameters()})
    gradients = as_in_files({k: v.grad for k, v in model.named_parameters() if v.requires_grad})
    write("mae", {"config": SIZES, "weights": {k: stored(v) for k, v in parameters.items()},
                  "images": channels_last(images), "kept": torch.argsort(noise, dim=1)[:, :4].tolist(),
                  "restore": out.ids_restore.tolist(), "mask": out.mask.tolist(), "loss": out.loss.item(),
                  "prediction": stored(out.logits), "gradients": {k: stored(v) for k, v in gradients.items()}})


def moco_v3():
    """builder.py, MoCo.forward; a ResNet's projector of two layers and predictor, with small sizes."""
    temperature, momentum, hidden, size = 0.5, 0.9, 7, 5

    def heads(layers, sizes, last):
        parts = []
        for l in range(layers):
            parts.append(nn.Linear(sizes[l], sizes[l + 1], bias=False))
            if l < layers - 1:
                parts += [nn.BatchNorm1d(sizes[l + 1]), nn.ReLU()]
            elif last:
                parts.append(nn.BatchNorm1d(sizes[l + 1], affine=False))
        return nn.Sequential(*parts)

    base, projector = randomized(encoder(1)), randomized(heads(2, [FEATURES, hidden, size], True))
    predictor = randomized(heads(2, [size, hidden, size], True))
    start = {"encoder": all_stored(base), "projector": all_stored(projector), "predictor": all_stored(predictor)}
    target, target_projector = copy.deepcopy(base), copy.deepcopy(projector)
    learn = optimizer([base, projector, predictor])
    steps = []

    def contrast(q, k):
        q, k = F.normalize(q, dim=1), F.normalize(k, dim=1)
        return F.cross_entropy(q @ k.t() / temperature, torch.arange(len(q))) * (2 * temperature)

    for step in range(STEPS):
        first, second = views()
        q1, q2 = predictor(projector(base(first))), predictor(projector(base(second)))
        with torch.no_grad():
            k1, k2 = target_projector(target(first)), target_projector(target(second))
        loss = contrast(q1, k2) + contrast(q2, k1)
        learn.zero_grad()
        loss.backward()
        learn.step()
        # The authors move before the keys are made; the first of their moves is between equal weights.
        now = 1 - 0.5 * (1 + math.cos(math.pi * (step + 1) / STEPS)) * (1 - momentum)
        move(target, base, now)
        move(target_projector, projector, now)
        steps.append({"first": stored(first), "second": stored(second), "loss": loss.item()})
    end = {"encoder": all_stored(base), "projector": all_stored(projector), "predictor": all_stored(predictor),
           "keyEncoder": all_stored(target), "keyProjector": all_stored(target_projector)}
    write("moco-v3", {"options": {"temperature": temperature, "momentum": momentum, "hiddenSize": hidden, "projectionSize": size},
                      "groups": 1, "start": start, "steps": steps, "end": end})


if __name__ == "__main__":
    vit()
    mae()
    moco_v3()

"""One training step of GPT-2 (its biases, its GELU by tanh) of any size: forward, backward, clipping, AdamW."""
import torch
from deterministic import deterministic
from gpt import GPT, training_step

# Hugging Face's GPT-2 names, by which both sides draw the weights; its linear layers are stored [in, out].
NAMES = {"qkv": "attn.c_attn", "out": "attn.c_proj", "up": "mlp.c_fc", "down": "mlp.c_proj"}


def prepare(size, variant):
    sizes = {name: size[name] for name in ("layers", "heads", "width", "context", "vocabulary")}
    model = GPT(**sizes, bias=True, gelu="tanh")
    with torch.no_grad():
        model.tokens.weight.copy_(deterministic("transformer.wte.weight", tuple(model.tokens.weight.shape), 0.05))
        model.places.weight.copy_(deterministic("transformer.wpe.weight", tuple(model.places.weight.shape), 0.05))
        for index, block in enumerate(model.blocks):
            for own, name in NAMES.items():
                layer = getattr(block, own)
                shape = (layer.in_features, layer.out_features)
                layer.weight.copy_(deterministic(f"transformer.h.{index}.{name}.weight", shape, 0.05).T)
                layer.bias.zero_()
    return training_step(model, size, variant)

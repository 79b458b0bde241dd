"""What torchvision's residual networks and Hugging Face's vision transformers give on their way.

    python tools/oracles/vision_layer_oracles.py

Writes packages/vision/src/oracles/layers.json: of the networks of resnet.json each stage and block, averaged over places; of vit.json the
mean over patches and the state of [CLS] of each of `hidden_states`. Weights and images are those of the other two files.
"""
import json
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import ViTConfig, ViTModel
from vision_oracles import OUT, AnyWidthResNet, BasicBlock, Bottleneck, fill, formula, numbers


def residual():
    cases = []
    for depth, block, layers, width, stem, side in [
        (18, BasicBlock, [2, 2, 2, 2], 4, "cifar", 12),
        (50, Bottleneck, [3, 4, 6, 3], 4, "imagenet", 40),
    ]:
        model = AnyWidthResNet(block, layers, width, stem)
        fill(model)
        model.eval()
        given = {}
        for stage in range(1, 5):
            of_stage = getattr(model, f"layer{stage}")
            named = [(f"layer{stage}", of_stage), *((f"layer{stage}.{i}", module) for i, module in enumerate(of_stage))]
            for name, module in named:
                module.register_forward_hook(lambda _m, _x, out, name=name: given.update({name: numbers(out.mean((2, 3)))}))
        with torch.no_grad():
            model(formula("input", (3, side, side, 3)).permute(0, 3, 1, 2))
        cases.append({"depth": depth, "width": width, "stem": stem, "side": side, "features": given})
    return cases


def transformer():
    oracle = json.loads((OUT / "vit.json").read_text())
    model = ViTModel(ViTConfig(**oracle["config"]), add_pooling_layer=False).eval()
    tensor = lambda stored: torch.tensor(stored["values"]).reshape(stored["shape"])
    with tempfile.TemporaryDirectory() as folder:  # through the file, whose names are the oracle's
        model.save_pretrained(folder)
        weights = {name: tensor(stored).contiguous() for name, stored in oracle["weights"].items()}
        save_file(weights, Path(folder) / "model.safetensors", metadata={"format": "pt"})
        model = ViTModel.from_pretrained(folder, add_pooling_layer=False).eval()
    with torch.no_grad():
        states = model(tensor(oracle["images"]).permute(0, 3, 1, 2), output_hidden_states=True).hidden_states
    return [{"mean": numbers(state[:, 1:].mean(1)), "cls": numbers(state[:, 0])} for state in states[1:]]


if __name__ == "__main__":
    (OUT / "layers.json").write_text(json.dumps({"resnet": residual(), "vit": transformer()}, separators=(",", ":")) + "\n")

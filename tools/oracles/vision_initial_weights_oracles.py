"""Writes tiny models of torchvision and Hugging Face with what they make of images: what `--init` must load.

usage: python3 tools/oracles/vision_initial_weights_oracles.py        (needs: pip install torch torchvision transformers safetensors)
Writes packages/vision/src/oracles/initial-weights/: a file or folder for each as the libraries write it, and outputs.json. Models are so small
that the files are: a ResNet of torchvision with 2 channels in its first stage, microsoft/resnet's architectures, ViTModel, ViTMAEForPreTraining.
Position embeddings of other sizes are those of transformers' interpolate_pos_encoding.
"""

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torchvision.models.resnet import BasicBlock, ResNet
from transformers import (ResNetConfig, ResNetForImageClassification, ResNetModel, ViTConfig, ViTForImageClassification, ViTMAEConfig,
                          ViTMAEForPreTraining, ViTModel)

OUT = Path(__file__).resolve().parents[2] / "packages" / "vision" / "src" / "oracles" / "initial-weights"
WIDTH = 2


def randomize(model):
    generator = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if not tensor.is_floating_point():
                tensor.fill_(3)
            elif name.endswith("running_var"):
                tensor.copy_(0.5 + torch.rand(tensor.shape, generator=generator))
            elif tensor.dim() == 1 and name.endswith("weight"):
                tensor.copy_(1 + 0.2 * torch.randn(tensor.shape, generator=generator))
            else:
                tensor.copy_(0.3 * torch.randn(tensor.shape, generator=generator))
    return model.eval()


class SmallResNet(ResNet):
    """torchvision's ResNet has 64 channels in its first stage, whatever is asked."""

    def __init__(self):
        super().__init__(BasicBlock, [2, 2, 2, 2], num_classes=3)
        self.inplanes = WIDTH
        self.conv1 = nn.Conv2d(3, WIDTH, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTH)
        for stage in range(4):
            layer = self._make_layer(BasicBlock, WIDTH * 2**stage, 2, stride=1 if stage == 0 else 2)
            setattr(self, f"layer{stage + 1}", layer)
        self.fc = nn.Linear(8 * WIDTH, 3)


def numbers(tensor):
    return [float(f"{value:.8g}") for value in tensor.detach().double().flatten().tolist()]


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    outputs = {}
    generator = torch.Generator().manual_seed(5)
    images = {size: torch.randn(2, 3, size, size, generator=generator) for size in (8, 12, 40)}

    def keep(name, features, size):
        pixels = images[size].permute(0, 2, 3, 1).contiguous()
        outputs[name] = {"size": size, "shape": list(features.shape), "features": numbers(features)}
        outputs.setdefault("images", {})[str(size)] = numbers(pixels)

    plain = randomize(SmallResNet())
    save_file(plain.state_dict(), OUT / "resnet18-torchvision.safetensors")
    plain.fc = nn.Identity()
    keep("resnet18-torchvision.safetensors", plain(images[40]), 40)

    def small(**options):
        return ResNetConfig(embedding_size=WIDTH, num_labels=3, **options)

    basic = dict(hidden_sizes=[WIDTH * 2**stage for stage in range(4)], depths=[2, 2, 2, 2], layer_type="basic")
    bottle = dict(hidden_sizes=[WIDTH * 4 * 2**stage for stage in range(4)], depths=[3, 4, 6, 3], layer_type="bottleneck")
    for name, model in [("resnet18-hf", ResNetForImageClassification(small(**basic))), ("resnet50-hf", ResNetModel(small(**bottle)))]:
        randomize(model).save_pretrained(OUT / name)
        base = getattr(model, "resnet", model)
        keep(name, base(images[40]).pooler_output.flatten(1), 40)

    sizes = dict(hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, image_size=8, patch_size=2, layer_norm_eps=1e-6)
    for name, model in [("vit-hf", ViTForImageClassification(ViTConfig(**sizes))), ("vit-model-hf", ViTModel(ViTConfig(**sizes)))]:
        randomize(model).save_pretrained(OUT / name)
        base = getattr(model, "vit", model)
        keep(name, base(images[8]).last_hidden_state, 8)
        keep(f"{name} at 12", base(images[12], interpolate_pos_encoding=True).last_hidden_state, 12)
    auto = randomize(ViTMAEForPreTraining(ViTMAEConfig(**sizes, decoder_hidden_size=8, decoder_num_hidden_layers=1, decoder_num_attention_heads=2,
                                                       decoder_intermediate_size=8, mask_ratio=0.0)))
    auto.save_pretrained(OUT / "mae-hf")
    noise = torch.arange(16).float()[None].repeat(2, 1)
    keep("mae-hf", auto.vit(images[8], noise=noise).last_hidden_state, 8)
    (OUT / "outputs.json").write_text(json.dumps(outputs))


if __name__ == "__main__":
    main()

"""Writes the values that the tests of packages/vision expect, computed by PyTorch and torchvision.

usage: python3 tools/oracles/vision_oracles.py        (needs: pip install torch torchvision)
Writes packages/vision/src/oracles/*.json: images are bytes in NHWC order, results in the order that each test states.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
import torchvision
import torchvision.transforms.v2.functional as V
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

OUT = Path(__file__).resolve().parents[2] / "packages" / "vision" / "src" / "oracles"
GENERATOR = torch.Generator().manual_seed(20260101)


def numbers(tensor, digits=7):
    """Flat, rounded to significant digits: small files, error far below the tests' tolerance."""
    return [float(f"{value:.{digits}g}") for value in tensor.detach().flatten().tolist()]


def some_bytes(*shape):
    return torch.randint(0, 256, shape, generator=GENERATOR)


def planes(images):
    """Bytes NHWC to floats NCHW in [0, 1]."""
    return images.permute(0, 3, 1, 2).float() / 255


def crop(images, boxes, size):
    """grid_sample at half-pixel centres, border repeated; boxes are top, left, bottom, right, left > right mirrors."""
    top, left, bottom, right = torch.tensor(boxes).unbind(1)
    theta = torch.zeros(len(boxes), 2, 3)
    theta[:, 0, 0], theta[:, 0, 2] = right - left, left + right - 1
    theta[:, 1, 1], theta[:, 1, 2] = bottom - top, top + bottom - 1
    x = planes(images)
    grid = F.affine_grid(theta, (len(boxes), x.shape[1], size, size), align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)


def turn(x, degrees):
    """Counter-clockwise about the centre, border repeated."""
    angles = torch.tensor(degrees) * math.pi / 180
    theta = torch.zeros(len(degrees), 2, 3)
    theta[:, 0, 0], theta[:, 0, 1] = angles.cos(), -angles.sin()
    theta[:, 1, 0], theta[:, 1, 1] = angles.sin(), angles.cos()
    grid = F.affine_grid(theta, x.shape, align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)


def hue_yiq(x, turns):
    """As ../shared/reference/simclr_torch.py: the colour plane of YIQ is turned, where torchvision shifts the H of HSV."""
    to_yiq = torch.tensor([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
    angle = 2 * math.pi * turns
    rotation = torch.tensor([[1, 0, 0], [0, math.cos(angle), -math.sin(angle)], [0, math.sin(angle), math.cos(angle)]])
    return torch.einsum("ij,jhw->ihw", torch.inverse(to_yiq) @ rotation @ to_yiq, x).clamp(0, 1)


JITTER = {
    "brightness": V.adjust_brightness,
    "contrast": V.adjust_contrast,
    "saturation": V.adjust_saturation,
    "hue": hue_yiq,
}


def jitter(x, slots):
    """x [C, H, W]; slots are [name, amount] in order."""
    for name, amount in slots:
        x = JITTER[name](x, amount)
    return x


def crop_oracle():
    enlarged = some_bytes(3, 6, 8, 3)
    boxes = [[0, 0, 1, 1], [0.1, 0.85, 0.7, 0.2], [0.5, 0.5, 0.9, 1]]  # the second mirrored; none shrinks at size 8
    shrunk = some_bytes(1, 13, 11, 3)
    return {
        "enlarged": {"shape": list(enlarged.shape), "images": enlarged.flatten().tolist(), "boxes": boxes, "size": 8,
                     "planes": numbers(crop(enlarged, boxes, 8))},
        "shrunk": {"shape": list(shrunk.shape), "images": shrunk.flatten().tolist(), "size": 5,
                   "planes": numbers(V.resize(planes(shrunk), [5, 5], antialias=True))},
    }


def rotate_oracle():
    images = some_bytes(2, 6, 6, 2)
    degrees = [20.0, -35.0]
    return {"shape": list(images.shape), "images": images.flatten().tolist(), "degrees": degrees,
            "planes": numbers(turn(planes(images), degrees))}


def jitter_oracle():
    images = some_bytes(6, 4, 5, 3)
    orders = [
        [["brightness", 1.6]], [["contrast", 0.4]], [["saturation", 1.7]], [["hue", 0.13]],
        [["hue", -0.2], ["contrast", 1.5], ["brightness", 0.7], ["saturation", 0.3]],
        [["saturation", 1.8], ["brightness", 1.3], ["hue", 0.05], ["contrast", 1.8]],
    ]
    x = planes(images)
    gray = some_bytes(2, 4, 5, 1)
    gray_orders = [[["brightness", 1.3], ["contrast", 0.5]], [["contrast", 1.7], ["brightness", 0.6]]]
    return {
        "color": {"shape": list(images.shape), "images": images.flatten().tolist(), "orders": orders,
                  "planes": numbers(torch.stack([jitter(image, slots) for image, slots in zip(x, orders)]))},
        "gray": {"shape": list(gray.shape), "images": gray.flatten().tolist(), "orders": gray_orders,
                 "planes": numbers(torch.stack([jitter(image, slots) for image, slots in zip(planes(gray), gray_orders)]))},
    }


def sizes_oracle():
    """One-wide, one pixel, odd; each in an order of its own."""
    cases = []
    for height, width, slots in [
        (1, 7, [["contrast", 0.6], ["saturation", 1.4], ["brightness", 1.2], ["hue", 0.1]]),
        (5, 1, [["brightness", 0.7], ["contrast", 1.6], ["hue", -0.15], ["saturation", 0.5]]),
        (1, 1, [["hue", 0.2], ["saturation", 1.3], ["contrast", 0.3], ["brightness", 1.1]]),
        (13, 11, [["saturation", 0.4], ["hue", -0.05], ["brightness", 1.5], ["contrast", 1.3]]),
    ]:
        images = some_bytes(1, height, width, 3)
        cases.append({"shape": list(images.shape), "images": images.flatten().tolist(), "orders": [slots],
                      "planes": numbers(jitter(planes(images)[0], slots))})
    return cases


def pixelwise_oracle(operation):
    """Of bytes as floats in [0, 1], without a crop before."""
    images = some_bytes(2, 3, 5, 3)
    return {"shape": list(images.shape), "images": images.flatten().tolist(), "planes": numbers(operation(planes(images)))}


def blur_oracle():
    images = some_bytes(3, 9, 9, 1)
    sigmas = [0.3, 1.0, 2.0]
    blurred = [V.gaussian_blur(image, [5, 5], [sigma, sigma]) for image, sigma in zip(planes(images), sigmas)]
    return {"shape": list(images.shape), "images": images.flatten().tolist(), "radius": 2, "sigmas": sigmas,
            "planes": numbers(torch.stack(blurred))}


def augment_oracle():
    """The whole chain in SimCLR's order, one stage after the other."""
    images = some_bytes(3, 7, 7, 3)
    boxes = [[0.2, 0.9, 0.8, 0.3], [0, 0, 1, 1], [0.4, 0.1, 0.9, 0.5]]
    orders = [
        [["hue", 0.08], ["brightness", 0.8], ["contrast", 1.3], ["saturation", 0.5]],
        [["brightness", 1.4], ["saturation", 1.4], ["contrast", 0.6], ["hue", -0.1]],
        [["contrast", 1.2], ["saturation", 0.9], ["hue", 0.02], ["brightness", 1.1]],
    ]
    grays, sigmas, size = [False, True, False], [0.0, 0.8, 1.5], 8
    mean, std = [0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]
    views = []
    for image, slots, is_gray, sigma in zip(crop(images, boxes, size), orders, grays, sigmas):
        view = jitter(image, slots)
        view = V.rgb_to_grayscale(view, 3) if is_gray else view
        view = V.gaussian_blur(view, [3, 3], [sigma, sigma]) if sigma > 0 else view
        views.append(V.normalize(view, mean, std))
    return {"shape": list(images.shape), "images": images.flatten().tolist(), "boxes": boxes, "orders": orders, "grays": grays,
            "sigmas": sigmas, "size": size, "mean": mean, "std": std, "views": numbers(torch.stack(views).permute(0, 2, 3, 1))}


class AnyWidthResNet(ResNet):
    """torchvision's ResNet with another base width and stem; ResNet.__init__ fixes both."""

    def __init__(self, block, layers, width, stem):
        nn.Module.__init__(self)
        self._norm_layer, self.inplanes, self.dilation, self.groups, self.base_width = nn.BatchNorm2d, width, 1, 1, 64
        small = stem == "cifar"
        self.conv1 = nn.Conv2d(3, width, 3 if small else 7, 1 if small else 2, 1 if small else 3, bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(width), nn.ReLU(inplace=True)
        self.maxpool = nn.Identity() if small else nn.MaxPool2d(3, 2, 1)
        for stage, blocks in enumerate(layers):
            setattr(self, f"layer{stage + 1}", self._make_layer(block, width * 2**stage, blocks, 1 if stage == 0 else 2))
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Identity()


def formula(name, shape):
    """Values in [-1, 1) from a name and an index alone, so that both sides can make them: see resnet.test.ts."""
    seed = 0
    for character in name.encode():
        seed = (seed * 31 + character) & 0xFFFFFFFF
    count = math.prod(shape)
    index = torch.arange(count, dtype=torch.int64)
    word = (seed + index * 2654435761) & 0xFFFFFFFF
    word = ((word ^ (word >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF  # below 2^62: exact
    word = word ^ (word >> 12)
    return (word.double() / 2**31 - 1).float().reshape(shape)


def fill(model):
    with torch.no_grad():
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
            if name.endswith("num_batches_tracked"):
                continue
            value = formula(name, tensor.shape)
            if tensor.dim() == 4:
                tensor.copy_(value * math.sqrt(6 / (tensor.shape[0] * tensor.shape[2] * tensor.shape[3])))
            elif name.endswith("running_mean") or name.endswith("bias"):
                tensor.copy_(0.2 * value)
            else:
                tensor.copy_(1 + 0.5 * value)


def resnet_oracle():
    cases = []
    for depth, block, layers, width, stem, side in [
        (18, BasicBlock, [2, 2, 2, 2], 4, "cifar", 12),
        (34, BasicBlock, [3, 4, 6, 3], 4, "imagenet", 40),
        (50, Bottleneck, [3, 4, 6, 3], 4, "cifar", 12),
    ]:
        model = AnyWidthResNet(block, layers, width, stem)
        fill(model)
        x = formula("input", (3, side, side, 3)).permute(0, 3, 1, 2)
        model.eval()
        evaluated = model(x)
        model.train()
        trained = model(x)
        (trained * formula("weighting", trained.shape)).sum().backward()
        cases.append({
            "depth": depth, "width": width, "stem": stem, "side": side, "featureSize": trained.shape[1],
            "evaluated": numbers(evaluated), "trained": numbers(trained),
            "gradientNorms": {name: float(f"{p.grad.norm():.7g}") for name, p in model.named_parameters()
                              if name in ("conv1.weight", "bn1.bias") or name.endswith(("0.downsample.0.weight", "0.bn2.weight"))},
            "runningStatistics": {name: numbers(b) for name, b in model.named_buffers() if name in ("bn1.running_mean", "bn1.running_var")},
        })
    return cases


def parameter_lists():
    lists = {}
    for depth in (18, 34, 50):
        model = getattr(torchvision.models, f"resnet{depth}")()
        lists[f"resnet{depth}"] = {
            "parameters": [[name, list(p.shape)] for name, p in model.named_parameters() if not name.startswith("fc.")],
            "buffers": [[name, list(b.shape)] for name, b in model.named_buffers()],
        }
    return lists


def write(name, values):
    OUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"by": f"torch {torch.__version__}, torchvision {torchvision.__version__}", **values}, separators=(",", ":"))
    (OUT / f"{name}.json").write_text(text + "\n")
    print(f"{name}.json {len(text) // 1024} KiB")


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.backends.mkldnn.enabled = False  # PyTorch 2.15 aborted with it on these tiny channel counts
    augment = {"crop": crop_oracle(), "rotate": rotate_oracle(), "jitter": jitter_oracle(), "blur": blur_oracle(), "chain": augment_oracle()}
    augment["jitter"]["sizes"] = sizes_oracle()
    augment["grayscale"] = pixelwise_oracle(lambda x: V.rgb_to_grayscale(x, 3))
    augment["standardize"] = pixelwise_oracle(lambda x: V.normalize(x, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    write("augment", augment)
    write("resnet", {"cases": resnet_oracle()})
    write("resnet-names", parameter_lists())

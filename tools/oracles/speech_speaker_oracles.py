"""Writes the values that the tests of speaker embedding expect, computed by PyTorch in double precision.

usage: python3 tools/oracles/speech_speaker_oracles.py        (needs: pip install torch)
Writes packages/speech/src/oracles/speaker-encoders.json. Weights and inputs are a formula of their names, so that both sides can make them (see
packages/speech/src/testing/formula.ts). Of each gradient its length and its product with another formula are kept.

The networks are transcribed: ECAPA-TDNN in the form of wespeaker with global context, the ResNet in that of voxceleb_trainer's ResNetSE34L with ASP.
"""

import json
import math
from pathlib import Path

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
OUT = Path(__file__).resolve().parents[2] / "packages" / "speech" / "src" / "oracles"


def formula(name, shape):
    """Values in [-1, 1) from a name and an index alone."""
    seed = 0
    for character in name.encode():
        seed = (seed * 31 + character) & 0xFFFFFFFF
    index = torch.arange(math.prod(shape), dtype=torch.int64)
    word = (seed + index * 2654435761) & 0xFFFFFFFF
    word = ((word ^ (word >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF  # below 2^62: exact
    word = word ^ (word >> 12)
    return (word.double() / 2**31 - 1).float().double().reshape(shape)


def own(named):
    """Names without that of `Turned`."""
    return [(name.removeprefix("part."), tensor) for name, tensor in named]


def fill(model):
    with torch.no_grad():
        for name, tensor in own([*model.named_parameters(), *model.named_buffers()]):
            if name.endswith("num_batches_tracked"):
                continue
            value = formula(name, tensor.shape)
            if tensor.dim() > 1:
                tensor.copy_(value * math.sqrt(3 / math.prod(tensor.shape[1:])))
            elif name.endswith("running_mean") or name.endswith("bias"):
                tensor.copy_(0.2 * value)
            else:
                tensor.copy_(1 + 0.5 * value)
    return model


def numbers(tensor):
    return [float(f"{value:.8g}") for value in tensor.detach().flatten().tolist()]


# ── parts ──


class ConvolutionNorm(nn.Module):
    def __init__(self, before, after, kernel):
        super().__init__()
        self.conv = nn.Conv1d(before, after, kernel, padding=kernel // 2)
        self.bn = nn.BatchNorm1d(after)

    def forward(self, x):
        return self.bn(self.conv(x).relu())


class Res2(nn.Module):
    def __init__(self, channels, dilation, scale):
        super().__init__()
        width = channels // scale
        self.convs = nn.ModuleList(nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation) for _ in range(scale - 1))
        self.bns = nn.ModuleList(nn.BatchNorm1d(width) for _ in range(scale - 1))

    def forward(self, x):
        *parts, last = x.chunk(len(self.convs) + 1, dim=1)
        before, results = 0, []
        for part, conv, bn in zip(parts, self.convs, self.bns):
            before = bn(conv(part + before).relu())
            results.append(before)
        return torch.cat([*results, last], dim=1)


class SqueezeSequences(nn.Module):
    def __init__(self, channels, bottleneck):
        super().__init__()
        self.linear1 = nn.Linear(channels, bottleneck)
        self.linear2 = nn.Linear(bottleneck, channels)

    def forward(self, x):
        return x * self.linear2(self.linear1(x.mean(2)).relu()).sigmoid()[:, :, None]


class SeRes2(nn.Module):
    def __init__(self, channels, dilation, scale, bottleneck):
        super().__init__()
        self.se_res2block = nn.Sequential(
            ConvolutionNorm(channels, channels, 1),
            Res2(channels, dilation, scale),
            ConvolutionNorm(channels, channels, 1),
            SqueezeSequences(channels, bottleneck),
        )

    def forward(self, x):
        return x + self.se_res2block(x)


def statistics(x, scores, floor):
    """x [N, C, T]; E[x²] − μ², where the code under test has E[(x − μ)²]."""
    weights = scores.softmax(2)
    mean = (weights * x).sum(2)
    deviation = ((weights * x**2).sum(2) - mean**2).clamp(min=floor).sqrt()
    return torch.cat([mean, deviation], dim=1)


class ContextualStatistics(nn.Module):
    def __init__(self, channels, bottleneck):
        super().__init__()
        self.linear1 = nn.Conv1d(3 * channels, bottleneck, 1)
        self.linear2 = nn.Conv1d(bottleneck, channels, 1, bias=False)  # wespeaker's bias cancels in the softmax

    def forward(self, x):
        mean = x.mean(2, keepdim=True).expand_as(x)
        deviation = (x.var(2, keepdim=True) + 1e-10).sqrt().expand_as(x)
        return statistics(x, self.linear2(self.linear1(torch.cat([x, mean, deviation], dim=1)).tanh()), 1e-10)


class SelfAttentiveStatistics(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.attention = nn.Parameter(torch.zeros(channels, 1))
        self.sap_linear = nn.Linear(channels, channels)

    def forward(self, x):
        return statistics(x, (self.sap_linear(x.transpose(1, 2)).tanh() @ self.attention).transpose(1, 2), 1e-5)


# ── networks ──


class EcapaTdnn(nn.Module):
    def __init__(self, bands, channels, size, bottleneck, scale):
        super().__init__()
        self.layer1 = ConvolutionNorm(bands, channels, 5)
        self.layer2 = SeRes2(channels, 2, scale, bottleneck)
        self.layer3 = SeRes2(channels, 3, scale, bottleneck)
        self.layer4 = SeRes2(channels, 4, scale, bottleneck)
        self.conv = nn.Conv1d(3 * channels, 3 * channels, 1)
        self.pool = ContextualStatistics(3 * channels, bottleneck)
        self.bn = nn.BatchNorm1d(6 * channels)
        self.linear = nn.Linear(6 * channels, size)

    def forward(self, frames):
        one = self.layer2(self.layer1(frames.transpose(1, 2)))
        two = self.layer3(one)
        three = self.layer4(two)
        return self.linear(self.bn(self.pool(self.conv(torch.cat([one, two, three], dim=1)).relu())))


class SqueezeImages(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(channels, channels // 8), nn.ReLU(), nn.Linear(channels // 8, channels), nn.Sigmoid())

    def forward(self, x):
        return x * self.fc(x.mean((2, 3)))[:, :, None, None]


class SeBasic(nn.Module):
    def __init__(self, before, inside, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, inside, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inside)
        self.conv2 = nn.Conv2d(inside, inside, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(inside)
        self.se = SqueezeImages(inside)
        changed = stride != 1 or before != inside
        self.downsample = nn.Sequential(nn.Conv2d(before, inside, 1, stride, bias=False), nn.BatchNorm2d(inside)) if changed else None

    def forward(self, x):
        change = self.se(self.bn2(self.conv2(self.bn1(self.conv1(x).relu()))))
        return (change + (self.downsample(x) if self.downsample else x)).relu()


class FastResnet34(nn.Module):
    def __init__(self, width, size):
        super().__init__()
        pool = SelfAttentiveStatistics(8 * width)
        self.attention, self.sap_linear = pool.attention, pool.sap_linear
        self.conv1 = nn.Conv2d(1, width, 7, (2, 1), 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        before = width
        for stage, (blocks, stride) in enumerate([(3, 1), (4, 2), (6, 2), (3, 1)]):
            inside = width * 2**stage
            layers = [SeBasic(before if i == 0 else inside, inside, stride if i == 0 else 1) for i in range(blocks)]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
            before = inside
        self.fc = nn.Linear(16 * width, size)

    def forward(self, frames):
        x = self.bn1(self.conv1(frames.transpose(1, 2)[:, None])).relu()  # [N, 1, M, T]
        x = self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean(2)  # over bands
        scores = (self.sap_linear(x.transpose(1, 2)).tanh() @ self.attention).transpose(1, 2)
        return self.fc(statistics(x, scores, 1e-5))


# ── cases ──


def case(name, options, model, shape):
    fill(model)
    x = formula("input", shape)
    evaluated = model.eval()(x)
    trained = model.train()(x)
    (trained * formula("weighting", trained.shape)).sum().backward()
    gradients = {
        key: numbers(torch.stack([p.grad.norm(), (p.grad * formula(f"{key} probe", p.shape)).sum()]))
        for key, p in own(model.named_parameters())
    }
    shapes = [[key, list(p.shape)] for key, p in own(model.named_parameters())]
    buffers = {key: numbers(b) for key, b in own(model.named_buffers()) if key.endswith("running_var") and b.numel() <= 16}
    return {
        "name": name,
        "options": options,
        "input": list(shape),
        "shapes": shapes,
        "evaluated": numbers(evaluated),
        "trained": numbers(trained),
        "gradients": gradients,
        "buffersAfter": buffers,
    }


class Turned(nn.Module):
    """A part that takes [N, T, C] in place of [N, C, T]."""

    def __init__(self, part):
        super().__init__()
        self.part = part

    def forward(self, x):
        y = self.part(x.transpose(1, 2))
        return y.transpose(1, 2).contiguous() if y.dim() == 3 else y


def main():
    cases = [
        case("SE-Res2 block", {"channels": 8, "dilation": 3, "scale": 4, "bottleneck": 3}, Turned(SeRes2(8, 3, 4, 3)), (3, 9, 8)),
        case("contextual statistics", {"channels": 4, "bottleneck": 3}, Turned(ContextualStatistics(4, 3)), (3, 7, 4)),
        case("self-attentive statistics", {"channels": 4}, Turned(SelfAttentiveStatistics(4)), (3, 7, 4)),
        case("ECAPA-TDNN", {"channels": 16, "embeddingSize": 6, "bottleneck": 5, "scale": 4}, EcapaTdnn(5, 16, 6, 5, 4), (4, 13, 5)),
        case("fast ResNet-34", {"width": 8, "embeddingSize": 6}, FastResnet34(8, 6), (4, 10, 12)),
    ]
    OUT.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(made, separators=(",", ":")) for made in cases)
    path = OUT / "speaker-encoders.json"
    path.write_text(f'{{"source":"torch {torch.__version__}","cases":[\n{lines}\n]}}\n')
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

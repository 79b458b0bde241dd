"""One step of SimCLR for speakers with ECAPA-TDNN as wespeaker has it: log-mel, forward, NT-Xent, backward, AdamW.

Convolutions over time are those of images of height 1, as which PyTorch computes nn.Conv1d too: they can be channels_last.
"""
import torch
import torch.nn.functional as F
from deterministic import deterministic, fill_weights
from spectrograms import RATE, KaldiLogMel
from torch import nn

BANDS, SCALE, BOTTLENECK, EMBEDDING, TEMPERATURE = 80, 8, 128, 192, 0.03


def convolution(before, after, kernel=1, dilation=1, bias=True):
    padding = dilation * (kernel - 1) // 2
    return nn.Conv2d(before, after, (1, kernel), padding=(0, padding), dilation=(1, dilation), bias=bias)


class ConvolutionNorm(nn.Module):
    def __init__(self, before, after, kernel):
        super().__init__()
        self.conv, self.bn = convolution(before, after, kernel), nn.BatchNorm2d(after)

    def forward(self, x):
        return self.bn(self.conv(x).relu_())


class Res2(nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        width = channels // SCALE
        self.convs = nn.ModuleList(convolution(width, width, 3, dilation) for _ in range(SCALE - 1))
        self.bns = nn.ModuleList(nn.BatchNorm2d(width) for _ in range(SCALE - 1))

    def forward(self, x):
        *parts, last = x.chunk(SCALE, dim=1)
        results = []
        for part, conv, bn in zip(parts, self.convs, self.bns):
            given = part + results[-1] if results else part
            results.append(bn(conv(given).relu_()))
        return torch.cat([*results, last], dim=1)


class SqueezeExcitation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.linear1, self.linear2 = nn.Linear(channels, BOTTLENECK), nn.Linear(BOTTLENECK, channels)

    def forward(self, x):
        return x * self.linear2(self.linear1(x.mean((2, 3))).relu()).sigmoid()[:, :, None, None]


class SeRes2(nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        one_tap = [ConvolutionNorm(channels, channels, 1) for _ in range(2)]
        self.se_res2block = nn.Sequential(one_tap[0], Res2(channels, dilation), one_tap[1], SqueezeExcitation(channels))

    def forward(self, x):
        return x + self.se_res2block(x)


class ContextualStatistics(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.linear1 = convolution(3 * channels, BOTTLENECK)
        self.linear2 = convolution(BOTTLENECK, channels, bias=False)  # wespeaker's bias cancels in the softmax

    def forward(self, x):
        mean = x.mean(3, keepdim=True).expand_as(x)
        deviation = (x.var(3, keepdim=True) + 1e-10).sqrt().expand_as(x)
        weights = self.linear2(self.linear1(torch.cat([x, mean, deviation], dim=1)).tanh()).softmax(3)
        mean = (weights * x).sum(3)
        variance = (weights * x**2).sum(3) - mean**2
        return torch.cat([mean, variance.clamp(min=1e-10).sqrt()], dim=1).flatten(1)


class EcapaTdnn(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.layer1 = ConvolutionNorm(BANDS, channels, 5)
        self.layer2, self.layer3, self.layer4 = (SeRes2(channels, dilation) for dilation in (2, 3, 4))
        self.conv = convolution(3 * channels, 3 * channels)
        self.pool = ContextualStatistics(3 * channels)
        self.bn = nn.BatchNorm1d(6 * channels)
        self.linear = nn.Linear(6 * channels, EMBEDDING)

    def forward(self, x):
        one = self.layer2(self.layer1(x))
        two = self.layer3(one)
        three = self.layer4(two)
        return self.linear(self.bn(self.pool(self.conv(torch.cat([one, two, three], dim=1)).relu_())))


def voices(name, recordings, samples):
    """As contenders/speech.ts has them: each number of recording n is held for 1 + n mod 8 samples."""
    noise = deterministic(name, (recordings, samples), 0.3)
    places = torch.arange(samples) // (1 + torch.arange(recordings) % 8)[:, None]
    return noise.gather(1, places)


def prepare(size, variant):
    recordings, samples = size["recordings"], int(size["seconds"] * RATE)
    model = nn.ModuleDict({"encoder": EcapaTdnn(size["channels"])})
    fill_weights(model)
    layout = torch.channels_last if variant in ("channels_last", "compile") else torch.contiguous_format
    model = model.to(memory_format=layout)
    waves = torch.cat([voices(name, recordings, samples) for name in ("first", "second")])
    log_mel = KaldiLogMel(BANDS)
    partners = torch.arange(2 * recordings).roll(recordings)
    own = torch.eye(2 * recordings) * 1e9
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-6, betas=(0.9, 0.95), weight_decay=0.05, fused=True)

    def loss(bands):
        z = F.normalize(model["encoder"](bands), dim=1)
        return F.cross_entropy(z @ z.t() / TEMPERATURE - own, partners)

    measured = torch.compile(loss) if variant == "compile" else loss

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            bands = log_mel(waves)
            bands = (bands - bands.mean(1, keepdim=True)).transpose(1, 2)[:, :, None]  # [N, 80, 1, F]
            bands = bands.contiguous(memory_format=layout)
        value = measured(bands)
        value.backward()
        optimizer.step()
        return value.item()

    return step

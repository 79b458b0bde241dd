"""Writes the values that the tests of masked frames in packages/speech expect: a transcription of the encoder, its head and the loss to PyTorch.

usage: python3 tools/oracles/speech_masked_frames_oracles.py        (needs: pip install torch torchaudio)
Writes packages/speech/src/oracles/masked-frames.json. The encoder follows s3prl (upstream/mockingjay/model.py: projection, sinusoids, layer norm,
BERT's layers; with `pre` the norms stand before and once at the end), the masks and the loss pretrain/mockingjay (task.py, pretrain_expert.py).
Three utterances: one with its chosen frames zeroed, one with them replaced, one with them left. In double precision.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torchaudio.compliance import kaldi

torch.set_default_dtype(torch.float64)
OUT = Path(__file__).resolve().parents[2] / "packages" / "speech" / "src" / "oracles" / "masked-frames.json"
GENERATOR = torch.Generator().manual_seed(20261130)
RATE, N, WIDTH, HEADS, HIDDEN, LAYERS, BANDS, SPAN = 8000, 3, 8, 2, 12, 2, 5, 3


def stored(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.8g}") for v in tensor.detach().double().flatten().tolist()]}


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        n, t, _ = x.shape
        q, k, v = (part.view(n, t, HEADS, WIDTH // HEADS).transpose(1, 2) for part in self.qkv(x).chunk(3, -1))
        weights = torch.softmax(q @ k.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5, -1)
        return self.proj((weights @ v).transpose(1, 2).reshape(n, t, WIDTH))


class Layer(nn.Module):
    def __init__(self, order):
        super().__init__()
        self.order = order
        self.norm1, self.attn, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), Attention(), nn.LayerNorm(WIDTH, eps=1e-12)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(WIDTH, HIDDEN), "fc2": nn.Linear(HIDDEN, WIDTH)})

    def forward(self, x):
        perceptron = lambda x: self.mlp["fc2"](F.gelu(self.mlp["fc1"](x)))
        if self.order == "pre":
            x = x + self.attn(self.norm1(x))
            return x + perceptron(self.norm2(x))
        x = self.norm1(x + self.attn(x))
        return self.norm2(x + perceptron(x))


class Encoder(nn.Module):
    def __init__(self, order, stack):
        super().__init__()
        self.projection, self.input_norm = nn.Linear(BANDS * stack, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(order) for _ in range(LAYERS))
        if order == "pre":
            self.norm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, frames):
        place, frame = torch.arange(WIDTH), torch.arange(frames.shape[1])[:, None]
        angle = frame / 10000 ** (2 * (place // 2) / WIDTH)
        x = self.input_norm(self.projection(frames) + torch.where(place % 2 == 0, angle.sin(), angle.cos()))
        for layer in self.layers:
            x = layer(x)
        return self.norm(x) if hasattr(self, "norm") else x


class Head(nn.Module):
    def __init__(self, stack):
        super().__init__()
        self.dense, self.norm = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.output = nn.Linear(WIDTH, BANDS * stack)

    def forward(self, states):
        return self.output(self.norm(F.gelu(self.dense(states))))


def features(waves, stack):
    bands = torch.stack([kaldi.fbank(wave[None], sample_frequency=RATE, num_mel_bins=BANDS) for wave in waves])
    bands = bands - bands.mean(1, keepdim=True)
    bands = bands / ((bands**2).mean(1, keepdim=True) + 1e-5).sqrt()
    count = bands.shape[1] // stack
    return bands[:, : count * stack].reshape(len(waves), count, stack * BANDS)


def case(order, stack, frames):
    model = nn.ModuleDict({"encoder": Encoder(order, stack), "head": Head(stack)})
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_((torch.randn(parameter.shape, generator=GENERATOR) * 400).round() / 1000)
    waves = (torch.randn(N, 200 + 80 * (frames * stack - 1), generator=GENERATOR) * 100).round() / 1000
    target = features(waves, stack)

    chosen = torch.zeros(N, frames)
    source = torch.arange(frames).repeat(N, 1)
    kept = torch.ones(N, frames)
    band = torch.zeros(N, BANDS)
    masked, label = target.clone(), torch.zeros_like(target, dtype=torch.bool)
    dice, bands = ["zero", "replace", "leave"], [(1, 1), (0, 0), (BANDS - 2, 2)]
    for n in range(N):
        at = torch.arange(n + 1, n + 1 + SPAN)
        chosen[n, at] = 1
        label[n, at, :] = True
        if dice[n] == "zero":
            masked[n, at, :], kept[n, at] = 0, 0
        if dice[n] == "replace":
            others = torch.arange(frames - SPAN, frames)
            masked[n, at, :], source[n, at] = target[n, others, :], others
        start, width = bands[n]
        cells = [s * BANDS + b for s in range(stack) for b in range(start, start + width)]
        masked[n, :, cells], label[n, :, cells] = 0, True
        band[n, start : start + width] = 1

    prediction = model["head"](model["encoder"](masked))
    loss = F.l1_loss(prediction.masked_select(label), target.masked_select(label))
    loss.backward()
    return {
        "order": order,
        "stack": stack,
        "weights": {k: stored(v) for k, v in model.named_parameters()},
        "waves": stored(waves),
        "masks": {"chosen": chosen.tolist(), "source": source.tolist(), "kept": kept.tolist(), "band": band.tolist()},
        "loss": loss.item(),
        "lossOfMean": target.masked_select(label).abs().mean().item(),
        "gradients": {k: stored(v.grad) for k, v in model.named_parameters()},
    }


if __name__ == "__main__":
    cases = [case("pre", 1, 9), case("post", 2, 8)]
    print([(c["loss"], c["lossOfMean"]) for c in cases])
    OUT.write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")

"""Writes the values that the test of BEST-RQ in packages/speech expects: one loss and its gradients, transcribed to PyTorch.

usage: python3 tools/oracles/speech_best_rq_oracles.py        (needs: pip install torch)
Writes packages/speech/src/oracles/best-rq.json. Equation 1 of arXiv 2202.01855: label = argmin_i ‖norm(c_i) − norm(A x)‖, for each of two
codebooks; hidden frames are noise; cross-entropy on them alone. The encoder is a linear layer and a tanh over a frame and its neighbours' mean,
so that the file is small. All in double precision.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
OUT = Path(__file__).resolve().parents[2] / "packages" / "speech" / "src" / "oracles"
GENERATOR = torch.Generator().manual_seed(20261202)
N, FRAMES, BANDS, WIDTH, CODEBOOKS, ENTRIES, SIZE = 2, 8, 5, 6, 2, 7, 4


def draw(*shape, scale=1.0):
    return (torch.randn(*shape, generator=GENERATOR) * scale * 1000).round() / 1000


def stored(tensor):
    tensor = tensor.detach()
    return {"shape": list(tensor.shape), "values": [float(f"{v:.8g}") for v in tensor.flatten().tolist()]}


def main():
    features = draw(N, FRAMES, BANDS) * torch.tensor([1.0, 0.2, 3.0, 1.0, 0.5]) + draw(BANDS, scale=4.0)  # bands of other levels
    mask = torch.zeros(N, FRAMES)
    mask[0, 1:4] = mask[1, 4:8] = 1
    noise = draw(N, FRAMES, BANDS, scale=0.1) * mask[:, :, None]
    projection, codebook = draw(CODEBOOKS, BANDS, SIZE), draw(CODEBOOKS, ENTRIES, SIZE)
    named = {"encoder.weight": draw(WIDTH, BANDS, scale=0.5), "encoder.bias": draw(WIDTH, scale=0.5),
             "head.weight": draw(CODEBOOKS * ENTRIES, WIDTH, scale=0.5), "head.bias": draw(CODEBOOKS * ENTRIES, scale=0.5)}
    for tensor in named.values():
        tensor.requires_grad_(True)

    mean, variance = features.mean(1, keepdim=True), features.var(1, keepdim=True, unbiased=False)
    target = (features - mean) / torch.sqrt(variance + 1e-5)
    seen = features * (1 - mask[:, :, None]) + noise
    around = seen + seen.mean(1, keepdim=True)
    states = torch.tanh(around @ named["encoder.weight"].T + named["encoder.bias"])
    logits = states @ named["head.weight"].T + named["head.bias"]
    hidden = mask.bool()
    losses, labels, right = [], [], []
    for b in range(CODEBOOKS):
        rows, codes = F.normalize(target[hidden] @ projection[b], dim=1), F.normalize(codebook[b], dim=1)
        label = torch.cdist(rows, codes).argmin(1)
        own = logits[hidden][:, b * ENTRIES:(b + 1) * ENTRIES]
        losses.append(F.cross_entropy(own, label))
        right.append((own.argmax(1) == label).double().mean())
        labels.append(label.tolist())
    loss = sum(losses) / CODEBOOKS
    loss.backward()
    shares = [torch.bincount(torch.tensor(label), minlength=ENTRIES) / len(label) for label in labels]
    used = sum(torch.exp(-torch.xlogy(s, s).sum()) for s in shares) / CODEBOOKS
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "best-rq.json").write_text(json.dumps({
        "options": {"codebooks": CODEBOOKS, "entries": ENTRIES, "codeSize": SIZE},
        "features": stored(features), "mask": mask.tolist(), "noise": stored(noise), "projection": stored(projection),
        "codebook": stored(codebook), "weights": {k: stored(v) for k, v in named.items()}, "labels": labels, "loss": loss.item(),
        "accuracy": (sum(right) / CODEBOOKS).item(), "usedCodes": used.item(),
        "gradients": {k: stored(v.grad) for k, v in named.items()}}))
    print(OUT / "best-rq.json", labels, loss.item())


if __name__ == "__main__":
    main()

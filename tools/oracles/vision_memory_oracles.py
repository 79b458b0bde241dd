"""Writes the values that the tests of MoCo v2 and BYOL in packages/vision expect: five steps of each, transcribed to PyTorch.

usage: python3 tools/oracles/vision_memory_oracles.py        (needs: pip install torch)
Writes packages/vision/src/oracles/moco.json and byol.json. MoCo follows facebookresearch/moco (builder.py; SplitBatchNorm of its CIFAR
demo), BYOL Algorithm 1 of the paper with the heads of google-deepmind/deepmind-research (byol/utils/networks.py). All in double precision;
the encoder is a linear layer, a batch norm and a ReLU, so that the files are small.
"""

import copy
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)
OUT = Path(__file__).resolve().parents[2] / "packages" / "vision" / "src" / "oracles"
GENERATOR = torch.Generator().manual_seed(20261130)
STEPS, N, PIXELS, FEATURES = 5, 8, 6, 5


def draw(*shape, scale=1.0):
    """Three decimals: small files, and what a test sees is the error of the code under test alone."""
    return (torch.randn(*shape, generator=GENERATOR) * scale * 1000).round() / 1000


def stored(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.8g}") for v in tensor.detach().flatten().tolist()]}


def all_stored(module):
    """Parameters and running statistics, by name."""
    return {k: stored(v) for k, v in module.state_dict().items() if not k.endswith("num_batches_tracked")}


def randomized(module):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(draw(*parameter.shape, scale=0.5))
    return module


class SplitBatchNorm(nn.BatchNorm1d):
    """As in MoCo's CIFAR demo, for rows [N, C]."""

    def __init__(self, num_features, num_splits):
        super().__init__(num_features)
        self.num_splits = num_splits

    def forward(self, x):
        n, c = x.shape
        mean, variance = self.running_mean.repeat(self.num_splits), self.running_var.repeat(self.num_splits)
        y = F.batch_norm(
            x.reshape(-1, c * self.num_splits), mean, variance,
            self.weight.repeat(self.num_splits), self.bias.repeat(self.num_splits), True, self.momentum, self.eps,
        ).reshape(n, c)
        self.running_mean.data.copy_(mean.view(self.num_splits, c).mean(dim=0))
        self.running_var.data.copy_(variance.view(self.num_splits, c).mean(dim=0))
        return y


def encoder(groups):
    return nn.Sequential(nn.Linear(PIXELS, FEATURES), SplitBatchNorm(FEATURES, groups), nn.ReLU())


def optimizer(modules):
    return torch.optim.SGD([p for m in modules for p in m.parameters()], lr=0.2, momentum=0.9, weight_decay=1e-3)


def views():
    images = draw(N, PIXELS)
    return images + draw(N, PIXELS, scale=0.3), images + draw(N, PIXELS, scale=0.3)


def move(target, online, m):
    for k, q in zip(target.parameters(), online.parameters()):
        k.data = k.data * m + q.data * (1.0 - m)


def moco():
    t, m, size, dim, groups = 0.2, 0.9, 24, 4, 2
    f_q = encoder(groups)
    mlp = nn.Sequential(nn.Linear(FEATURES, FEATURES), nn.ReLU(), nn.Linear(FEATURES, dim))
    randomized(f_q), randomized(mlp)
    start = {"encoder": all_stored(f_q), "projector": all_stored(mlp)}
    f_k, mlp_k = copy.deepcopy(f_q), copy.deepcopy(mlp)
    queue = F.normalize(draw(dim, size), dim=0)
    start["queue"] = stored(queue.T)
    ptr = 0
    sgd = optimizer([f_q, mlp])
    steps = []
    for _ in range(STEPS):
        im_q, im_k = views()
        shuffle = torch.randperm(N, generator=GENERATOR)
        q = F.normalize(mlp(f_q(im_q)), dim=1)
        with torch.no_grad():
            move(f_k, f_q, m)
            move(mlp_k, mlp, m)
            k = F.normalize(mlp_k(f_k(im_k[shuffle])), dim=1)[torch.argsort(shuffle)]
        l_pos = torch.einsum("nc,nc->n", [q, k]).unsqueeze(-1)
        l_neg = torch.einsum("nc,ck->nk", [q, queue.clone().detach()])
        logits = torch.cat([l_pos, l_neg], dim=1) / t
        loss = F.cross_entropy(logits, torch.zeros(N, dtype=torch.long))
        queue[:, ptr : ptr + N] = k.T
        ptr = (ptr + N) % size
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        oldest_first = torch.roll(queue, -ptr, dims=1).T  # the ring, read from its pointer on
        steps.append({
            "first": stored(im_q), "second": stored(im_k), "order": shuffle.tolist(),
            "loss": loss.item(), "logits": stored(logits), "queue": stored(oldest_first),
        })
    move(f_k, f_q, m)  # the authors' next step would begin so; ours ends so
    move(mlp_k, mlp, m)
    end = {"encoder": f_q, "projector": mlp, "keyEncoder": f_k, "keyProjector": mlp_k}
    options = {"temperature": t, "momentum": m, "queueSize": size, "projectionSize": dim}
    return {"options": options, "groups": groups, "start": start, "steps": steps, "end": {k: all_stored(v) for k, v in end.items()}}


def byol():
    base, hidden, dim = 0.9, 7, 4
    head = lambda size: nn.Sequential(nn.Linear(size, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Linear(hidden, dim, bias=False))
    f, g, predictor = randomized(encoder(1)), randomized(head(FEATURES)), randomized(head(dim))
    start = {"encoder": all_stored(f), "projector": all_stored(g), "predictor": all_stored(predictor)}
    f_t, g_t = copy.deepcopy(f), copy.deepcopy(g)
    sgd = optimizer([f, g, predictor])
    steps = []
    for step in range(STEPS):
        v, w = views()
        one, other = predictor(g(f(v))), predictor(g(f(w)))
        with torch.no_grad():
            aim_other, aim_one = g_t(f_t(w)), g_t(f_t(v))
        similarity = torch.stack([F.cosine_similarity(one, aim_other), F.cosine_similarity(other, aim_one)])
        loss = (2 - 2 * similarity).mean(dim=1).sum()
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        progress = (step + 1) / STEPS  # the trainer tells the progress that the update has brought
        tau = 1 - (1 - base) * (math.cos(math.pi * progress) + 1) / 2
        move(f_t, f, tau)
        move(g_t, g, tau)
        steps.append({"first": stored(v), "second": stored(w), "loss": loss.item()})
    end = {"encoder": f, "projector": g, "predictor": predictor, "target": f_t, "targetProjector": g_t}
    options = {"momentum": base, "hiddenSize": hidden, "projectionSize": dim}
    return {"options": options, "groups": 1, "start": start, "steps": steps, "end": {k: all_stored(v) for k, v in end.items()}}


if __name__ == "__main__":
    for name, make in {"moco": moco, "byol": byol}.items():
        path = OUT / f"{name}.json"
        path.write_text(json.dumps({"source": f"torch {torch.__version__}", **make()}, separators=(",", ":")) + "\n")
        print(f"{path.name}: {path.stat().st_size} bytes")

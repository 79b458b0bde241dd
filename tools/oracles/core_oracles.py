"""Values of PyTorch that the modules, losses, optimizers and schedules of @autodidact/core are compared with.

Run from the repository's root, after a change here, and commit the result:

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch
    /tmp/torch/bin/python tools/oracles/core_oracles.py [FOLDER, packages/core/src/oracles unless told]

Everything is computed in double precision from inputs of three decimals, so that the files are small and exact: what a test then
sees is the error of the code under test alone. Images are written as [N, H, W, C], as the code under test takes them.
"""

import json
import math
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(20261122)
folder = Path(sys.argv[1] if len(sys.argv) > 1 else "packages/core/src/oracles")


def draw(*shape, scale=1.0):
    return (torch.randn(*shape, generator=generator) * scale * 1000).round() / 1000


def stored(tensor):
    """{shape, values}; whole numbers are marked int32."""
    tensor = tensor.detach()
    if not tensor.is_floating_point():
        return {"shape": list(tensor.shape), "values": tensor.flatten().tolist(), "dtype": "int32"}
    return {"shape": list(tensor.shape), "values": [float(f"{v:.7g}") for v in tensor.flatten().tolist()]}


def all_stored(tensors):
    return {name: stored(tensor) for name, tensor in tensors.items()}


def write(name, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    path = folder / f"{name}.json"
    path.write_text(f'{{"source":"torch {torch.__version__}","cases":[\n{lines}\n]}}\n')
    print(f"{path}: {len(cases)} cases, {path.stat().st_size} bytes")


def randomize(module, scale=0.5):
    """Every parameter drawn, so that no bias of 0 or scale of 1 hides a mistake."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(draw(*parameter.shape, scale=scale))
    return module


def case(name, options, forward, x, parameters, to_ours=lambda t: t, extra=None):
    """Runs forward, sends a drawn gradient back, and writes all of it. `to_ours` permutes images."""
    if x.is_floating_point():
        x.requires_grad_(True)
    before = all_stored(parameters)
    y = forward(x)
    dy = draw(*y.shape)
    y.backward(dy)
    gradients = {key: stored(parameter.grad) for key, parameter in parameters.items()}
    if x.is_floating_point():
        gradients["input"] = stored(to_ours(x.grad))
    return {
        "name": name,
        "options": options,
        "input": stored(to_ours(x)),
        "parameters": before,
        "output": stored(to_ours(y)),
        "outputGradient": stored(to_ours(dy)),
        "gradients": gradients,
        **(extra() if extra else {}),
    }


def to_nhwc(t):
    return t.permute(0, 2, 3, 1).contiguous() if t.dim() == 4 else t


def to_ntc(t):
    return t.permute(0, 2, 1).contiguous() if t.dim() == 3 else t


# ── modules ──


def linear():
    a, b = randomize(nn.Linear(5, 4)), randomize(nn.Linear(3, 2, bias=False))
    return [
        case("rows", {"sizes": [5, 4]}, a, draw(3, 5), dict(a.named_parameters())),
        case("three axes, no bias", {"sizes": [3, 2], "bias": False}, b, draw(2, 3, 3), dict(b.named_parameters())),
    ]


def conv2d():
    def one(name, channels, shape, torch_options, ours, images=1):
        m = randomize(nn.Conv2d(*channels, **torch_options))
        return case(name, {"channels": channels, **ours}, m, draw(images, channels[0], *shape), dict(m.named_parameters()), to_nhwc)

    return [
        one("3x3", [3, 4], [5, 6], dict(kernel_size=3, padding=1), {"kernelSize": 3, "padding": 1}, 2),
        one("no padding, no bias", [2, 3], [4, 5], dict(kernel_size=3, bias=False), {"kernelSize": 3, "bias": False}),
        one("stride 2 of odd sides", [2, 3], [5, 7], dict(kernel_size=3, stride=2, padding=1), {"kernelSize": 3, "stride": 2, "padding": 1}, 2),
        one("stride 2 of even sides", [2, 3], [6, 4], dict(kernel_size=3, stride=2, padding=1), {"kernelSize": 3, "stride": 2, "padding": 1}),
        one("1x1, stride 2", [3, 2], [5, 4], dict(kernel_size=1, stride=2, bias=False), {"kernelSize": 1, "stride": 2, "bias": False}),
        one("7x7 stem", [1, 2], [9, 8], dict(kernel_size=7, stride=2, padding=3), {"kernelSize": 7, "stride": 2, "padding": 3}),
        one("unequal sides", [2, 2], [5, 6], dict(kernel_size=(3, 2), stride=(2, 1), padding=(1, 0)), {"kernelSize": [3, 2], "stride": [2, 1], "padding": [1, 0]}),
        one("dilation 2", [2, 3], [6, 7], dict(kernel_size=3, dilation=2, padding=2), {"kernelSize": 3, "dilation": 2, "padding": 2}, 2),
        one("unequal dilation", [2, 2], [5, 7], dict(kernel_size=(2, 3), dilation=(1, 2), padding=(0, 1)), {"kernelSize": [2, 3], "dilation": [1, 2], "padding": [0, 1]}),
        one("two groups", [4, 6], [4, 5], dict(kernel_size=3, padding=1, groups=2), {"kernelSize": 3, "padding": 1, "groups": 2}, 2),
        one("depthwise, stride 2", [3, 3], [5, 6], dict(kernel_size=3, stride=2, padding=1, groups=3), {"kernelSize": 3, "stride": 2, "padding": 1, "groups": 3}),
        one("depthwise, two results a channel", [3, 6], [4, 4], dict(kernel_size=3, padding=1, groups=3), {"kernelSize": 3, "padding": 1, "groups": 3}),
        one("depthwise, dilation 2", [2, 2], [6, 5], dict(kernel_size=3, padding=2, dilation=2, groups=2), {"kernelSize": 3, "padding": 2, "dilation": 2, "groups": 2}),
    ]


def conv1d():
    def one(name, channels, length, options, batch=1):
        torch_names = {"kernelSize": "kernel_size"}
        m = randomize(nn.Conv1d(*channels, **{torch_names.get(key, key): value for key, value in options.items()}))
        return case(name, {"channels": channels, **options}, m, draw(batch, channels[0], length), dict(m.named_parameters()), to_ntc)

    return [
        one("3 taps", [3, 4], 6, {"kernelSize": 3, "padding": 1}, 2),
        one("no padding, no bias, stride 2", [2, 3], 9, {"kernelSize": 4, "stride": 2, "bias": False}, 2),
        one("stride above the kernel", [2, 2], 11, {"kernelSize": 2, "stride": 3, "padding": 1}),
        one("one tap", [3, 5], 4, {"kernelSize": 1}, 2),
        one("one tap, stride 2", [3, 2], 6, {"kernelSize": 1, "stride": 2, "padding": 1}, 2),
        one("dilation 2", [3, 4], 7, {"kernelSize": 3, "padding": 2, "dilation": 2}, 2),
        one("dilation 4, no padding", [2, 3], 10, {"kernelSize": 3, "dilation": 4, "bias": False}, 2),
        one("dilation 2, stride 3", [2, 3], 12, {"kernelSize": 3, "dilation": 2, "stride": 3, "padding": 1}, 2),
        one("two groups", [4, 6], 5, {"kernelSize": 3, "padding": 1, "groups": 2}, 2),
        one("two groups, dilation 3", [4, 2], 8, {"kernelSize": 3, "padding": 3, "dilation": 3, "groups": 2}),
        one("depthwise, stride 2", [3, 3], 7, {"kernelSize": 3, "padding": 1, "stride": 2, "groups": 3}, 2),
        one("depthwise, two results a channel", [2, 4], 5, {"kernelSize": 4, "padding": 2, "groups": 2}),
        one("depthwise, dilation 2", [2, 2], 6, {"kernelSize": 3, "padding": 2, "dilation": 2, "groups": 2}),
    ]


def batch_norm():
    def one(name, m, x, mode):
        randomize(m)
        with torch.no_grad():
            m.running_mean.copy_(draw(m.num_features))
            m.running_var.copy_(draw(m.num_features).abs() + 0.5)
        m.train(mode == "train")
        buffers = all_stored({k: v.clone() for k, v in m.named_buffers()})
        after = lambda: {"buffers": buffers, "buffersAfter": all_stored(dict(m.named_buffers()))}
        options = {"features": m.num_features, "affine": m.affine, "epsilon": m.eps, "momentum": m.momentum, "mode": mode}
        return case(name, options, m, x, dict(m.named_parameters()), to_nhwc, after)

    return [
        one("rows", nn.BatchNorm1d(3), draw(5, 3, scale=2) + 1, "train"),
        one("images", nn.BatchNorm2d(3), draw(2, 3, 3, 2), "train"),
        one("far from zero", nn.BatchNorm1d(2), draw(7, 2) + 30, "train"),
        one("no affine, other constants", nn.BatchNorm1d(2, affine=False, eps=1e-3, momentum=0.3), draw(4, 2), "train"),
        one("evaluation", nn.BatchNorm2d(3), draw(2, 3, 2, 3), "evaluate"),
    ]


class SplitBatchNorm(nn.BatchNorm2d):
    """As in MoCo's CIFAR demo (facebookresearch/moco, moco_cifar10_demo.ipynb)."""

    def __init__(self, num_features, num_splits):
        super().__init__(num_features)
        self.num_splits = num_splits

    def forward(self, x):
        n, c, h, w = x.shape
        mean = self.running_mean.repeat(self.num_splits)
        variance = self.running_var.repeat(self.num_splits)
        y = F.batch_norm(
            x.reshape(-1, c * self.num_splits, h, w), mean, variance,
            self.weight.repeat(self.num_splits), self.bias.repeat(self.num_splits), True, self.momentum, self.eps,
        ).view(n, c, h, w)
        self.running_mean.data.copy_(mean.view(self.num_splits, c).mean(dim=0))
        self.running_var.data.copy_(variance.view(self.num_splits, c).mean(dim=0))
        self.num_batches_tracked.add_(1)  # the demo leaves it; with a fixed momentum nothing reads it
        return y


def batch_norm_groups():
    def one(name, groups, *shape):
        m = randomize(SplitBatchNorm(shape[1], groups))
        with torch.no_grad():
            m.running_mean.copy_(draw(shape[1]))
            m.running_var.copy_(draw(shape[1]).abs() + 0.5)
        buffers = all_stored({k: v.clone() for k, v in m.named_buffers()})
        after = lambda: {"buffers": buffers, "buffersAfter": all_stored(dict(m.named_buffers()))}
        options = {"features": shape[1], "groups": groups, "mode": "train"}
        return case(name, options, m, draw(*shape, scale=2) + 1, dict(m.named_parameters()), to_nhwc, after)

    return [
        one("two groups of images", 2, 4, 3, 2, 3),
        one("three groups of one pixel", 3, 9, 2, 1, 1),
    ]


def layer_norm():
    a, b = randomize(nn.LayerNorm(5)), randomize(nn.LayerNorm(4, eps=1e-6))
    return [
        case("rows", {"features": 5}, a, draw(3, 5), dict(a.named_parameters())),
        case("three axes", {"features": 4, "epsilon": 1e-6}, b, draw(2, 3, 4, scale=3) + 2, dict(b.named_parameters())),
    ]


def group_norm():
    def one(name, groups, features, length, batch=2):
        m = randomize(nn.GroupNorm(groups, features))
        options = {"groups": groups, "features": features}
        return case(name, options, m, draw(batch, features, length), dict(m.named_parameters()), to_ntc)

    return [one("two groups", 2, 4, 3), one("as many groups as features", 3, 3, 5), one("one group", 1, 4, 2)]


def embedding():
    m = randomize(nn.Embedding(5, 3))
    return [case("a repeated id", {"sizes": [5, 3]}, m, torch.tensor([[4, 0, 1], [1, 1, 3]]), dict(m.named_parameters()))]


def gelu():
    x = torch.tensor([-12.0, -5.0, -3.0, -1.0, -0.5, -0.001, 0.0, 0.001, 0.5, 1.0, 3.0, 5.0, 12.0])
    return [
        case("exact", {}, F.gelu, x.clone(), {}),
        case("tanh", {}, lambda t: F.gelu(t, approximate="tanh"), x.clone(), {}),
    ]


def l2_normalize():
    return [
        case("rows", {}, lambda t: F.normalize(t, dim=-1), draw(3, 4), {}),
        case("three axes", {}, lambda t: F.normalize(t, dim=-1), draw(2, 2, 3), {}),
    ]


def multi_head_attention():
    def one(name, mask, batch, length):
        m = randomize(nn.MultiheadAttention(6, 2, batch_first=True))
        forward = lambda x: m(x, x, x, attn_mask=mask, need_weights=False)[0]
        result = case(name, {"size": 6, "heads": 2}, forward, draw(batch, length, 6), dict(m.named_parameters()))
        return {**result, **({"mask": stored(mask)} if mask is not None else {})}

    causal = torch.full((4, 4), -1e9).triu(1)
    return [one("without a mask", None, 2, 3), one("causal", causal, 2, 4)]


def scaled_dot_product_attention():
    def one(name, queries, keys, mask=None, causal=False, scale=None):
        q, k, v = draw(2, 3, queries, 4), draw(2, 3, keys, 4), draw(2, 3, keys, 5)
        inputs = {"q": q, "k": k, "v": v, **({"mask": mask} if mask is not None and mask.is_floating_point() else {})}
        for tensor in inputs.values():
            tensor.requires_grad_(True)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal, scale=scale)
        dy = draw(*y.shape)
        y.backward(dy)
        return {
            "name": name,
            "options": {"causal": causal, **({"scale": scale} if scale else {})},
            "inputs": all_stored(inputs),
            **({"seen": stored(mask.int())} if mask is not None and not mask.is_floating_point() else {}),
            "output": stored(y),
            "outputGradient": stored(dy),
            "gradients": {name: stored(tensor.grad) for name, tensor in inputs.items()},
        }

    seen = torch.rand(2, 1, 5, 7, generator=generator) < 0.6
    seen[0, 0, 2] = False
    return [
        one("plain", 5, 7),
        one("causal", 6, 6, causal=True),
        one("causal, fewer keys than queries", 6, 4, causal=True),
        one("causal, with a scale", 3, 8, causal=True, scale=0.7),
        one("a real mask for each head", 5, 7, draw(3, 1, 7)),
        one("a real mask for each score", 5, 7, draw(2, 3, 5, 7)),
        one("a bool mask, one query seeing nothing", 5, 7, seen),
    ]


transformer_block_names = {
    "norm1.weight": "norm1.weight",
    "norm1.bias": "norm1.bias",
    "attn.qkv.weight": "self_attn.in_proj_weight",
    "attn.qkv.bias": "self_attn.in_proj_bias",
    "attn.proj.weight": "self_attn.out_proj.weight",
    "attn.proj.bias": "self_attn.out_proj.bias",
    "norm2.weight": "norm2.weight",
    "norm2.bias": "norm2.bias",
    "mlp.fc1.weight": "linear1.weight",
    "mlp.fc1.bias": "linear1.bias",
    "mlp.fc2.weight": "linear2.weight",
    "mlp.fc2.bias": "linear2.bias",
}


def transformer_block():
    def one(order):
        m = nn.TransformerEncoderLayer(4, 2, 6, dropout=0.0, activation="gelu", layer_norm_eps=1e-6, batch_first=True, norm_first=order == "pre")
        theirs = dict(randomize(m).named_parameters())
        options = {"size": 4, "heads": 2, "hiddenSize": 6, "order": order}
        return case(f"{order}-norm", options, m, draw(2, 3, 4), {k: theirs[v] for k, v in transformer_block_names.items()})

    return [one("pre"), one("post")]


def mlp():
    def one(batch_norm, layers):
        m = randomize(nn.Sequential(*layers))
        return case(f"batch norm: {batch_norm}", {"sizes": [4, 5, 3], "batchNorm": batch_norm}, m, draw(6, 4), dict(m.named_parameters()))

    return [
        one("none", [nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3)]),
        one("hidden", [nn.Linear(4, 5, bias=False), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 3)]),
        one("all", [nn.Linear(4, 5, bias=False), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 3, bias=False), nn.BatchNorm1d(3)]),
    ]


# ── losses ──


def loss_case(name, options, loss, inputs, constants=None):
    for x in inputs.values():
        x.requires_grad_(True)
    value = loss(**inputs, **(constants or {}))
    value.backward()
    return {
        "name": name,
        "options": options,
        "inputs": all_stored({**inputs, **(constants or {})}),
        "loss": float(f"{value.item():.7g}"),
        "gradients": {key: stored(x.grad) for key, x in inputs.items()},
    }


def cross_entropy():
    labels = torch.tensor([2, 0, 4, 1])
    one = lambda name, x, smoothing: loss_case(
        name,
        {"labelSmoothing": smoothing},
        lambda logits, labels: F.cross_entropy(logits, labels, label_smoothing=smoothing),
        {"logits": x},
        {"labels": labels},
    )
    return [
        one("plain", draw(4, 5), 0.0),
        one("label smoothing", draw(4, 5), 0.1),
        one("huge logits", draw(4, 5) * 1000, 0.0),
    ]


def row_losses():
    """Labels that are ignored, and rows that count more than others."""

    def one(name, x, labels, smoothing=0.0, weights=None):
        def loss(logits, labels, **rest):
            if weights is None:
                return F.cross_entropy(logits, labels, label_smoothing=smoothing)
            each = F.cross_entropy(logits, labels, label_smoothing=smoothing, reduction="none")
            return (each * weights).sum() / (weights * (labels != -100)).sum()

        rest = {"labels": torch.tensor(labels), **({"rowWeights": weights} if weights is not None else {})}
        return loss_case(name, {"labelSmoothing": smoothing}, loss, {"logits": x}, rest)

    return [
        one("one ignored", draw(4, 5), [2, -100, 4, 1]),
        one("ignored, smoothed", draw(5, 3), [-100, 0, 2, -100, 1], 0.2),
        one("weighted", draw(4, 5), [2, 0, 4, 1], weights=draw(4).abs()),
        one("weighted, ignored, smoothed", draw(4, 40), [2, -100, 39, 1], 0.1, draw(4).abs()),
    ]


def nt_xent():
    def loss(first, second, temperature):
        """As google-research/simclr objective.py: mask the view itself, the positive is the other view."""
        n = len(first)
        z = F.normalize(torch.cat([first, second]), dim=1)
        similarity = (z @ z.T / temperature).masked_fill(torch.eye(2 * n, dtype=torch.bool), -math.inf)
        return F.cross_entropy(similarity, torch.cat([torch.arange(n, 2 * n), torch.arange(n)]))

    one = lambda name, n, d, t: loss_case(
        name, {"temperature": t}, lambda first, second: loss(first, second, t), {"first": draw(n, d), "second": draw(n, d)}
    )
    return [one("τ 0.5", 3, 4, 0.5), one("τ 0.1", 5, 3, 0.1)]


def info_nce():
    def loss(query, key, queue, temperature):
        """facebookresearch/moco builder.py, with the queue as rows."""
        q, k = F.normalize(query, dim=1), F.normalize(key, dim=1).detach()
        positive = torch.einsum("nc,nc->n", [q, k]).unsqueeze(-1)
        negative = torch.einsum("nc,kc->nk", [q, queue])
        logits = torch.cat([positive, negative], dim=1) / temperature
        return F.cross_entropy(logits, torch.zeros(len(q), dtype=torch.long))

    one = lambda name, n, k, d, t: loss_case(
        name,
        {"temperature": t},
        lambda query, key, queue: loss(query, key, queue, t),
        {"query": draw(n, d)},
        {"key": draw(n, d), "queue": (F.normalize(draw(k, d), dim=1) * 1e4).round() / 1e4},
    )
    return [one("τ 0.07", 3, 5, 4, 0.07), one("τ 0.2", 2, 4, 3, 0.2)]


def angular_prototypical():
    def loss(queries, prototypes, scale):
        """clovaai/voxceleb_trainer angleproto.py, one utterance a prototype; its offset of −5 cancels."""
        logits = F.cosine_similarity(queries[:, None], prototypes[None], dim=2) * scale - 5
        return F.cross_entropy(logits, torch.arange(len(queries)))

    one = lambda name, n, d, w: loss_case(
        name, {}, loss, {"queries": draw(n, d), "prototypes": draw(n, d), "scale": torch.tensor(w)}
    )
    return [one("w 10", 4, 3, 10.0), one("w 1.5", 2, 5, 1.5)]


def ge2e_softmax():
    def loss(embeddings, speakers, scale):
        """Wan et al. eq. 4 to 9, utterance by utterance; the offset of −5 cancels. The mean in place of eq. 10's sum."""
        e = F.normalize(embeddings, dim=1)
        losses = []
        for i, speaker in enumerate(speakers.tolist()):
            others = [m for m, other in enumerate(speakers.tolist()) if m != i and other == speaker]
            if not others:
                continue  # alone: a centre for others only
            centres = torch.stack([e[others].mean(0) if k == speaker else e[speakers == k].mean(0) for k in speakers.unique().tolist()])
            scores = scale * F.cosine_similarity(e[i][None], centres, dim=1) - 5
            losses.append(scores.logsumexp(0) - scores[speakers.unique().tolist().index(speaker)])
        return torch.stack(losses).mean()

    def one(name, speakers, size, w):
        constants = {"speakers": torch.tensor(speakers)}
        inputs = {"embeddings": draw(len(speakers), size), "scale": torch.tensor(w)}
        return loss_case(name, {}, loss, inputs, constants)

    return [
        one("three speakers, four utterances each", [0] * 4 + [1] * 4 + [2] * 4, 5, 10.0),
        one("four speakers in any order", [2, 0, 1, 3, 3, 1, 0, 2], 3, 3.0),
        one("uneven, one alone, numbers left out", [4, 0, 4, 2, 4, 0], 4, 5.0),
    ]


def additive_angular_margin():
    def loss(embeddings, classes, labels, margin, scale):
        """cos(θ + m) by the angle itself; beyond θ = π − m as clovaai/voxceleb_trainer aamsoftmax.py."""
        cosines = F.normalize(embeddings) @ F.normalize(classes).T
        angles = cosines.acos()
        moved = torch.where(angles + margin < math.pi, (angles + margin).cos(), cosines - margin * math.sin(margin))
        hit = F.one_hot(labels, len(classes)).bool()
        return F.cross_entropy(scale * torch.where(hit, moved, cosines), labels)

    def one(name, rows, classes, margin, scale, labels):
        options = {"margin": margin, "scale": scale}
        inputs = {"embeddings": rows, "classes": classes}
        labels = torch.tensor(labels)
        return loss_case(name, options, lambda embeddings, classes, labels: loss(embeddings, classes, labels, margin, scale), inputs, {"labels": labels})

    classes = draw(3, 4)
    opposite = (-classes[:2] * 1000).round() / 1000 + draw(2, 4, scale=0.1)
    return [
        one("margin 0.2", draw(4, 4), draw(3, 4), 0.2, 30.0, [0, 2, 1, 1]),
        one("no margin", draw(3, 4), draw(3, 4), 0.0, 5.0, [2, 2, 0]),
        one("θ + m beyond π", opposite, classes, 0.5, 4.0, [0, 1]),
    ]


# ── optimizers ──


class Lars(torch.optim.Optimizer):
    """You et al. 2017 eq. 6 as PyTorch Lightning Bolts and solo-learn have it; groups with adapt=False take the plain step."""

    def __init__(self, params, lr, momentum, weight_decay, eta=1e-3, eps=1e-8):
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay, eta=eta, eps=eps, adapt=True))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                direction = p.grad
                size, slope = p.norm(), p.grad.norm()
                if not group["adapt"]:
                    direction = direction + group["weight_decay"] * p
                elif size != 0 and slope != 0:
                    rate = group["eta"] * size / (slope + group["weight_decay"] * size + group["eps"])
                    direction = (direction + group["weight_decay"] * p) * rate
                state = self.state[p]
                state["buffer"] = group["momentum"] * state.get("buffer", torch.zeros_like(p)) + direction
                p -= group["lr"] * state["buffer"]


def optimizers():
    rates = [0.1, 0.1, 0.05, 0.02]

    def run(name, optimizer, options, make, groups=None, zero=None, rates=rates):
        """`groups`: settings of the group of `bias`, in our names and PyTorch's. `zero`: a parameter, or one of its gradients, of zeros."""
        parameters = {"weight": nn.Parameter(draw(2, 3)), "bias": nn.Parameter(draw(3)), "head": nn.Parameter(draw(4, 1))}
        if zero == "parameter":
            parameters["head"].data.zero_()
        ours, theirs = groups or ({}, {})
        rest = [parameters["weight"], parameters["head"]]
        opt = make([dict(params=rest), dict(params=[parameters["bias"]], **theirs)])
        steps = []
        start = all_stored({k: p.clone() for k, p in parameters.items()})
        for i, rate in enumerate(rates):
            for group in opt.param_groups:
                group["lr"] = rate * ours.get("learningRateScale", 1) if group["params"][0] is parameters["bias"] else rate
            gradients = {k: draw(*p.shape) for k, p in parameters.items()}
            if zero == "gradient" and i == 1:
                gradients["weight"].zero_()
            for k, p in parameters.items():
                p.grad = gradients[k]
            opt.step()
            steps.append({"learningRate": rate, "gradients": all_stored(gradients), "parameters": all_stored(parameters)})
        return {"name": name, "optimizer": optimizer, "options": options, "biasGroup": ours, "parameters": start, "steps": steps}

    sgd = lambda **k: lambda groups: torch.optim.SGD(groups, lr=0.1, **k)
    adamw = lambda **k: lambda groups: torch.optim.AdamW(groups, lr=0.1, **k)
    lars = lambda **k: lambda groups: Lars(groups, lr=0.1, **k)
    plain = ({"weightDecay": 0, "learningRateScale": 0.5}, {"weight_decay": 0})
    return [
        run("sgd", "sgd", {"momentum": 0}, sgd()),
        run("sgd, momentum and decay", "sgd", {"momentum": 0.9, "weightDecay": 0.05}, sgd(momentum=0.9, weight_decay=0.05)),
        run("sgd, nesterov, groups", "sgd", {"momentum": 0.8, "nesterov": True, "weightDecay": 0.1}, sgd(momentum=0.8, nesterov=True, weight_decay=0.1), plain),
        run("adamW", "adamW", {}, adamw()),
        run("adamW, other betas, groups", "adamW", {"betas": [0.8, 0.95], "epsilon": 1e-6, "weightDecay": 0.2}, adamw(betas=(0.8, 0.95), eps=1e-6, weight_decay=0.2), plain),
        run("lars", "lars", {"weightDecay": 0.01, "trustCoefficient": 0.02}, lars(momentum=0.9, weight_decay=0.01, eta=0.02)),
        run("lars, bias without adaptation", "lars", {"momentum": 0.8, "weightDecay": 0.5}, lars(momentum=0.8, weight_decay=0.5), ({"weightDecay": 0, "adapt": False}, {"weight_decay": 0, "adapt": False}), rates=[5.0, 4.0, 2.0]),
        run("lars, a tensor of zeros", "lars", {"trustCoefficient": 0.1}, lars(momentum=0.9, weight_decay=1e-6, eta=0.1), zero="parameter"),
        run("lars, a gradient of zeros", "lars", {"weightDecay": 0.1, "trustCoefficient": 0.1}, lars(momentum=0.9, weight_decay=0.1, eta=0.1), zero="gradient"),
    ]


def clip():
    def one(name, max_norm):
        parameters = {"a": nn.Parameter(draw(2, 3)), "b": nn.Parameter(draw(4))}
        for p in parameters.values():
            p.grad = draw(*p.shape)
        before = {k: p.grad.clone() for k, p in parameters.items()}
        norm = nn.utils.clip_grad_norm_(list(parameters.values()), max_norm)
        return {
            "name": name,
            "maxNorm": max_norm,
            "gradients": all_stored(before),
            "norm": float(f"{norm.item():.7g}"),
            "clipped": all_stored({k: p.grad for k, p in parameters.items()}),
        }

    return [one("longer than the bound", 0.5), one("shorter than the bound", 50.0)]


def schedules():
    def rates(make, steps):
        opt = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.4)
        scheduler, seen = make(opt), []
        for _ in range(steps):
            seen.append(float(f"{opt.param_groups[0]['lr']:.7g}"))
            opt.step()
            scheduler.step()
        return seen

    s = torch.optim.lr_scheduler
    warm = lambda o: s.SequentialLR(o, [s.LambdaLR(o, lambda t: t / 3), s.CosineAnnealingLR(o, 7, eta_min=0.04)], [3])
    return [
        {"name": "constant", "learningRates": rates(lambda o: s.ConstantLR(o, factor=1.0), 3)},
        {"name": "cosine", "learningRates": rates(lambda o: s.CosineAnnealingLR(o, 5), 6)},
        {"name": "cosine to 0.04", "learningRates": rates(lambda o: s.CosineAnnealingLR(o, 4, eta_min=0.04), 5)},
        {"name": "step", "learningRates": rates(lambda o: s.MultiStepLR(o, [2, 5], gamma=0.1), 7)},
        {"name": "warm-up, cosine to 0.04", "learningRates": rates(warm, 11)},
    ]


if __name__ == "__main__":
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in {
        "linear": linear,
        "conv2d": conv2d,
        "batch-norm": batch_norm,
        "layer-norm": layer_norm,
        "embedding": embedding,
        "gelu": gelu,
        "l2-normalize": l2_normalize,
        "multi-head-attention": multi_head_attention,
        "transformer-block": transformer_block,
        "mlp": mlp,
        "cross-entropy": cross_entropy,
        "nt-xent": nt_xent,
        "info-nce": info_nce,
        "optimizers": optimizers,
        "clip": clip,
        "schedules": schedules,
        "scaled-dot-product-attention": scaled_dot_product_attention,
        "cross-entropy-rows": row_losses,
        "batch-norm-groups": batch_norm_groups,
        "conv1d": conv1d,
        "group-norm": group_norm,
        "angular-prototypical": angular_prototypical,
        "ge2e-softmax": ge2e_softmax,
        "additive-angular-margin": additive_angular_margin,
    }.items():
        write(name, make())

"""One MoCo v2 training step of a ResNet-18 with a 3x3 stem: forward, backward, SGD, key encoder, queue; batch norm in groups as in the authors' CIFAR demo."""
import torch
import torch.nn.functional as F
from deterministic import deterministic, fill_weights
from resnet import ResNet18
from torch import nn
from two_views import move_towards, slower_copy, views

GROUPS, TEMPERATURE, MOMENTUM = 8, 0.1, 0.99


class SplitBatchNorm(nn.BatchNorm2d):
    """Sample n has its statistics with those of n mod GROUPS."""

    def forward(self, x):
        n, c, h, w = x.shape
        grouped = x.reshape(n // GROUPS, GROUPS * c, h, w)
        weight, bias = self.weight.repeat(GROUPS), self.bias.repeat(GROUPS)
        mean, variance = self.running_mean.repeat(GROUPS), self.running_var.repeat(GROUPS)
        out = F.batch_norm(grouped, mean, variance, weight, bias, True, self.momentum, self.eps)
        with torch.no_grad():
            self.running_mean.copy_(mean.view(GROUPS, c).mean(0))
            self.running_var.copy_(variance.view(GROUPS, c).mean(0))
        return out.reshape(n, c, h, w)


def split(module):
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d):
            setattr(module, name, SplitBatchNorm(child.num_features))
        else:
            split(child)
    return module


class Network(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.encoder = split(ResNet18(width))
        features = self.encoder.features
        self.projector = nn.Sequential(nn.Linear(features, features), nn.ReLU(), nn.Linear(features, 128))

    def forward(self, view):
        return F.normalize(self.projector(self.encoder(view)), dim=1)


def prepare(size, variant):
    images, rows = size["images"], size["queue"]
    online = Network(size["width"])
    fill_weights(online)
    keys_of = slower_copy(online)
    first, second = views(images)
    if variant in ("channels_last", "compile"):
        online, keys_of = (part.to(memory_format=torch.channels_last) for part in (online, keys_of))
        first, second = (part.to(memory_format=torch.channels_last) for part in (first, second))
    queue = F.normalize(deterministic("queue", (rows, 128), 1), dim=1)
    order = (torch.arange(images) * 5 + 3) % images
    back = order.argsort()
    labels = torch.zeros(images, dtype=torch.long)
    optimizer = torch.optim.SGD(online.parameters(), lr=0.003, momentum=0.9, weight_decay=5e-4, fused=True)

    def loss_and_keys(first, second, queue):
        query = online(first)
        with torch.no_grad():
            keys = keys_of(second[order])[back]
        logits = torch.cat([(query * keys).sum(1, keepdim=True), query @ queue.t()], 1) / TEMPERATURE
        return F.cross_entropy(logits, labels), keys

    measured = torch.compile(loss_and_keys) if variant == "compile" else loss_and_keys

    def step():
        nonlocal queue
        optimizer.zero_grad(set_to_none=True)
        value, keys = measured(first, second, queue)
        value.backward()
        optimizer.step()
        move_towards(keys_of, online, MOMENTUM)
        queue = torch.cat([queue[images:], keys])
        return value.item()

    return step

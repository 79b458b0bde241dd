"""One SimCLR training step of a ResNet-18 with a 3x3 stem on 32x32 views: forward, backward, SGD."""
import torch
import torch.nn.functional as F
from deterministic import deterministic, fill
from resnet import ResNet18
from torch import nn


class SimclrLoss(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.encoder = ResNet18(width)
        features = self.encoder.features
        self.projector = nn.Sequential(nn.Linear(features, features), nn.ReLU(), nn.Linear(features, 128))

    def forward(self, views):
        return nt_xent(self.projector(self.encoder(views)), 0.5)


def nt_xent(projected, temperature):
    """Row i and row i +- N are views of one image."""
    z = F.normalize(projected, dim=1)
    logits = z @ z.t() / temperature - 1e9 * torch.eye(len(z))
    return F.cross_entropy(logits, torch.arange(len(z)).roll(len(z) // 2))


def prepare(size, variant):
    model = SimclrLoss(size["width"])
    fill(model)
    views = deterministic("x", (2 * size["images"], 3, 32, 32), 3**0.5)
    if variant in ("channels_last", "compile"):
        model = model.to(memory_format=torch.channels_last)
        views = views.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.012, momentum=0.9, weight_decay=5e-4, fused=True)
    measured = torch.compile(model) if variant == "compile" else model

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = measured(views)
        value.backward()
        optimizer.step()
        return value.item()

    return step

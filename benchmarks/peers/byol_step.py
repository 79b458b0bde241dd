"""One BYOL training step of a ResNet-18 with a 3x3 stem: forward, backward, SGD, target."""
import torch
import torch.nn.functional as F
from deterministic import fill_weights
from resnet import ResNet18
from torch import nn
from two_views import head, move_towards, slower_copy, views


class Online(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.encoder = ResNet18(width)
        self.projector = head([self.encoder.features, hidden, 256])
        self.predictor = head([256, hidden, 256])

    def forward(self, view):
        return self.predictor(self.projector(self.encoder(view)))


def prepare(size, variant):
    online = Online(size["width"], size["hidden"])
    fill_weights(online)
    target = slower_copy(nn.Sequential(online.encoder, online.projector))
    first, second = views(size["images"])
    if variant in ("channels_last", "compile"):
        online, target = (part.to(memory_format=torch.channels_last) for part in (online, target))
        first, second = (part.to(memory_format=torch.channels_last) for part in (first, second))
    optimizer = torch.optim.SGD(online.parameters(), lr=0.003, momentum=0.9, weight_decay=5e-4, fused=True)

    def distance(prediction, aim):
        return (2 - 2 * F.cosine_similarity(prediction, aim)).mean()

    def loss(first, second):
        with torch.no_grad():
            aims = target(first), target(second)
        return distance(online(first), aims[1]) + distance(online(second), aims[0])

    measured = torch.compile(loss) if variant == "compile" else loss

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = measured(first, second)
        value.backward()
        optimizer.step()
        move_towards(target, nn.Sequential(online.encoder, online.projector), 0.99)
        return value.item()

    return step

"""ResNet-18 with a 3x3 stem, any width; its parts are named as in programs/simclr.ts."""
import torch.nn.functional as F
from torch import nn


class Stem(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, x):
        return self.norm(self.conv(x))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = None
        if stride > 1 or inputs != outputs:
            self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.norm3 = nn.BatchNorm2d(outputs)

    def forward(self, x):
        inner = F.relu(self.norm1(self.conv1(x)))
        around = x if self.shortcut is None else self.norm3(self.shortcut(x))
        return F.relu(self.norm2(self.conv2(inner)) + around)


class ResNet18(nn.Module):
    """Images [N, 3, 32, 32] to features [N, 8 * width]."""

    def __init__(self, width):
        super().__init__()
        self.features = 8 * width
        self.stem = Stem(width)
        inputs = width
        for i in range(8):
            stage, opens = i // 2, i % 2 == 0 and i > 0
            self.add_module(f"{i}", BasicBlock(inputs, width << stage, 2 if opens else 1))
            inputs = width << stage

    def forward(self, x):
        x = F.relu(self.stem(x))
        for i in range(8):
            x = getattr(self, f"{i}")(x)
        return x.mean((2, 3))

"""Writes the values that the tests of DINO in packages/vision expect: five steps, transcribed to PyTorch.

usage: python3 tools/oracles/vision_dino_oracles.py        (needs: pip install torch)
Writes packages/vision/src/oracles/dino.json. After facebookresearch/dino: main_dino.py (DINOLoss, train_one_epoch), vision_transformer.py
(DINOHead) and MultiCropWrapper of utils.py. In double precision; the encoder is a linear layer, a batch norm and a ReLU, so that the file is
small, and small crops are rows of as many numbers as large ones.

The last layer's gradient is zeroed where the authors take it away (`cancel_gradients_last_layer`): weight decay then shortens its rows, whose
length does not matter.
"""

import copy
import json
import math

import torch
import torch.nn.functional as F
from torch import nn
from vision_memory_oracles import FEATURES, N, OUT, PIXELS, STEPS, all_stored, draw, encoder, move, optimizer, randomized, stored

LOCALS, PROTOTYPES, HIDDEN, BOTTLENECK = 2, 6, 7, 4
STUDENT, TEACHER, WARMING, MOMENTUM, CENTRE, FROZEN = 0.4, (0.3, 0.5), 0.1, 0.9, 0.9, 0.2


class Head(nn.Module):
    """DINOHead with three layers; weight_g is 1 and not learned, so that normalising weight_v is what weight_norm does."""

    def __init__(self, norm):
        super().__init__()
        def hidden(size):
            layer = nn.Linear(size, HIDDEN, bias=not norm)  # the authors' has a bias before its norm, which takes it out
            return [layer, nn.BatchNorm1d(HIDDEN), nn.GELU()] if norm else [layer, nn.GELU()]
        self.mlp = nn.Sequential(*hidden(FEATURES), *hidden(HIDDEN), nn.Linear(HIDDEN, BOTTLENECK))
        self.last_layer = nn.Module()
        self.last_layer.weight_v = nn.Parameter(torch.empty(PROTOTYPES, BOTTLENECK))

    def forward(self, x):
        x = F.normalize(self.mlp(x), dim=-1, p=2)
        v = self.last_layer.weight_v
        return F.linear(x, v / v.norm(dim=1, keepdim=True))


def crops():
    """Two large crops of each image and LOCALS small ones."""
    images = draw(N, PIXELS)
    return [images + draw(N, PIXELS, scale=0.3 if crop < 2 else 0.6) for crop in range(2 + LOCALS)]


def loss_of(student_output, teacher_output, centre, temperature):
    """DINOLoss.forward."""
    student = (student_output / STUDENT).chunk(2 + LOCALS)
    teacher = F.softmax((teacher_output - centre) / temperature, dim=-1).detach().chunk(2)
    terms = [torch.sum(-q * F.log_softmax(student[v], dim=-1), dim=-1).mean()
             for iq, q in enumerate(teacher) for v in range(len(student)) if v != iq]
    return sum(terms) / len(terms), torch.stack(teacher)


def dino(norm):
    f, head = randomized(encoder(1)), randomized(Head(norm))
    start = {"encoder": all_stored(f), "head": all_stored(head)}
    f_t, head_t = copy.deepcopy(f), copy.deepcopy(head)
    centre = torch.zeros(1, PROTOTYPES)
    sgd = optimizer([f, head])
    steps = []
    for step in range(STEPS):
        views = crops()
        temperature = TEACHER[0] + (TEACHER[1] - TEACHER[0]) * min(1, step / STEPS / WARMING)
        with torch.no_grad():
            teacher_output = head_t(f_t(torch.cat(views[:2])))
        # MultiCropWrapper: one pass for each side, one pass of the head over all
        student_output = head(torch.cat([f(torch.cat(views[:2])), f(torch.cat(views[2:]))]))
        loss, probabilities = loss_of(student_output, teacher_output, centre, temperature)
        centre = centre * CENTRE + teacher_output.mean(dim=0, keepdim=True) * (1 - CENTRE)
        sgd.zero_grad()
        loss.backward()
        if step / STEPS < FROZEN:
            head.last_layer.weight_v.grad.zero_()
        sgd.step()
        now = 1 - 0.5 * (1 + math.cos(math.pi * (step + 1) / STEPS)) * (1 - MOMENTUM)
        move(f_t, f, now)
        move(head_t, head, now)
        entropy = -(probabilities * probabilities.log()).sum(-1).mean()
        mean = probabilities.mean(dim=(0, 1))
        steps.append({
            "crops": [stored(view) for view in views], "loss": loss.item(), "centre": stored(centre[0]),
            "entropy": entropy.item(), "prototypes": torch.exp(-(mean * mean.log()).sum()).item(),
        })
    end = {"encoder": f, "head": head, "teacher": f_t, "teacherHead": head_t}
    options = {"localCrops": LOCALS, "prototypes": PROTOTYPES, "hiddenSize": HIDDEN, "bottleneckSize": BOTTLENECK,
               "studentTemperature": STUDENT, "teacherTemperature": TEACHER, "momentum": MOMENTUM, "frozenShare": FROZEN, "localSize": 1}
    return {"options": options, "groups": 1, "start": start, "steps": steps, "end": {k: all_stored(v) for k, v in end.items()}}


if __name__ == "__main__":
    path = OUT / "dino.json"
    content = {"plain": dino(norm=False), "normed": dino(norm=True)}
    path.write_text(json.dumps({"source": f"torch {torch.__version__}", **content}, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")

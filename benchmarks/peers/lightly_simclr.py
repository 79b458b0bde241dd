"""SimCLR from image files as a user of lightly trains it: its transform, loss, head and a loader with 2 workers around the same ResNet-18.

The peer's side of harness/protocol.ts, started as `python lightly_simclr.py TASK`. Each turn reads the files with workers of
its own, which end with it: none reads ahead while others have their turn.
"""
import json
import resource
import sys
import time

import lightly
import torch
from lightly.data import LightlyDataset
from lightly.loss import NTXentLoss
from lightly.models.modules import SimCLRProjectionHead
from lightly.transforms.simclr_transform import SimCLRTransform
from resnet import ResNet18
from torch import nn

WORKERS = 2


def say(**reply):
    print(json.dumps(reply), flush=True)


def prepare(task):
    size, variant = task["size"], task["variant"]
    encoder = ResNet18(size["width"])
    model = nn.Sequential(encoder, SimCLRProjectionHead(encoder.features, encoder.features, 128))
    if variant != "eager":
        model = model.to(memory_format=torch.channels_last)
    measured = torch.compile(model) if variant == "compile" else model
    optimizer = torch.optim.SGD(model.parameters(), lr=0.06, momentum=0.9)
    criterion = NTXentLoss()
    files = LightlyDataset(task["data"], transform=SimCLRTransform(input_size=32, gaussian_blur=0.0))
    loader = torch.utils.data.DataLoader(
        files, batch_size=size["images"], shuffle=True, drop_last=True, num_workers=WORKERS
    )

    def step(batches):
        views, *_ = next(batches)
        loss = criterion(*measured(torch.cat(views)).chunk(2))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss.item()

    return loader, step


def main():
    task = json.loads(sys.argv[1])
    torch.set_num_threads(task["threads"])
    loader, step = prepare(task)
    say(ready=True, version=f"lightly {lightly.__version__}, torch {torch.__version__}")

    for line in sys.stdin:
        milliseconds, losses = [], []
        batches = iter(loader)
        for _ in range(json.loads(line)["steps"]):
            start = time.perf_counter()
            losses.append(step(batches))
            milliseconds.append(1e3 * (time.perf_counter() - start))
        del batches  # ends the workers
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        say(milliseconds=milliseconds, losses=losses, peakResidentBytes=peak)


try:
    main()
except Exception as error:
    say(error=f"{type(error).__name__}: {error}")

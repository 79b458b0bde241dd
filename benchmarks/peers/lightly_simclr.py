"""SimCLR from image files as a user of lightly trains it: its transform, loss, head and a loader with 2 workers around the same ResNet-18.

The peer's side of harness/protocol.ts, started as `python lightly_simclr.py TASK`. Each turn reads the files with workers of
its own, which end with it: none reads ahead while others have their turn.
"""
import lightly
import torch
from lightly.data import LightlyDataset
from lightly.loss import NTXentLoss
from lightly.models.modules import SimCLRProjectionHead
from lightly.transforms.simclr_transform import SimCLRTransform
from resnet import ResNet18
from serve import serve
from torch import nn

WORKERS = 2


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

    def begin_turn():
        batches = iter(loader)  # its workers end with it
        return lambda: step(batches)

    return begin_turn


if __name__ == "__main__":  # its workers may import it
    serve(f"lightly {lightly.__version__}, torch {torch.__version__}", prepare)

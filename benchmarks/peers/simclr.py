"""SimCLR pretrained on CIFAR-10 and evaluated, in PyTorch: the peer of `autodidact pretrain simclr`.

The recipe: ResNet-18 with a 3x3 stem, batch 256, SGD (learning rate 0.12, momentum 0.9, weight decay 5e-4 on everything),
10 % linear warm-up, then cosine; NT-Xent at temperature 0.5; a projector of one hidden layer; crops of area [0.2, 1], flip,
jitter 0.4/0.4/0.4/0.1 with probability 0.8, gray with 0.2, no blur. Prints one JSON object a line.
"""
import argparse
import json
import math
import resource
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from resnet import ResNet18
from simclr_step import nt_xent
from torch import nn

BATCH, LEARNING_RATE, TEMPERATURE = 256, 0.12, 0.5
MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.2470, 0.2435, 0.2616]).view(1, 3, 1, 1)
LUMA = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
TO_YIQ = torch.tensor([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])


def read_images(folder: Path, per_class: int):
    """DIR/class/*.jpg to bytes [N, 3, 32, 32] and labels [N]."""
    images, labels = [], []
    for label, kind in enumerate(sorted(path for path in folder.iterdir() if path.is_dir())):
        for file in sorted(kind.iterdir())[:per_class]:
            images.append(np.asarray(Image.open(file).convert("RGB")))
            labels.append(label)
    return torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).contiguous(), torch.tensor(labels)


def uniform(n, low, high):
    return torch.empty(n, 1, 1, 1).uniform_(low, high)


def crop_and_flip(x):
    """A box of area [0.2, 1] and aspect [3/4, 4/3], mirrored half the time, enlarged to the whole."""
    n = len(x)
    area = torch.empty(n).uniform_(0.2, 1)
    aspect = torch.empty(n).uniform_(math.log(3 / 4), math.log(4 / 3)).exp()
    width, height = (area * aspect).sqrt().clamp(max=1), (area / aspect).sqrt().clamp(max=1)
    side = torch.randint(0, 2, (n,)) * 2 - 1
    to_source = torch.zeros(n, 2, 3)
    to_source[:, 0, 0], to_source[:, 0, 2] = width * side, torch.empty(n).uniform_(-1, 1) * (1 - width)
    to_source[:, 1, 1], to_source[:, 1, 2] = height, torch.empty(n).uniform_(-1, 1) * (1 - height)
    grid = F.affine_grid(to_source, list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, padding_mode="reflection", align_corners=False)


def gray(x):
    return (x * LUMA).sum(1, keepdim=True)


def jitter(x):
    """Brightness, contrast, saturation, hue; all or none of them for an image, each clipped to [0, 1]."""
    n = len(x)
    applied = (torch.rand(n, 1, 1, 1) < 0.8).float()
    x = (x * (1 + uniform(n, -0.4, 0.4) * applied)).clamp(0, 1)
    mean = gray(x).mean((2, 3), keepdim=True)
    x = (mean + (x - mean) * (1 + uniform(n, -0.4, 0.4) * applied)).clamp(0, 1)
    luma = gray(x)
    x = (luma + (x - luma) * (1 + uniform(n, -0.4, 0.4) * applied)).clamp(0, 1)
    return turn_hue(x, uniform(n, -0.1, 0.1) * applied)


def turn_hue(x, turns):
    """A rotation of the chroma plane of YIQ."""
    angle = 2 * math.pi * turns.flatten()
    rotation = torch.zeros(len(x), 3, 3)
    rotation[:, 0, 0] = 1
    rotation[:, 1, 1], rotation[:, 1, 2] = angle.cos(), -angle.sin()
    rotation[:, 2, 1], rotation[:, 2, 2] = angle.sin(), angle.cos()
    matrix = torch.linalg.inv(TO_YIQ) @ rotation @ TO_YIQ
    return torch.einsum("nij,njhw->nihw", matrix, x).clamp(0, 1)


def standardize(x):
    return (x - MEAN) / DEVIATION


def view(images):
    x = jitter(crop_and_flip(images.float() / 255))
    grayed = (torch.rand(len(x), 1, 1, 1) < 0.2).float()
    return standardize(grayed * gray(x) + (1 - grayed) * x)


@torch.no_grad()
def encode(encoder, images):
    encoder.eval()
    features = torch.cat([encoder(standardize(part.float() / 255)) for part in images.split(500)])
    encoder.train()
    return features


def nearest_neighbours(bank, labels, queries, k=200, temperature=0.1):
    """Cosine; each of the k nearest votes with exp(similarity / temperature). The classes [N] it names."""
    similarity, nearest = (F.normalize(queries, dim=1) @ F.normalize(bank, dim=1).t()).topk(k)
    votes = torch.zeros(len(queries), int(labels.max()) + 1)
    return votes.scatter_add_(1, labels[nearest], (similarity / temperature).exp()).argmax(1)


def linear_probe(features, labels, queries, penalty=1e-3):
    """Softmax regression by L-BFGS on standardised features."""
    mean, deviation = features.mean(0), features.std(0) + 1e-6
    head = nn.Linear(features.shape[1], int(labels.max()) + 1)
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        value = F.cross_entropy(head((features - mean) / deviation), labels) + penalty * head.weight.square().sum()
        value.backward()
        return value

    optimizer.step(closure)
    return head((queries - mean) / deviation).argmax(1)


def evaluate(encoder, train, test):
    bank, queries = encode(encoder, train[0]), encode(encoder, test[0])
    share = lambda named: 100 * (named == test[1]).float().mean().item()
    return {"knn": share(nearest_neighbours(bank, train[1], queries)), "linear": share(linear_probe(bank, train[1], queries))}


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


def pretrain(options):
    torch.manual_seed(options.seed)
    train = read_images(options.data / "train", options.images_per_class)
    test = read_images(options.data / "test", 1000)
    encoder = ResNet18(options.width)
    projector = nn.Sequential(nn.Linear(encoder.features, encoder.features), nn.ReLU(), nn.Linear(encoder.features, 128))
    learned = [*encoder.parameters(), *projector.parameters()]
    optimizer = torch.optim.SGD(learned, lr=0, momentum=0.9, weight_decay=5e-4, fused=True)

    memory = torch.contiguous_format if options.mode == "eager" else torch.channels_last
    encoder = encoder.to(memory_format=memory)

    def loss(views):
        return nt_xent(projector(encoder(views)), TEMPERATURE)

    measured = torch.compile(loss) if options.mode == "compile" else loss
    per_epoch = len(train[0]) // BATCH
    steps = options.epochs * per_epoch
    warm_up = steps // 10
    say("start", version=f"torch {torch.__version__}", mode=options.mode, images=len(train[0]), steps=steps)
    say("evaluated", of="random init", **evaluate(encoder, train, test))

    for epoch in range(options.epochs):
        start, losses = time.perf_counter(), []
        for i, part in enumerate(torch.randperm(len(train[0]))[: per_epoch * BATCH].split(BATCH)):
            step = epoch * per_epoch + i
            decay = 0.5 * (1 + math.cos(math.pi * (step - warm_up) / (steps - warm_up)))
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * (step / warm_up if step < warm_up else decay)
            images = train[0][part]
            value = measured(torch.cat([view(images), view(images)]).contiguous(memory_format=memory))
            optimizer.zero_grad(set_to_none=True)
            value.backward()
            optimizer.step()
            losses.append(value.item())
        say("epoch", epoch=epoch + 1, loss=float(np.mean(losses)), seconds=time.perf_counter() - start)

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    say("evaluated", of="pretrained", **evaluate(encoder, train, test), peakResidentBytes=peak)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--data", type=Path, required=True, help="holds train/<class>/*.jpg and test/<class>/*.jpg")
parser.add_argument("--images-per-class", type=int, default=1000)
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--width", type=int, default=16)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--mode", choices=["eager", "channels_last", "compile"], default="compile")
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
pretrain(arguments)

"""Writes the values that the tests of VICReg, LeJEPA, rotation and jigsaw in packages/vision expect: five steps of each, transcribed to PyTorch.

usage: python3 tools/oracles/vision_pretext_oracles.py        (needs: pip install torch numpy)
Writes packages/vision/src/oracles/{vicreg,lejepa,rotation,jigsaw,distant-permutations}.json. VICReg follows facebookresearch/vicreg
(main_vicreg.py), LeJEPA MINIMAL.md of rbalestr-lab/lejepa, rotation gidariss/FeatureLearningRotNet (dataloader.py), jigsaw the head of
facebookresearch/vissl (jigsaw_8gpu_resnet.yaml) with each tile normalised as the paper says. All in double precision; the encoder is a
linear layer, a batch norm and a ReLU, so that the files are small.
"""

import itertools
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)
OUT = Path(__file__).resolve().parents[2] / "packages" / "vision" / "src" / "oracles"
GENERATOR = torch.Generator().manual_seed(20261201)
STEPS, N, FEATURES = 5, 8, 5


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


def encoder(inputs):
    return nn.Sequential(nn.Linear(inputs, FEATURES), nn.BatchNorm1d(FEATURES), nn.ReLU())


def five_steps(modules, options, rate, make, loss_of):
    """`make` gives what a step's batch holds, by name; `loss_of` the loss of it."""
    for module in modules.values():
        randomized(module)
    start = {k: all_stored(v) for k, v in modules.items()}
    sgd = torch.optim.SGD([p for m in modules.values() for p in m.parameters()], lr=rate, momentum=0.9, weight_decay=1e-3)
    steps = []
    for _ in range(STEPS):
        batch = make()
        loss = loss_of(**batch)
        sgd.zero_grad()
        loss.backward()
        if not steps:
            gradients = {k: {n: stored(p.grad) for n, p in m.named_parameters()} for k, m in modules.items()}
        sgd.step()
        steps.append({**{k: stored(v) for k, v in batch.items()}, "loss": loss.item()})
    end = {k: all_stored(v) for k, v in modules.items()}
    return {"options": options, "learningRate": rate, "groups": 1, "start": start, "gradients": gradients, "steps": steps, "end": end}


def off_diagonal(x):
    n, m = x.shape
    assert n == m
    return x.flatten()[:-1].view(n - 1, n + 1)[:, 1:].flatten()


def vicreg_loss(x, y, size):
    repr_loss = F.mse_loss(x, y)
    x = x - x.mean(dim=0)
    y = y - y.mean(dim=0)
    std_x = torch.sqrt(x.var(dim=0) + 0.0001)
    std_y = torch.sqrt(y.var(dim=0) + 0.0001)
    std_loss = torch.mean(F.relu(1 - std_x)) / 2 + torch.mean(F.relu(1 - std_y)) / 2
    cov_x = (x.T @ x) / (len(x) - 1)
    cov_y = (y.T @ y) / (len(y) - 1)
    cov_loss = off_diagonal(cov_x).pow(2).sum().div(size) + off_diagonal(cov_y).pow(2).sum().div(size)
    return 25.0 * repr_loss + 25.0 * std_loss + 1.0 * cov_loss


def vicreg(size=6):
    """Expander as the authors', but that layers before a batch norm have no bias, which it would take out."""
    f = encoder(6)
    linear = lambda a, b: nn.Linear(a, b, bias=False)
    h = nn.Sequential(linear(FEATURES, size), nn.BatchNorm1d(size), nn.ReLU(), linear(size, size), nn.BatchNorm1d(size), nn.ReLU(), linear(size, size))

    def views():
        images = draw(N, 6)
        return {"first": images + draw(N, 6, scale=0.3), "second": images + draw(N, 6, scale=0.3)}

    loss = lambda first, second: vicreg_loss(h(f(first)), h(f(second)), size)
    return five_steps({"encoder": f, "expander": h}, {"expanderSize": size}, 0.01, views, loss)


class SIGReg(nn.Module):
    def __init__(self, knots=17):
        super().__init__()
        self.t = torch.linspace(0, 3, knots)
        dt = 3 / (knots - 1)
        weights = torch.full((knots,), 2 * dt)
        weights[[0, -1]] = dt
        self.phi = torch.exp(-self.t.square() / 2.0)
        self.weights = weights * self.phi

    def forward(self, proj, A):
        x_t = (proj @ A).unsqueeze(-1) * self.t
        err = (x_t.cos().mean(-3) - self.phi).square() + x_t.sin().mean(-3).square()
        statistic = (err @ self.weights) * proj.size(-2)
        return statistic.mean()


def lejepa(views=3, directions=5, hidden=7, size=4, lamb=0.1):
    f = encoder(6)
    linear = lambda a, b: nn.Linear(a, b, bias=False)
    h = nn.Sequential(linear(FEATURES, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), linear(hidden, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Linear(hidden, size))
    sigreg = SIGReg()

    def batch():
        images = draw(N, 6)
        a = draw(size, directions)
        return {"views": images + draw(views, N, 6, scale=0.3), "directions": a / a.norm(p=2, dim=0)}

    def loss(views, directions):
        proj = h(f(views.flatten(0, 1))).reshape(len(views), N, -1)
        inv_loss = (proj.mean(0) - proj).square().mean()
        return sigreg(proj, directions) * lamb + inv_loss * (1 - lamb)

    options = {"views": views, "directions": directions, "hiddenSize": hidden, "projectionSize": size, "gaussianShare": lamb}
    return five_steps({"encoder": f, "projector": h}, options, 0.2, batch, loss)


def rotate_img(img, rot):
    """[H, W, C], as the authors'."""
    if rot == 0:
        return img
    if rot == 90:
        return np.flipud(np.transpose(img, (1, 0, 2)))
    if rot == 180:
        return np.fliplr(np.flipud(img))
    return np.transpose(np.flipud(img), (1, 0, 2))


def all_rotations(images):
    """Turn after turn, [4N, H, W, C]."""
    turned = [np.stack([rotate_img(image, rot) for image in images.numpy()]) for rot in (0, 90, 180, 270)]
    return torch.from_numpy(np.concatenate(turned).copy())


def rotation(side=3, channels=2):
    f, classifier = encoder(side * side * channels), nn.Linear(FEATURES, 4)
    images = lambda: {"view": draw(N, side, side, channels)}
    labels = torch.arange(4).repeat_interleave(N)
    loss = lambda view: F.cross_entropy(classifier(f(all_rotations(view).flatten(1))), labels)
    made = five_steps({"encoder": f, "classifier": classifier}, {}, 0.2, images, loss)
    image = torch.arange(9).reshape(1, 3, 3, 1)
    return {**made, "example": {"image": stored(image), "turned": stored(all_rotations(image))}}


def distances(permutations):
    """Hamming distances of all pairs."""
    differing = (permutations[:, None] != permutations[None]).sum(-1)
    return differing[np.triu_indices(len(permutations), 1)]


def distant(tiles, count):
    """Greedy: the largest least distance, then the largest sum, then the first in lexicographic order."""
    everything = np.array(list(itertools.permutations(range(tiles))), dtype=np.int8)
    chosen = everything[:1]
    apart = (everything != chosen[0]).sum(1)
    least, total = apart.copy(), apart.copy()
    while len(chosen) < count:
        candidates = np.flatnonzero(least == least.max())
        best = candidates[total[candidates].argmax()]
        chosen = np.concatenate([chosen, everything[best : best + 1]])
        apart = (everything != everything[best]).sum(1)
        least, total = np.minimum(least, apart), total + apart
    return chosen


def distant_permutations():
    cases = []
    for tiles, count in [(4, 24), (4, 5), (9, 30), (9, 100)]:
        chosen = distant(tiles, count)
        apart = distances(chosen)
        cases.append({"tiles": tiles, "count": count, "least": int(apart.min()), "mean": float(apart.mean()), "permutations": ["".join(map(str, p)) for p in chosen.tolist()]})
    return {"cases": cases}


def jigsaw(side=10, grid=2, channels=1, tile_size=6, permutations=5):
    cell = side // grid
    tile = min(cell - 1, round(cell * 64 / 85))
    f = encoder(tile * tile * channels)
    tower = nn.Sequential(nn.Linear(FEATURES, tile_size, bias=False), nn.BatchNorm1d(tile_size), nn.ReLU())
    classifier = nn.Linear(grid * grid * tile_size, permutations)
    orders = distant(grid * grid, permutations)
    random = np.random.default_rng(7)

    def batch():
        labels = torch.from_numpy(random.integers(permutations, size=N))
        starts = torch.zeros(N, grid * grid, dtype=torch.long)
        for n in range(N):
            for place, source in enumerate(orders[labels[n]]):
                row, column = source // grid * cell + random.integers(cell - tile + 1), source % grid * cell + random.integers(cell - tile + 1)
                starts[n, place] = int(row * side + column)
        return {"view": draw(N, side, side, channels), "starts": starts, "labels": labels}

    def loss(view, starts, labels):
        tiles = []
        for image, places in zip(view, starts):
            for start in places.tolist():
                row, column = start // side, start % side
                cut = image[row : row + tile, column : column + tile]
                tiles.append((cut - cut.mean()) / torch.sqrt(cut.var(unbiased=False) + 1e-5))
        return F.cross_entropy(classifier(tower(f(torch.stack(tiles).flatten(1))).reshape(N, -1)), labels)

    options = {"grid": grid, "permutations": permutations, "tileSize": tile_size}
    return five_steps({"encoder": f, "tower": tower, "classifier": classifier}, options, 0.2, batch, loss)


if __name__ == "__main__":
    made = {"vicreg": vicreg, "lejepa": lejepa, "rotation": rotation, "jigsaw": jigsaw, "distant-permutations": distant_permutations}
    for name, make in made.items():
        path = OUT / f"{name}.json"
        path.write_text(json.dumps({"source": f"torch {torch.__version__}, numpy {np.__version__}", **make()}, separators=(",", ":")) + "\n")
        print(f"{path.name}: {path.stat().st_size} bytes")
